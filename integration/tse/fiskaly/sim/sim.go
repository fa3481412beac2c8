// Package sim is SIGN DE as far as its API is known: a handler in front of the TSE simulator,
// with the faults of a service far away. It proves nothing. What the till calls its
// transactions it forgets when it ends.
package sim

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/simulator"
)

// The secrets and the name of the simulated TSE.
const (
	TSS       = "11111111-1111-4111-8111-111111111111"
	APIKey    = "test_simulator_offizin"
	APISecret = "simulator-secret"
	AdminPIN  = "1234567890"
)

// Stoerung is how the service misbehaves. What the TSE behind it does wrong, its simulator
// knows.
type Stoerung struct {
	Abgelaufen int  // so many requests find their token ended
	Ueberlast  int  // so many requests are too many
	Warten     int  // seconds that it wants to be left alone then
	Gestoert   int  // so many requests fail before anything is done
	Konflikt   bool // it refuses a repeated change instead of answering it again
}

// vorgang is a transaction as the till knows it.
type vorgang struct {
	id, client    string // UUIDs
	serial        string // of the till
	beginn        tse.Beginn
	prozess, data string
}

// Dienst is the handler. Its zero value is of no use: see New.
type Dienst struct {
	kern *simulator.Simulator
	mux  *http.ServeMux

	mu        sync.Mutex // one request at a time, as at the real one
	stoerung  Stoerung
	tokens    map[string]bool
	admin     bool
	falsch    int
	clients   map[string]string // serial number by UUID
	vorgaenge []*vorgang
	exporte   map[string][2]uint64
	logins    int
}

// New serves a TSE.
func New(kern *simulator.Simulator) *Dienst {
	d := &Dienst{
		kern: kern, mux: http.NewServeMux(), tokens: map[string]bool{}, clients: map[string]string{},
		exporte: map[string][2]uint64{},
	}
	const tss = "/tss/" + TSS
	d.mux.HandleFunc("POST /auth", d.login)
	for pattern, h := range map[string]func(*http.Request) (any, error){
		"GET " + tss:                       d.tss,
		"POST " + tss + "/admin/auth":      d.adminAuth,
		"POST " + tss + "/admin/logout":    d.adminLogout,
		"GET " + tss + "/client":           d.listClients,
		"PUT " + tss + "/client/{id}":      d.putClient,
		"PATCH " + tss + "/client/{id}":    d.patchClient,
		"GET " + tss + "/tx":               d.listTx,
		"GET " + tss + "/client/{id}/tx":   d.listClientTx,
		"GET " + tss + "/tx/{id}":          d.getTx,
		"PUT " + tss + "/tx/{id}":          d.putTx,
		"PUT " + tss + "/export/{id}":      d.putExport,
		"GET " + tss + "/export/{id}":      d.getExport,
		"GET " + tss + "/export/{id}/file": nil,
	} {
		d.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { d.antworten(w, r, h) })
	}
	return d
}

// Stoeren makes it misbehave from now on.
func (d *Dienst) Stoeren(s Stoerung) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stoerung = s
}

// Anmeldungen is how often somebody logged in, Fehlversuche how often with a wrong PIN.
func (d *Dienst) Anmeldungen() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.logins
}

// Fehlversuche is how often a wrong PIN was tried.
func (d *Dienst) Fehlversuche() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.falsch
}

// ServeHTTP implements http.Handler.
func (d *Dienst) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.mux.ServeHTTP(w, r) }

// absage is a refusal.
type absage struct {
	status int
	code   string
}

// Error implements error.
func (a absage) Error() string { return a.code }

func schreiben(w http.ResponseWriter, status int, out any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // the till may have gone
}

