package sim

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/simulator"
)

// stueck is how much of an export one answer holds, in bytes.
const stueck = 4096

// ok is the result of what was done.
const ok = "EXECUTION_OK"

// zugang is who is let in.
type zugang struct {
	zeitAdmin map[string]bool
	admin     bool
	challenge map[string]string
	falsch    map[string]int // PINs in a row; the third blocks
}

func neuerZugang() zugang {
	return zugang{zeitAdmin: map[string]bool{}, challenge: map[string]string{}, falsch: map[string]int{}}
}

// eingabe is all that any function may be given.
type eingabe struct {
	Client string `json:"clientId"`
	User   string `json:"userId"`
	PIN    string `json:"pin"`
	Hash   string `json:"hash"`
	Number uint64 `json:"transactionNumber"`
	Data   string `json:"processData"`
	Type   string `json:"processType"`
	Time   string `json:"newDateTime"`
	From   uint64 `json:"startTransactionNumber"`
	To     uint64 `json:"endTransactionNumber"`
}

// tun does what a request asks for; an error means that its answer never comes.
func (h *Host) tun(ctx context.Context, request string) (string, error) {
	var q struct {
		Function string  `json:"function"`
		Input    eingabe `json:"input"`
	}
	if err := json.Unmarshal([]byte(request), &q); err != nil {
		return ergebnis("", "JSON_ERROR_WRONG_JSON_FORMAT", nil), nil //nolint:nilerr // that is the answer
	}
	if code := h.darf(q.Function, q.Input); code != ok {
		return ergebnis(q.Function, code, nil), nil
	}
	out, code, err := h.funktion(ctx, q.Function, q.Input)
	if err != nil {
		if code = codeOf(err); code == "" {
			return "", err
		}
	}
	return ergebnis(q.Function, code, out), nil
}

func ergebnis(function, code string, out any) string {
	if out == nil {
		out = struct{}{}
	}
	b, err := json.Marshal(map[string]any{"result": code, "function": function, "output": out, "error": struct{}{}})
	if err != nil {
		panic(err) // our own structs
	}
	return string(b)
}

// codeOf translates what the simulator could not do; empty: the answer is lost.
func codeOf(err error) string {
	why, _ := errors.AsType[simulator.Grund](err)
	switch why {
	case simulator.Verloren:
		return ""
	case simulator.Weg:
		return "TSE1_ERROR_NO_TSE"
	case simulator.Voll:
		return "TSE1_ERROR_STORE_FULL"
	case simulator.Selbsttest:
		return "TSE1_ERROR_WRONG_STATE_NEEDS_SELF_TEST"
	case simulator.Abgelaufen:
		return "TSE1_ERROR_CERTIFICATE_EXPIRED"
	case simulator.MaxOffen:
		return "TSE1_ERROR_MAX_PARALLEL_TRANSACTIONS"
	case simulator.OhneAnmeldung:
		return "TSE1_ERROR_CLIENT_NOT_REGISTERED"
	case simulator.Unbekannt, simulator.AndereDaten:
		return "TSE1_ERROR_TRANSACTION_NOT_STARTED"
	case simulator.Ungueltig:
		return "JSON_ERROR_INVALID_PARAMETER_RANGE"
	}
	return "" // it hung until the till gave up
}

// darf reports whether somebody is logged in who may do that.
func (h *Host) darf(function string, in eingabe) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch function {
	case "StartTransaction", "FinishTransaction":
		if !h.zugang.zeitAdmin[in.Client] {
			return "OTHER_ERROR_UNAUTHENTICATED_TIME_ADMIN_USER"
		}
		if h.laeuft {
			return "TSE1_ERROR_NOT_ALLOWED_EXPORT_IN_PROGRES"
		}
	case "UpdateTime":
		if !h.zugang.zeitAdmin[in.User] {
			return "OTHER_ERROR_UNAUTHENTICATED_TIME_ADMIN_USER"
		}
	case "RegisterClient", "DeregisterClient", "GetRegisteredClientList", "ArchiveExport",
		"ExportFilteredByTransactionNumberInterval":
		if !h.zugang.admin {
			return "OTHER_ERROR_UNAUTHENTICATED_ADMIN_USER"
		}
	}
	return ok
}

