// Package ausgang shows the errands to the outside that are not done yet, and lets people decide
// about those that failed.
package ausgang

import (
	"embed"
	"html/template"
	"net/http"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/ausgang"
)

//go:embed *.html
var files embed.FS

// gezeigt is how many errands the page shows.
const gezeigt = 200

// Seite shows the outbox.
type Seite struct {
	ausgang *ausgang.Service
	rahmen  *ui.Rahmen
	tmpl    *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, a *ausgang.Service) (*Seite, error) {
	t, err := r.Parse(files, "ausgang.html")
	return &Seite{a, r, t}, err
}

// Routes registers the addresses of the outbox.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /stoerungen/ausgang", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	mux.HandleFunc("POST /stoerungen/ausgang/{id}/wiederholen", s.wiederholen)
	mux.HandleFunc("POST /stoerungen/ausgang/{id}/verwerfen", s.verwerfen)
}

type seite struct {
	ui.Base

	Zeilen []zeile
}

type zeile struct {
	ausgang.Besorgung
	Wann time.Time
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	list, err := s.ausgang.Offene(r.Context(), gezeigt)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := seite{Base: s.rahmen.Base(r, "/stoerungen", "ausgang.titel")}
	for _, b := range list {
		page.Zeilen = append(page.Zeilen, zeile{b, time.Unix(0, b.Zeit).In(clock.Berlin())})
	}
	if ui.WillJSON(r) {
		ui.JSON(w, http.StatusOK, list)
		return
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

func (s *Seite) wiederholen(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(_ *ui.Form, a workflow.Auftrag, id string) error {
		return s.ausgang.Wiederholen(r.Context(), a, id)
	})
}

func (s *Seite) verwerfen(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(f *ui.Form, a workflow.Auftrag, id string) error {
		return s.ausgang.Verwerfen(r.Context(), a, id, f.Text("grund"))
	})
}

func (s *Seite) tat(w http.ResponseWriter, r *http.Request, do func(*ui.Form, workflow.Auftrag, string) error) {
	act := func(f *ui.Form, key, user string) (string, error) {
		return "/stoerungen/ausgang", do(f, workflow.Auftrag{Key: key, Actor: user}, r.PathValue("id"))
	}
	s.rahmen.Tat(w, r, act, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
}