func (d *Dienst) login(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Key    string `json:"api_key"`
		Secret string `json:"api_secret"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Key != APIKey || in.Secret != APISecret {
		schreiben(w, http.StatusUnauthorized, map[string]any{"code": "E_UNAUTHORIZED", "message": "no: " + in.Secret})
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	token := rand.Text()
	d.tokens[token] = true
	d.logins++
	schreiben(w, http.StatusOK, map[string]any{"access_token": token, "access_token_expires_in": 86400})
}

// antworten lets in who may, misbehaves if it shall, and answers.
func (d *Dienst) antworten(w http.ResponseWriter, r *http.Request, h func(*http.Request) (any, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	bearer := r.Header.Get("Authorization")
	switch s := &d.stoerung; {
	case s.Abgelaufen > 0:
		s.Abgelaufen--
		clear(d.tokens)
		fallthrough
	case len(bearer) < 7 || !d.tokens[bearer[7:]]:
		schreiben(w, http.StatusUnauthorized, map[string]any{"code": "E_UNAUTHORIZED", "message": "bad: " + bearer})
		return
	case s.Ueberlast > 0:
		s.Ueberlast--
		w.Header().Set("Retry-After", strconv.Itoa(s.Warten))
		schreiben(w, http.StatusTooManyRequests, map[string]any{"code": "E_TOO_MANY_REQUESTS"})
		return
	case s.Gestoert > 0:
		s.Gestoert--
		schreiben(w, http.StatusServiceUnavailable, map[string]any{"code": "E_UNAVAILABLE"})
		return
	}
	if h == nil {
		d.datei(w, r)
		return
	}
	out, err := h(r)
	if err == nil {
		schreiben(w, http.StatusOK, out)
		return
	}
	a := absageOf(err)
	if a.status == 0 {
		panic(http.ErrAbortHandler) // the answer is lost: the line breaks
	}
	schreiben(w, a.status, map[string]any{"status_code": a.status, "code": a.code})
}

// absageOf translates what the simulator could not do; zero: no answer comes.
func absageOf(err error) absage {
	if a, ok := errors.AsType[absage](err); ok {
		return a
	}
	why, _ := errors.AsType[simulator.Grund](err)
	switch why {
	case simulator.Weg:
		return absage{http.StatusBadGateway, "E_TSS_UNREACHABLE"}
	case simulator.Voll:
		return absage{http.StatusInsufficientStorage, "E_TSS_FULL"}
	case simulator.Selbsttest:
		return absage{http.StatusServiceUnavailable, "E_TSS_SELF_TEST"}
	case simulator.Abgelaufen:
		return absage{http.StatusForbidden, "E_TSS_DISABLED"}
	case simulator.MaxOffen:
		return absage{http.StatusBadRequest, "E_TSS_TX_LIMIT"}
	case simulator.OhneAnmeldung:
		return absage{http.StatusForbidden, "E_CLIENT_NOT_REGISTERED"}
	case simulator.Unbekannt:
		return absage{http.StatusNotFound, "E_TX_NOT_FOUND"}
	case simulator.AndereDaten:
		return absage{http.StatusConflict, "E_TX_CONFLICT"}
	case simulator.Ungueltig:
		return absage{http.StatusBadRequest, "E_FAILED_SCHEMA_VALIDATION"}
	case simulator.Verloren:
	}
	return absage{}
}

func (d *Dienst) tss(r *http.Request) (any, error) {
	s, err := d.kern.Stand(r.Context())
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"_id": TSS, "_type": "TSS", "_env": "TEST", "_version": "2.0.0", "state": "INITIALIZED",
		"certificate": s.Zertifikate[0], "public_key": s.Schluessel, "serial_number": s.Seriennummer,
		"signature_counter": strconv.FormatUint(s.Signaturen, 10), "signature_algorithm": s.Algorithmus,
		"signature_timestamp_format": s.Zeitformat, "max_number_active_transactions": s.MaxOffen,
		"max_number_registered_clients": 199, "description": s.Bezeichnung,
	}, nil
}

func (d *Dienst) adminAuth(r *http.Request) (any, error) {
	var in struct {
		PIN string `json:"admin_pin"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.PIN != AdminPIN || d.falsch >= 5 {
		d.falsch++
		return nil, absage{http.StatusUnauthorized, "E_ADMIN_PIN_INCORRECT"}
	}
	d.admin = true
	return map[string]any{}, nil
}

func (d *Dienst) adminLogout(*http.Request) (any, error) {
	d.admin = false
	return map[string]any{}, nil
}

func (d *Dienst) listClients(r *http.Request) (any, error) {
	s, err := d.kern.Stand(r.Context())
	if err != nil {
		return nil, err
	}
	list := []any{}
	for id, serial := range d.clients {
		state := "DEREGISTERED"
		for _, c := range s.Clients {
			if c == serial {
				state = "REGISTERED"
			}
		}
		list = append(list, map[string]any{"_id": id, "serial_number": serial, "state": state})
	}
	return map[string]any{"data": list, "count": len(list)}, nil
}

func (d *Dienst) putClient(r *http.Request) (any, error) {
	var in struct {
		Serial string `json:"serial_number"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, absage{http.StatusBadRequest, "E_FAILED_SCHEMA_VALIDATION"}
	}
	return d.melden(r.Context(), r.PathValue("id"), in.Serial, "REGISTERED")
}

func (d *Dienst) patchClient(r *http.Request) (any, error) {
	var in struct {
		State string `json:"state"`
	}
	serial, known := d.clients[r.PathValue("id")]
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !known {
		return nil, absage{http.StatusNotFound, "E_CLIENT_NOT_FOUND"}
	}
	return d.melden(r.Context(), r.PathValue("id"), serial, in.State)
}

func (d *Dienst) melden(ctx context.Context, id, serial, state string) (any, error) {
	if !d.admin {
		return nil, absage{http.StatusUnauthorized, "E_ADMIN_NOT_AUTHENTICATED"}
	}
	var err error
	if state == "REGISTERED" {
		err = d.kern.Anmelden(ctx, serial)
	} else {
		err = d.kern.Abmelden(ctx, serial)
	}
	if err != nil {
		return nil, err
	}
	d.clients[id] = serial
	return map[string]any{"_id": id, "serial_number": serial, "state": state}, nil
}

func (d *Dienst) putExport(r *http.Request) (any, error) {
	var span [2]uint64
	for i, name := range []string{"start_transaction_number", "end_transaction_number"} {
		if v := r.URL.Query().Get(name); v != "" {
			n, err := strconv.ParseUint(v, 10, 64)
			if err != nil {
				return nil, absage{http.StatusBadRequest, "E_FAILED_SCHEMA_VALIDATION"}
			}
			span[i] = n
		}
	}
	d.exporte[r.PathValue("id")] = span
	return map[string]any{"_id": r.PathValue("id"), "state": "PENDING"}, nil
}

func (d *Dienst) getExport(r *http.Request) (any, error) {
	if _, ok := d.exporte[r.PathValue("id")]; !ok {
		return nil, absage{http.StatusNotFound, "E_EXPORT_NOT_FOUND"}
	}
	return map[string]any{"_id": r.PathValue("id"), "state": "COMPLETED"}, nil
}

func (d *Dienst) datei(w http.ResponseWriter, r *http.Request) {
	span, ok := d.exporte[r.PathValue("id")]
	if !ok {
		schreiben(w, http.StatusNotFound, map[string]any{"code": "E_EXPORT_NOT_FOUND"})
		return
	}
	w.Header().Set("Content-Type", "application/x-tar")
	if err := d.kern.Export(r.Context(), span[0], span[1], w); err != nil {
		panic(http.ErrAbortHandler) // part of it is written
	}
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func nummer(v *vorgang) string { return fmt.Sprint(v.beginn.Transaktion) }