func (h *Host) funktion(ctx context.Context, name string, in eingabe) (out any, code string, err error) {
	switch name {
	case "GetStorageInfo":
		out, err = h.info(ctx)
	case "GetLogMessageCertificate":
		s, e := h.kern.Stand(ctx)
		out, err = map[string]any{"logMessageCertificate": strings.Join(s.Zertifikate, "")}, e
	case "GetRegisteredClientList":
		s, e := h.kern.Stand(ctx)
		out, err = map[string]any{"registeredClientIdList": append([]string{"EPSON00000001"}, s.Clients...)}, e
	case "GetChallenge":
		return h.fragen(in.User), ok, nil
	case "AuthenticateUserForTimeAdmin", "AuthenticateUserForAdmin":
		return map[string]any{"remainingRetries": 0}, h.einlassen(name, in), nil
	case "LogOutForAdmin":
		h.mu.Lock()
		h.zugang.admin = false
		h.mu.Unlock()
	case "RunTSESelfTest":
		err = h.kern.Selbsttest(ctx)
	case "UpdateTime":
		if _, e := time.Parse("2006-01-02T15:04:05Z", in.Time); e != nil {
			return nil, "JSON_ERROR_INVALID_TIME_FORMAT", nil //nolint:nilerr // that is the answer
		}
		err = h.kern.Stellen(ctx)
	case "RegisterClient":
		err = h.kern.Anmelden(ctx, in.Client)
	case "DeregisterClient":
		err = h.kern.Abmelden(ctx, in.Client)
	case "StartTransaction", "FinishTransaction", "GetStartedTransactionList":
		return h.vorgang(ctx, name, in)
	case "GetLastTransactionResponse":
		return h.letzteAntwort(ctx, in.Client)
	default:
		return h.export(ctx, name, in)
	}
	return out, ok, err
}

func (h *Host) info(ctx context.Context) (any, error) {
	s, err := h.kern.Stand(ctx)
	if err != nil {
		return nil, err
	}
	serial, _ := hex.DecodeString(s.Seriennummer)
	return map[string]any{"tseInformation": map[string]any{
		"vendorType": "TSE1", "tseInitializationState": "INITIALIZED", "hasValidTime": true,
		"hasPassedSelfTest": !s.Selbsttest, "startedTransactions": s.Offene, "maxStartedTransactions": s.MaxOffen,
		"createdSignatures": s.Signaturen, "maxSignatures": s.MaxSignaturen, "registeredClients": len(s.Clients),
		"certificateExpirationDate": s.Ablauf.String() + "T12:00:00Z",
		"serialNumber":              base64.StdEncoding.EncodeToString(serial),
		"tsePublicKey":              s.Schluessel, "signatureAlgorithm": s.Algorithmus, "tseDescription": s.Bezeichnung,
	}}, nil
}

// vorgang starts, finishes and lists.
func (h *Host) vorgang(ctx context.Context, name string, in eingabe) (any, string, error) {
	data, err := base64.StdEncoding.DecodeString(in.Data)
	if err != nil {
		return nil, "JSON_ERROR_INVALID_PARAMETER", nil //nolint:nilerr // that is the answer
	}
	switch name {
	case "StartTransaction":
		b, err := h.kern.Beginnen(ctx, in.Client, "")
		h.merken(in.Client, b.Transaktion, err)
		serial, _ := hex.DecodeString(b.Seriennummer)
		return map[string]any{
			"transactionNumber": b.Transaktion, "logTime": zeit(b.Zeit), "signatureCounter": b.Zaehler,
			"serialNumber": base64.StdEncoding.EncodeToString(serial), "signature": "",
		}, ok, err
	case "FinishTransaction":
		if !h.istOffen(ctx, in) {
			return nil, "TSE1_ERROR_TRANSACTION_NOT_STARTED", nil
		}
		g, err := h.kern.Beenden(ctx, in.Client, tse.Beginn{Transaktion: in.Number}, in.Type, string(data))
		h.merken(in.Client, in.Number, err)
		return map[string]any{"logTime": zeit(g.Ende), "signatureCounter": g.Zaehler, "signature": g.Wert}, ok, err
	}
	list, err := h.kern.Offene(ctx, in.Client)
	numbers := []uint64{}
	for _, o := range list {
		numbers = append(numbers, o.Transaktion)
	}
	return map[string]any{"startedTransactionNumberList": numbers}, ok, err
}

// merken keeps which transaction was answered for last.
func (h *Host) merken(client string, nr uint64, err error) {
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.letzte[client] = nr
}

