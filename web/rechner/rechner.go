// Package rechner is the page of the machines: which there are, who leads, what each has, and
// how one is taken in, replaced and removed.
package rechner

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
)

//go:embed *.html
var files embed.FS

const pfad = "/einstellungen/rechner"

// Dienst knows the machines; the composition root supplies it. Acts ask whether the actor may.
type Dienst interface {
	Stand(ctx context.Context) (Stand, error)
	// Darf refuses who may not manage the machines.
	Darf(ctx context.Context, actor string) error
	// Einladung returns the code that is open; nil: none. It lets a machine in: only who may manage
	// the machines sees it.
	Einladung() *Einladung
	Einladen(ctx context.Context, actor string) error
	Schliessen(ctx context.Context, actor string) error
	Rang(ctx context.Context, a workflow.Auftrag, platz string, rang int) error
	Entfernen(ctx context.Context, a workflow.Auftrag, platz string) error
	// Nummern gives a machine other receipt numbers, from its next start on.
	Nummern(ctx context.Context, a workflow.Auftrag, platz string) error
}

// Stand is how the machines stand, as this one sees them.
type Stand struct {
	Rechner  []Rechner // best first, this one among them
	Entfernt bool      // this one was taken out
}

// Rechner is a machine.
type Rechner struct {
	ID         string // its name, with more if two have that name
	Platz      string
	Till       string // prefix of its receipt numbers
	Geteilt    bool   // another machine has the same
	Naechste   string // what it will be after the next start; empty: the same
	Rang       int
	Adresse    string
	Hier       bool // this machine
	Fuehrt     bool
	Erreichbar bool
	Seit       time.Time // since when it answers, or its last answer; zero: never, or this one
	Fehlt      uint64    // records of this machine that it has not got; of this one: that lie here only
	Gleich     bool      // has had the same records within the last seconds
	Fehler     string    // code and sentence
}

// Einladung is an open code for one new machine.
type Einladung struct {
	Code    string
	Adresse string        // of this machine
	Befehl  string        // what to start on the new one
	Noch    time.Duration // until it ends
	NurHier bool          // no other machine can reach the address
}

// Seite shows the machines.
type Seite struct {
	dienst Dienst
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the page; without a Dienst it says so.
func New(r *ui.Rahmen, d Dienst) (*Seite, error) {
	t, err := r.Parse(files, "rechner.html")
	return &Seite{d, r, t}, err
}

// Routes registers the addresses of the page.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pfad, func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	if s.dienst == nil {
		return
	}
	mux.HandleFunc("POST "+pfad+"/code", s.tat(func(ctx context.Context, a workflow.Auftrag, f *ui.Form) error {
		if f.Ja("schliessen") {
			return s.dienst.Schliessen(ctx, a.Actor)
		}
		return s.dienst.Einladen(ctx, a.Actor)
	}))
	mux.HandleFunc("POST "+pfad+"/rang", s.tat(func(ctx context.Context, a workflow.Auftrag, f *ui.Form) error {
		platz, rang := f.Text("platz"), f.Zahl("rang")
		if f.Err != nil {
			return f.Err
		}
		return s.dienst.Rang(ctx, a, platz, rang)
	}))
	mux.HandleFunc("POST "+pfad+"/nummern", s.tat(func(ctx context.Context, a workflow.Auftrag, f *ui.Form) error {
		return s.dienst.Nummern(ctx, a, f.Text("platz"))
	}))
	mux.HandleFunc("POST "+pfad+"/entfernen", s.tat(func(ctx context.Context, a workflow.Auftrag, f *ui.Form) error {
		if !f.Ja("sicher") {
			return fault.New(fault.Invalid, "M-230",
				"Ein entfernter Rechner kommt nicht von selbst zurück – bitte erst bestätigen.", nil)
		}
		return s.dienst.Entfernen(ctx, a, f.Text("platz"))
	}))
}

func (s *Seite) tat(act func(context.Context, workflow.Auftrag, *ui.Form) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
			if err := workflow.Angemeldet(user); err != nil {
				return "", err
			}
			return pfad, act(r.Context(), workflow.Auftrag{Key: key, Actor: user}, f)
		}, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
	}
}

type seite struct {
	ui.Base
	Eingerichtet bool
	Stand        Stand
	Einladung    *Einladung
	Sekunden     int      // the code is open yet
	Frage        *Rechner // to remove it
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	page := seite{Base: s.rahmen.Base(r, "/einstellungen", "rechner.titel"), Eingerichtet: s.dienst != nil}
	page.Hier = pfad
	if s.dienst != nil {
		var err error
		if page.Stand, err = s.dienst.Stand(r.Context()); err != nil && refused == nil {
			refused = err
		}
		if page.Einladung = s.einladung(r.Context(), page.Benutzer.Kuerzel); page.Einladung != nil {
			page.Sekunden = int(page.Einladung.Noch.Seconds())
		}
		page.frage(ui.Anfrage(r).Text("entfernen"))
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	switch {
	case ui.WillJSON(r):
		ui.JSON(w, status, page.Stand) // without the code
	case ui.WillTeil(r):
		s.rahmen.Teil(w, r, s.tmpl, "liste", status, page)
	default:
		s.rahmen.SeiteStatus(w, r, s.tmpl, status, page)
	}
}

// einladung is the open code for who may manage the machines; nil: none, or not for that user.
func (s *Seite) einladung(ctx context.Context, user string) *Einladung {
	if user == "" || s.dienst.Darf(ctx, user) != nil {
		return nil
	}
	return s.dienst.Einladung()
}

// frage finds the machine that is asked about.
func (p *seite) frage(id string) {
	for i, m := range p.Stand.Rechner {
		if m.ID == id && !m.Hier {
			p.Frage = &p.Stand.Rechner[i]
		}
	}
}
