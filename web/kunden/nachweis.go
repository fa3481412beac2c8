package kunden

import (
	"context"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/domain/nachweis"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/zuzahlungsnachweis"
)

// PDF prints the statement.
type PDF = func(context.Context, nachweis.Nachweis) ([]byte, error)

// Nachweis is the page of a customer's Zuzahlungen of a year.
type Nachweis struct {
	rahmen *ui.Rahmen
	dienst *zuzahlungsnachweis.Service
	pdf    PDF
	seite  *template.Template
}

// NewNachweis returns the page; without pdf nothing can be printed.
func NewNachweis(r *ui.Rahmen, d *zuzahlungsnachweis.Service, pdf PDF) (*Nachweis, error) {
	t, err := r.Parse(files, "nachweis.html")
	return &Nachweis{rahmen: r, dienst: d, pdf: pdf, seite: t}, err
}

// Routes registers the addresses.
func (s *Nachweis) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /kunden/{id}/zuzahlungen", s.zeigen)
	if s.pdf != nil {
		mux.HandleFunc("GET /kunden/{id}/zuzahlungen/pdf", s.drucken)
	}
}

type nachweisseite struct {
	ui.Base
	ID  string
	N   nachweis.Nachweis
	PDF bool
}

func (s *Nachweis) lesen(r *http.Request) (nachweis.Nachweis, error) {
	f := ui.Anfrage(r)
	jahr := f.Zahl("jahr")
	if f.Err != nil {
		return nachweis.Nachweis{}, f.Err
	}
	return s.dienst.Nachweis(r.Context(), r.PathValue("id"), jahr)
}

func (s *Nachweis) zeigen(w http.ResponseWriter, r *http.Request) {
	n, err := s.lesen(r)
	page := nachweisseite{Base: s.rahmen.Base(r, pfad, "kunden.nachweis"), ID: r.PathValue("id"), N: n, PDF: s.pdf != nil}
	s.rahmen.SeiteStatus(w, r, s.seite, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Nachweis) drucken(w http.ResponseWriter, r *http.Request) {
	n, err := s.lesen(r)
	var file []byte
	if err == nil {
		file, err = s.pdf(r.Context(), n)
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	_, _ = w.Write(file) // the client has gone away: nobody is left to tell
}
