// Package fiskaly speaks to SIGN DE, the TSE of fiskaly in the cloud (API version 2).
// PROTOCOL.md beside it says what is known of it, from where, and what is doubtful.
package fiskaly

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/geheim"
)

// Name is its name as a driver; URL is where the service is.
const (
	Name = "fiskaly"
	URL  = "https://kassensichv-middleware.fiskaly.com/api/v2"
)

// Optionen say which TSE and how to get in.
type Optionen struct {
	URL      string // empty: the service; unencrypted only on this machine
	TSS      string // id of the TSE, a UUID
	AdminPIN geheim.Wort

	APIKey, APISecret geheim.Wort

	Zertifizierung string
}

// Treiber is the driver. Safe for concurrent use: the service takes one request at a time of
// each TSE, so does the driver.
type Treiber struct {
	opt  Optionen
	http *http.Client
	frei chan struct{} // holds one token while no request is under way

	mu       sync.Mutex
	token    geheim.Wort
	clients  map[string]string // id by serial number of the till
	gesperrt error             // the PIN was wrong: it is not tried again, after five times it is blocked
}

// Open makes a driver. It logs in when it is first used.
func Open(opt Optionen) (*Treiber, error) {
	if opt.URL == "" {
		opt.URL = URL
	}
	u, err := url.Parse(opt.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !hier(u.Hostname())) {
		return nil, fault.New(fault.Invalid, "T-207",
			"Die Adresse der Cloud-TSE ist ungültig – sie beginnt mit https://.", nil)
	}
	if opt.TSS == "" || strings.ContainsAny(opt.TSS, "/?#%") || opt.APIKey == "" || opt.APISecret == "" {
		return nil, fault.New(fault.Invalid, "T-208",
			"Für die Cloud-TSE fehlen Angaben – bitte TSS-ID, API-Key und API-Secret eintragen.", nil)
	}
	opt.URL = strings.TrimSuffix(opt.URL, "/")
	t := &Treiber{opt: opt, frei: make(chan struct{}, 1), clients: map[string]string{}, http: &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 2, ForceAttemptHTTP2: true},
		// A secret is sent to nobody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.frei <- struct{}{}
	return t, nil
}

