// Package kassenmeldung shows what the tax office must be told of the tills.
package kassenmeldung

import (
	"context"
	"embed"
	"html/template"
	"mime"
	"net/http"

	domain "github.com/offizin/offizin/domain/kassenmeldung"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/kassenmeldung"
)

//go:embed *.html
var files embed.FS

const pfad = "/kassenbuch/meldung"

// Vorlage makes the file of a notification and its name.
type Vorlage = func(ctx context.Context, m domain.Meldung) (name string, file []byte, err error)

// Seite shows it.
type Seite struct {
	rahmen  *ui.Rahmen
	dienst  *kassenmeldung.Service
	vorlage Vorlage
	seite   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d *kassenmeldung.Service, v Vorlage) (*Seite, error) {
	t, err := r.Parse(files, "seite.html")
	return &Seite{rahmen: r, dienst: d, vorlage: v, seite: t}, err
}

// Routes registers the addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /kassenbuch/meldung", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	mux.HandleFunc("GET /kassenbuch/meldung/vorlage", s.holen)
	mux.HandleFunc("POST /kassenbuch/meldung", s.tat(func(r *http.Request, f *ui.Form, a workflow.Auftrag) error {
		return s.dienst.Gesendet(r.Context(), a, f.Tag("tag"), f.Text("weg"))
	}))
	mux.HandleFunc("POST /kassenbuch/meldung/ende", s.tat(func(r *http.Request, f *ui.Form, a workflow.Auftrag) error {
		return s.dienst.Beenden(r.Context(), a, f.Text("till"), f.Tag("tag"), f.Text("grund"))
	}))
	mux.HandleFunc("POST /kassenbuch/meldung/wieder", s.tat(func(r *http.Request, f *ui.Form, a workflow.Auftrag) error {
		return s.dienst.Wieder(r.Context(), a, f.Text("till"))
	}))
}

type seite struct {
	ui.Base
	L   kassenmeldung.Lage
	Art string
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	page := seite{Base: s.rahmen.Base(r, "/kassenbuch", "kassenmeldung.titel"), Art: domain.Art}
	page.Hier = pfad
	var err error
	if page.L, err = s.dienst.Lage(r.Context()); refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.seite, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Seite) tat(do func(*http.Request, *ui.Form, workflow.Auftrag) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
			err := do(r, f, workflow.Auftrag{Key: key, Actor: user})
			if f.Err != nil {
				err = f.Err
			}
			return pfad, err
		}, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
	}
}

func (s *Seite) holen(w http.ResponseWriter, r *http.Request) {
	l, err := s.dienst.Lage(r.Context())
	var name string
	var file []byte
	if err == nil {
		name, file, err = s.vorlage(r.Context(), l.Meldung)
	}
	if err != nil {
		s.zeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(file) // the client has gone away: nobody is left to tell
}
