// Package tse shows the TSE of this till, when it did not sign, and has another one sign.
package tse

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
)

//go:embed *.html
var files embed.FS

// Dienst is the TSE of this till.
type Dienst interface {
	// Lage says how it stands; false: none is set up.
	Lage(ctx context.Context) (absicherung.Lage, bool, error)
	// Konfig says how it is reached, without the secrets.
	Konfig() (Eingabe, error)
	// Einrichten has a TSE sign from now on; if that fails, the one before goes on. A secret that
	// is empty stays what it was.
	Einrichten(ctx context.Context, a workflow.Auftrag, in Eingabe) error
}

// Eingabe says which TSE signs and how to get in. What a driver does not need stays empty.
type Eingabe struct {
	Treiber        string // "epson", "fiskaly", "simulator"
	Adresse        string // host:port or URL; empty: as usual
	Geraet         string // device id, id of the TSS
	TLS            bool   // epson: encrypted
	Zertifizierung string // "BSI-K-TR-nnnn-yyyy" from its papers

	AdminPIN, ZeitPIN, Secret, APIKey, APISecret string
}

// Seite shows the TSE.
type Seite struct {
	dienst Dienst
	clock  clock.Clock
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d Dienst, c clock.Clock) (*Seite, error) {
	t, err := r.Parse(files, "tse.html")
	return &Seite{d, c, r, t}, err
}

// Routes registers the addresses of the page.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /tse", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	mux.HandleFunc("POST /tse/einrichten", s.einrichten)
}

// gezeigt is how many outages the page shows, the last one first.
const gezeigt = 100

type seite struct {
	ui.Base

	absicherung.Lage

	Eingerichtet bool
	Neu          bool // it has just been set up
	Tage         int  // until the certificate ends
	Abgelaufen   bool
	Konfig       Eingabe
	Ausgefallen  []zeit // the last one first
}

type zeit struct {
	Von, Bis time.Time // Bis zero: it lasts
	Grund    string
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	l, set, err := s.dienst.Lage(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	if ui.WillJSON(r) {
		ui.JSON(w, http.StatusOK, l)
		return
	}
	page := seite{Base: s.rahmen.Base(r, "/stoerungen", "tse.titel"), Lage: l, Eingerichtet: set}
	if page.Konfig, err = s.dienst.Konfig(); err != nil && refused == nil {
		refused = err
	}
	page.Neu = refused == nil && r.URL.Query().Get("neu") != ""
	page.Tage, page.Abgelaufen = rest(l.Geraet.Ablauf, clock.Today(s.clock))
	for _, a := range slices.Backward(l.Ausfaelle) {
		z := zeit{Von: time.Unix(0, a.Beginn).In(clock.Berlin()), Grund: a.Grund}
		if a.Ende != 0 {
			z.Bis = time.Unix(0, a.Ende).In(clock.Berlin())
		}
		if page.Ausgefallen = append(page.Ausgefallen, z); len(page.Ausgefallen) == gezeigt {
			break
		}
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

// rest is how many days a certificate is good for; true: none.
func rest(end, today civil.Day) (int, bool) {
	if end == 0 {
		return 0, false
	}
	n := end.Sub(today)
	return max(n, 0), n < 0
}

func (s *Seite) einrichten(w http.ResponseWriter, r *http.Request) {
	act := func(f *ui.Form, key, user string) (string, error) {
		in := Eingabe{
			Treiber: f.Text("treiber"), Adresse: f.Text("adresse"), Geraet: f.Text("geraet"), TLS: f.Ja("tls"),
			Zertifizierung: f.Text("zertifizierung"), AdminPIN: f.Roh("admin_pin"), ZeitPIN: f.Roh("zeit_pin"),
			Secret: f.Roh("secret"), APIKey: f.Roh("api_key"), APISecret: f.Roh("api_secret"),
		}
		if f.Err != nil {
			return "", f.Err
		}
		return "/tse?neu=ja", s.dienst.Einrichten(r.Context(), workflow.Auftrag{Key: key, Actor: user}, in)
	}
	s.rahmen.Tat(w, r, act, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
}