func hier(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Close ends the connections.
func (t *Treiber) Close() error {
	t.http.CloseIdleConnections()
	return nil
}

// tss is what the service says of a TSE.
type tss struct {
	Env          string `json:"_env"` // "TEST" proves nothing
	State        string `json:"state"`
	Certificate  string `json:"certificate"`
	PublicKey    string `json:"public_key"`
	SerialNumber string `json:"serial_number"`
	Counter      zahl   `json:"signature_counter"`
	Algorithm    string `json:"signature_algorithm"`
	TimeFormat   string `json:"signature_timestamp_format"`
	MaxActive    int    `json:"max_number_active_transactions"`
	Description  string `json:"description"`
}

// Stand implements anschluss.TSE.
func (t *Treiber) Stand(ctx context.Context) (tse.Stand, error) {
	var s tss
	if err := t.anfrage(ctx, http.MethodGet, "", nil, &s); err != nil {
		return tse.Stand{}, err
	}
	if s.State != "INITIALIZED" {
		return tse.Stand{}, &tse.Fehler{Art: tse.Einrichtung, Text: "Die Cloud-TSE ist nicht in Betrieb"}
	}
	list, err := t.alleClients(ctx)
	if err != nil {
		return tse.Stand{}, err
	}
	open, err := t.offene(ctx)
	if err != nil {
		return tse.Stand{}, err
	}
	stand := tse.Stand{
		Geraet: tse.Geraet{
			Treiber: Name, Adresse: t.opt.URL + "/tss/" + t.opt.TSS, Seriennummer: s.SerialNumber, Schluessel: s.PublicKey,
			Algorithmus: s.Algorithm, Zeitformat: s.TimeFormat, Zertifizierung: t.opt.Zertifizierung,
			Uebung: s.Env == "TEST", Bezeichnung: strings.TrimSpace("fiskaly SIGN DE v2 " + s.Description),
		},
		Offene: len(open), MaxOffen: s.MaxActive, Signaturen: uint64(s.Counter),
	}
	for _, c := range list {
		if c.State == registriert {
			stand.Clients = append(stand.Clients, c.Serial)
		}
	}
	zertifikate(&stand, s.Certificate)
	return stand, nil
}

// zertifikate reads the certificates, PEM or base64 of DER, the TSE's own first. One that the
// standard library cannot read (a brainpool key) says nothing of its end.
func zertifikate(stand *tse.Stand, text string) {
	var list [][]byte
	for b, rest := pem.Decode([]byte(text)); b != nil; b, rest = pem.Decode(rest) {
		list = append(list, b.Bytes)
	}
	if der, err := base64.StdEncoding.DecodeString(text); err == nil && len(list) == 0 {
		list = [][]byte{der}
	}
	for i, der := range list {
		stand.Zertifikate = append(stand.Zertifikate, base64.StdEncoding.EncodeToString(der))
		stand.Uebung = stand.Uebung || simulator.Ist(der)
		if c, err := x509.ParseCertificate(der); err == nil && i == 0 {
			stand.Ablauf = clock.DayOf(c.NotAfter)
		}
	}
}

// Selbsttest implements anschluss.TSE: the service tests itself.
func (*Treiber) Selbsttest(context.Context) error { return nil }

// Stellen implements anschluss.TSE: the service has its own time.
func (*Treiber) Stellen(context.Context) error { return nil }

// States of a client.
const (
	registriert = "REGISTERED"
	abgemeldet  = "DEREGISTERED"
)

// kunde is a till as the service knows it.
type kunde struct {
	ID     string `json:"_id,omitempty"`
	Serial string `json:"serial_number,omitempty"`
	State  string `json:"state,omitempty"`
}

func (t *Treiber) alleClients(ctx context.Context) ([]kunde, error) {
	return seiten[kunde](ctx, t, "/client?")
}

// client finds the id of a till that is registered.
func (t *Treiber) client(ctx context.Context, serial string) (string, error) {
	t.mu.Lock()
	id := t.clients[serial]
	t.mu.Unlock()
	if id != "" {
		return id, nil
	}
	list, err := t.alleClients(ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list, func(k kunde) bool { return k.Serial == serial && k.State == registriert })
	if i < 0 {
		return "", &tse.Fehler{Art: tse.Einrichtung, Text: "Platz " + serial + " ist an der TSE nicht angemeldet"}
	}
	t.merken(serial, list[i].ID)
	return list[i].ID, nil
}

func (t *Treiber) merken(serial, id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clients[serial] = id
}

// Anmelden implements anschluss.TSE.
func (t *Treiber) Anmelden(ctx context.Context, client string) error {
	return t.melden(ctx, client, registriert)
}

// Abmelden implements anschluss.TSE.
func (t *Treiber) Abmelden(ctx context.Context, client string) error {
	return t.melden(ctx, client, abgemeldet)
}

func (t *Treiber) melden(ctx context.Context, serial, state string) error {
	list, err := t.alleClients(ctx)
	if err != nil {
		return err
	}
	t.merken(serial, "")
	i := slices.IndexFunc(list, func(k kunde) bool { return k.Serial == serial })
	switch {
	case i >= 0 && list[i].State == state || i < 0 && state == abgemeldet:
		return nil
	case i < 0:
		path := "/client/" + uuid("client", t.opt.TSS, serial)
		return t.alsAdmin(ctx, func() error { return t.anfrage(ctx, http.MethodPut, path, kunde{Serial: serial}, nil) })
	}
	path := "/client/" + list[i].ID
	return t.alsAdmin(ctx, func() error { return t.anfrage(ctx, http.MethodPatch, path, kunde{State: state}, nil) })
}

const adminAuth = "/admin/auth"

// alsAdmin does what needs the PIN. One that was refused is not sent again.
func (t *Treiber) alsAdmin(ctx context.Context, do func() error) error {
	t.mu.Lock()
	err := t.gesperrt
	t.mu.Unlock()
	if err != nil {
		return err
	}
	if t.opt.AdminPIN == "" {
		return &tse.Fehler{Art: tse.Einrichtung, Text: "Die PIN der Cloud-TSE ist nicht eingerichtet"}
	}
	in := struct {
		PIN geheim.Wort `json:"admin_pin"`
	}{t.opt.AdminPIN}
	if err := t.einmal(ctx, http.MethodPost, adminAuth, in, nil); err != nil {
		if c := ergebnis(err); c.status >= 400 && c.status < 500 && c.status != http.StatusTooManyRequests {
			err = &tse.Fehler{Art: tse.Einrichtung, Text: "Die PIN der Cloud-TSE ist falsch", Err: c}
			t.mu.Lock()
			t.gesperrt = err
			t.mu.Unlock()
		}
		return err
	}
	err = do()
	_ = t.anfrage(ctx, http.MethodPost, "/admin/logout", struct{}{}, nil) // ends by itself
	return err
}

// uuid makes an id that is the same for the same parts, of the form the service wants
// (version 4).
func uuid(parts ...string) string {
	b := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
