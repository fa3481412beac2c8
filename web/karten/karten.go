// Package karten is the page of the card payments of all tills that somebody has to settle.
package karten

import (
	"embed"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/kartenzahlung"
)

//go:embed *.html
var files embed.FS

const pfad = "/stoerungen/karten"

// Seite shows them.
type Seite struct {
	dienst *kartenzahlung.Klaerung
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d *kartenzahlung.Klaerung) (*Seite, error) {
	t, err := r.Parse(files, "karten.html")
	return &Seite{d, r, t}, err
}

// Routes registers the addresses of the page.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pfad, func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil, nil) })
	mux.HandleFunc("POST "+pfad, s.klaeren)
}

type seite struct {
	ui.Base
	Liste []zeile
}

// zeile is a payment with what was typed for it.
type zeile struct {
	kartenzahlung.Fall
	Nr    int
	Key   string
	Zeit  time.Time
	Grund string // as typed
	Dran  bool   // the hands go there
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, typed *ui.Form, refused error) {
	page := seite{Base: s.rahmen.Base(r, "/stoerungen", "karten.titel")}
	page.Hier = pfad
	list, err := s.dienst.Offen(r.Context())
	if refused == nil {
		refused = err
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	if ui.WillJSON(r) {
		ui.JSON(w, status, list)
		return
	}
	page.Liste = zeilen(list, typed, page.Key)
	s.rahmen.SeiteStatus(w, r, s.tmpl, status, page)
}

func zeilen(list []kartenzahlung.Fall, typed *ui.Form, key string) (out []zeile) {
	first := true
	slices.SortStableFunc(list, func(a, b kartenzahlung.Fall) int { return rang(a) - rang(b) })
	for i, f := range list {
		z := zeile{Fall: f, Nr: i + 1, Key: key, Zeit: time.Unix(0, f.Zeit).In(clock.Berlin())}
		if typed != nil && typed.Werte.Get("zahlung") == f.ID {
			z.Grund = typed.Werte.Get("grund")
		}
		if first && z.Faellig() {
			z.Dran, first = true, false
		}
		out = append(out, z)
	}
	return out
}

// rang puts first what is to be done here.
func rang(f kartenzahlung.Fall) int {
	if f.Faellig() {
		return 0
	}
	return 1
}

// klaeren settles one of them for a reason.
func (s *Seite) klaeren(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		a := workflow.Auftrag{Key: key, Actor: user}
		id, wie, grund := f.Text("zahlung"), f.Text("wie"), f.Text("grund")
		if f.Err != nil {
			return "", f.Err
		}
		if wie == "abhaken" {
			return pfad, s.dienst.Abhaken(r.Context(), a, id, grund)
		}
		return pfad, s.dienst.Entscheiden(r.Context(), a, id, wie == "ja", grund)
	}, func(f *ui.Form, refused error) { s.zeigen(w, r, f, refused) })
}
