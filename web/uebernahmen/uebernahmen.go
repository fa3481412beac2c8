// Package uebernahmen is the page of what is left to settle after a machine went on with the
// cart of another: carts that were sold twice, and what was typed besides.
package uebernahmen

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/uebernahme"
)

//go:embed *.html
var files embed.FS

const pfad = "/stoerungen/uebernahmen"

// Seite shows the tasks.
type Seite struct {
	dienst *uebernahme.Service
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d *uebernahme.Service) (*Seite, error) {
	t, err := r.Parse(files, "uebernahmen.html")
	return &Seite{d, r, t}, err
}

// Routes registers the addresses of the page.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pfad, func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	mux.HandleFunc("POST "+pfad, s.klaeren)
}

type seite struct {
	ui.Base
	Aufgaben uebernahme.Aufgaben
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	page := seite{Base: s.rahmen.Base(r, "/stoerungen", "uebernahmen.titel")}
	page.Hier = pfad
	var err error
	if page.Aufgaben, err = s.dienst.Aufgaben(r.Context()); err != nil && refused == nil {
		refused = err
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	if ui.WillJSON(r) {
		ui.JSON(w, status, page.Aufgaben)
		return
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, status, page)
}

// klaeren settles one of them; a Storno is done by the page of the Bon.
func (s *Seite) klaeren(w http.ResponseWriter, r *http.Request) {
	act := func(f *ui.Form, key, user string) (string, error) {
		a := workflow.Auftrag{Key: key, Actor: user}
		id, platz, epoche, wie := f.Text("vorgang"), f.Text("platz"), f.Zahl("epoche"), f.Text("wie")
		if f.Err != nil {
			return "", f.Err
		}
		switch wie {
		case "beide":
			return pfad, s.dienst.Beide(r.Context(), a, id)
		case "parken":
			return pfad, s.dienst.Parken(r.Context(), a, id, platz, epoche)
		}
		return pfad, s.dienst.Verwerfen(r.Context(), a, id, platz, epoche)
	}
	s.rahmen.Tat(w, r, act, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
}