// letzteAntwort is that, or what the TSE has ended last.
func (h *Host) letzteAntwort(ctx context.Context, client string) (any, string, error) {
	h.mu.Lock()
	nr := h.letzte[client]
	h.mu.Unlock()
	ended, _, err := h.kern.Letzte(ctx, client)
	if nr = cmp.Or(nr, ended); err == nil && nr == 0 {
		return nil, "TSE1_ERROR_TRANSACTION_NOT_STARTED", nil
	}
	return map[string]any{"transactionNumber": nr}, ok, err
}

// istOffen: a real TSE forgets a finished transaction; our simulator would answer again. What
// the simulator cannot say now, it says when it is asked to finish.
func (h *Host) istOffen(ctx context.Context, in eingabe) bool {
	list, err := h.kern.Offene(ctx, in.Client)
	for _, o := range list {
		if o.Transaktion == in.Number {
			return true
		}
	}
	return err != nil
}

func zeit(nanos int64) string { return time.Unix(0, nanos).UTC().Format("2006-01-02T15:04:05Z") }

// export gives pieces until there are no more.
func (h *Host) export(ctx context.Context, name string, in eingabe) (any, string, error) {
	var buf bytes.Buffer
	switch name {
	case "ArchiveExport":
		if err := h.kern.Export(ctx, 0, 0, &buf); err != nil {
			return nil, "", err
		}
	case "ExportFilteredByTransactionNumberInterval":
		if err := h.kern.Export(ctx, in.From, in.To, &buf); err != nil {
			return nil, "", err
		}
	case "GetExportData":
		return h.naechstes()
	case "FinalizeExport", "CancelExport":
		h.mu.Lock()
		defer h.mu.Unlock()
		h.laeuft, h.auszug = false, nil
		return nil, ok, nil
	default:
		return nil, "JSON_ERROR_UNEXPECTED_FUNCTION", nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.laeuft, h.auszug = true, buf.Bytes()
	if !bytes.Contains(h.auszug, []byte(".log\x00")) {
		h.auszug = nil
	}
	return nil, ok, nil
}

func (h *Host) naechstes() (any, string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !h.laeuft:
		return nil, "OTHER_ERROR_NO_EXPORT_STARTED", nil
	case h.auszug == nil:
		return nil, "TSE1_ERROR_EXPORT_NO_DATA_AVAILABLE", nil
	}
	n := min(stueck, len(h.auszug))
	part := base64.StdEncoding.EncodeToString(h.auszug[:n])
	h.auszug = h.auszug[n:]
	status := "EXPORT_INCOMPLETE"
	if len(h.auszug) == 0 {
		status = "EXPORT_COMPLETE"
	}
	return map[string]any{"exportStatus": status, "exportData": part}, ok, nil
}

// fragen gives out a challenge.
func (h *Host) fragen(user string) any {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.zugang.challenge[user] = rand.Text()
	return map[string]any{"challenge": h.zugang.challenge[user]}
}

// einlassen checks answer and PIN; a PIN that is wrong three times is blocked.
func (h *Host) einlassen(name string, in eingabe) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	user, pin := in.Client, ZeitPIN
	if name == "AuthenticateUserForAdmin" {
		if user, pin = in.User, AdminPIN; user != "Administrator" {
			return "OTHER_ERROR_INVALID_ADMIN_USER_ID"
		}
	}
	sum := sha256.Sum256([]byte(h.zugang.challenge[user] + Secret))
	known := h.zugang.challenge[user] != ""
	delete(h.zugang.challenge, user)
	switch {
	case !known || in.Hash != base64.StdEncoding.EncodeToString(sum[:]):
		return "OTHER_ERROR_HOST_AUTHENTICATION_FAILED"
	case h.zugang.falsch[name] >= 3:
		return "TSE1_ERROR_AUTHENTICATION_PIN_BLOCKED"
	case in.PIN != pin:
		h.zugang.falsch[name]++
		return "TSE1_ERROR_AUTHENTICATION_FAILED"
	}
	h.zugang.falsch[name] = 0
	if name == "AuthenticateUserForAdmin" {
		h.zugang.admin = true
	} else {
		h.zugang.zeitAdmin[user] = true
	}
	return ok
}

// Fehlversuche is how often a wrong PIN was tried since the right one.
func (h *Host) Fehlversuche() (sum int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.zugang.falsch {
		sum += n
	}
	return sum
}
