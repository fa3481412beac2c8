// Package stoerungen shows every link of the chain on which a sale depends: its state,
// since when, and the way round it.
package stoerungen

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"strconv"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/uhr"
)

//go:embed *.html
var files embed.FS

// PDF prints the instruction on a subject: "rechner", "strom", "internet", "uhr".
type PDF func(ctx context.Context, thema string) ([]byte, error)

// Seite shows the links.
type Seite struct {
	anleitungen PDF

	stoerung *stoerung.Service
	uhr      *uhr.Service
	rahmen   *ui.Rahmen
	tmpl     *template.Template
}

// New returns the page; without a service it says so. Without that of the clock there is
// nothing to confirm.
func New(r *ui.Rahmen, st *stoerung.Service, u *uhr.Service, p PDF) (*Seite, error) {
	t, err := r.Parse(files, "stoerungen.html")
	return &Seite{p, st, u, r, t}, err
}

// Routes registers the addresses of the links.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /stoerungen", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	if s.uhr != nil {
		mux.HandleFunc("POST /stoerungen/uhr", s.bestaetigen)
	}
	if s.anleitungen != nil {
		mux.HandleFunc("GET /stoerungen/anleitung/{thema}", s.anleitung)
	}
}

type seite struct {
	ui.Base

	Eingerichtet bool
	Lage         stoerung.Lage
	Anleitungen  bool
	Uhr          *clock.Stand // if a person must look at it
	Gesehen      int64        // what it shows, Unix seconds
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	page := seite{Base: s.rahmen.Base(r, "/stoerungen", "stoerungen.titel")}
	page.Anleitungen = s.anleitungen != nil
	if s.stoerung != nil {
		page.Eingerichtet, page.Lage = true, s.stoerung.Zustand(r.Context())
	}
	if ui.WillJSON(r) {
		ui.JSON(w, http.StatusOK, page.Lage)
		return
	}
	if s.uhr != nil {
		if u := s.uhr.Stand(); u.Verdacht != clock.Kein {
			page.Uhr, page.Gesehen = &u, u.Rechner.Unix()
		}
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

// anleitung prints one.
func (s *Seite) anleitung(w http.ResponseWriter, r *http.Request) {
	thema := r.PathValue("thema")
	pdf, err := s.anleitungen(r.Context(), thema)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="anleitung-`+thema+`.pdf"`)
	_, _ = w.Write(pdf) // the client has gone away: nobody is left to tell
}

// bestaetigen lets the machine's clock count.
func (s *Seite) bestaetigen(w http.ResponseWriter, r *http.Request) {
	act := func(f *ui.Form, key, user string) (string, error) {
		seen, err := strconv.ParseInt(f.Text("rechner"), 10, 64)
		if err != nil {
			seen = 0 // of no clock: it is refused, and the page shows what to look at
		}
		return "/stoerungen", s.uhr.Bestaetigen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, seen)
	}
	s.rahmen.Tat(w, r, act, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
}
