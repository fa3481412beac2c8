// Package verkauf is the till: one input line, the cart, what the patient pays, and a
// panel for whatever is being done. Every change is a POST with its idempotency key;
// the answer is the whole stand of the counter, as page, fragment or JSON.
package verkauf

import (
	"context"
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/kundenanzeige"
	"github.com/offizin/offizin/workflow/offeneposten"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/sicherheit"
	"github.com/offizin/offizin/workflow/uebernahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
)

//go:embed *.html
var files embed.FS

// Dienste is what the till stands on.
type Dienste struct {
	Verkauf    *verkauf.Service
	Suche      *artikelsuche.Service
	Personen   *person.Service
	Rezepte    *rezeptannahme.Service
	Auswahl    *auswahl.Service
	Vormerkung *vormerkung.Service
	Sicherheit *sicherheit.Service    // nil: nobody says what is safe
	Uebernahme *uebernahme.Service    // nil: nothing is taken over
	Posten     *offeneposten.Service  // nil: nobody keeps open items
	Karten     *kartenzahlung.Service // nil: there is no card terminal
	Anzeige    *kundenanzeige.Service // nil: there is no screen for customers
}

// Seite is the till.
type Seite struct {
	Dienste
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the till.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	t, err := r.Parse(files,
		"verkauf.html", "vorgang.html", "seitlich.html", "felder.html", "rezept.html", "rezeptur.html", "mehr.html")
	return &Seite{Dienste: d, rahmen: r, tmpl: t}, err
}

// Routes registers the addresses of the till.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /verkauf", s.zeigen)
	mux.HandleFunc("GET /suche", s.suchen)
	for _, acts := range []map[string]tat{s.taten(), s.mehrTaten()} {
		for name, tat := range acts {
			mux.HandleFunc("POST /verkauf/"+name, func(w http.ResponseWriter, r *http.Request) { s.tun(w, r, tat) })
		}
	}
}

// seite is the page.
type seite struct {
	ui.Base
	Inhalt stand
	Suche  string
	Hits   treffer
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	wunsch := wunschAus(f)
	if f.Err != nil {
		s.rahmen.FehlerZeigen(w, r, f.Err)
		return
	}
	s.antworten(w, r, wunsch, ergebnis{}, nil)
}

// tun does one act and answers with the stand after it.
func (s *Seite) tun(w http.ResponseWriter, r *http.Request, tat tat) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	user, err := s.rahmen.Wer(r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	wunsch := wunschAus(f)
	do, a := tat(f), workflow.Auftrag{Key: f.Text("key"), Actor: user}
	var e ergebnis
	if err = f.Err; err == nil {
		e, err = do(r.Context(), a, wunsch.Vorgang)
	}
	if err == nil {
		wunsch = wunsch.danach(f, e)
	}
	s.antworten(w, r, wunsch, e, err)
}

// antworten answers in the form that was asked for.
func (s *Seite) antworten(w http.ResponseWriter, r *http.Request, wunsch wunsch, e ergebnis, err error) {
	if err == nil {
		err = e.abgelehnt()
	}
	post := r.Method == http.MethodPost
	switch {
	case ui.WillJSON(r):
		s.json(w, r, e, err)
		return
	case post && err == nil && !ui.WillTeil(r) && !e.fragt():
		http.Redirect(w, r, wunsch.pfad(), http.StatusSeeOther) //nolint:gosec // always below /verkauf
		return
	}
	st, status := s.stand(r, wunsch, e, err)
	if ui.WillTeil(r) {
		s.rahmen.Teil(w, r, s.tmpl, "stand", status, st)
		return
	}
	base := s.rahmen.Base(r, "/verkauf", "verkauf.titel")
	if post {
		base.Hier = wunsch.pfad()
	}
	page := seite{Base: base, Inhalt: st, Suche: wunsch.Q}
	if wunsch.Panel == "" {
		page.Hits = s.treffer(r, wunsch.Q)
	}
	page.Hits.Vorgang, page.Hits.Key = st.Ansicht.Vorgang.ID, base.Key
	s.rahmen.SeiteStatus(w, r, s.tmpl, status, page)
}

// antwort is what a machine gets: see the contract of the till in docs/adr/0006-web.md.
type antwort struct {
	Vorgang string     `json:"vorgang,omitempty"`
	Version int        `json:"version,omitempty"`
	Patient int64      `json:"patient"`
	Zeilen  int        `json:"zeilen"`
	Bon     string     `json:"bon,omitempty"`
	Schild  string     `json:"schild,omitempty"` // of the Bon, as of sicherheit
	Fehler  *ui.Fehler `json:"fehler,omitempty"`
}

func (s *Seite) json(w http.ResponseWriter, r *http.Request, e ergebnis, err error) {
	v := e.Ansicht
	if r.Method == http.MethodGet && err == nil {
		v, err = s.ansicht(r.Context(), ui.Anfrage(r).Text("vorgang"))
	}
	a := antwort{
		Vorgang: v.Vorgang.ID, Version: v.Vorgang.Version, Patient: int64(v.Summen.Patient), Zeilen: len(v.Zeilen),
		Fehler: s.rahmen.FehlerAus(r, err),
	}
	if e.Bon != nil {
		a.Bon, a.Patient, a.Zeilen = e.Bon.Nummer, int64(e.Bon.Summen().Patient), len(e.Bon.Positionen)
		a.Schild = s.Sicherheit.Schild(r.Context(), e.Bon.Nummer)
	}
	status := http.StatusOK
	if a.Fehler != nil {
		status = a.Fehler.Status
	}
	ui.JSON(w, status, a)
}

// ansicht is the cart with the id; without one the open cart of this machine.
func (s *Seite) ansicht(ctx context.Context, id string) (verkauf.Ansicht, error) {
	if id == "" {
		return s.Verkauf.Aktuell(ctx)
	}
	return s.Verkauf.Ansicht(ctx, id)
}
