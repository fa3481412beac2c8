// Package stoerungen shows every link of the chain on which a sale depends: its state,
// since when, and the way round it.
package stoerungen

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/stoerung"
)

//go:embed *.html
var files embed.FS

// Seite shows the links.
type Seite struct {
	stoerung *stoerung.Service
	rahmen   *ui.Rahmen
	tmpl     *template.Template
}

// New returns the page; without a service it says so.
func New(r *ui.Rahmen, st *stoerung.Service) (*Seite, error) {
	t, err := r.Parse(files, "stoerungen.html")
	return &Seite{st, r, t}, err
}

// Routes registers the address of the links.
func (s *Seite) Routes(mux *http.ServeMux) { mux.HandleFunc("GET /stoerungen", s.zeigen) }

type seite struct {
	ui.Base
	Eingerichtet bool
	Lage         stoerung.Lage
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) {
	page := seite{Base: s.rahmen.Base(r, "/stoerungen", "stoerungen.titel")}
	if s.stoerung != nil {
		page.Eingerichtet, page.Lage = true, s.stoerung.Zustand(r.Context())
	}
	if ui.WillJSON(r) {
		ui.JSON(w, http.StatusOK, page.Lage)
		return
	}
	s.rahmen.Seite(w, r, s.tmpl, page)
}
