// Package drucker sets up the printer of receipts of this till, and shows what waits for it.
package drucker

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/drucker"
)

//go:embed *.html
var files embed.FS

const pfad = "/einstellungen/drucker"

// Seite is the page of the printer.
type Seite struct {
	drucker *drucker.Service
	rahmen  *ui.Rahmen
	tmpl    *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d *drucker.Service) (*Seite, error) {
	t, err := r.Parse(files, "drucker.html")
	return &Seite{d, r, t}, err
}

// Routes registers its addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /einstellungen/drucker", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil, nil) })
	mux.HandleFunc("POST /einstellungen/drucker", s.setzen)
	mux.HandleFunc("POST /einstellungen/drucker/probe", s.probe)
}

type seite struct {
	ui.Base
	Stand   drucker.Schlange
	E       drucker.Einstellung
	Hinweis *ui.Fehler // of the printer
}

// zeigen shows the settings; typed are those that were refused.
func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, typed *ui.Form, refused error) {
	u, err := s.drucker.Schlange(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := seite{Base: s.rahmen.Base(r, "/einstellungen", "drucker.titel"), Stand: u, E: u.Einstellung}
	page.Hier = pfad
	if typed != nil {
		page.E = lies(typed)
	}
	page.Hinweis = s.rahmen.FehlerAus(r, u.Fehler)
	s.rahmen.SeiteStatus(w, r, s.tmpl, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

func lies(f *ui.Form) drucker.Einstellung {
	return drucker.Einstellung{
		Adresse: f.Text("adresse"), Wann: drucker.Wann(f.Text("wann")), Lade: f.Ja("lade"), Dots: f.Ja("punkte"),
		Mute: f.Ja("stumm"),
	}
}

func (s *Seite) setzen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		if f.Err != nil {
			return "", f.Err
		}
		return pfad, s.drucker.Setzen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, lies(f))
	}, func(f *ui.Form, refused error) { s.zeigen(w, r, f, refused) })
}

func (s *Seite) probe(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(*ui.Form, string, string) (string, error) {
		return pfad, s.drucker.Probe(r.Context())
	}, func(_ *ui.Form, refused error) { s.zeigen(w, r, nil, refused) })
}
