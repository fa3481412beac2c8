// Package datensicherung is the page of the backups: where to, when last, whether they can be
// restored, and the recovery code.
package datensicherung

import (
	"context"
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/stoerung"
)

//go:embed *.html
var files embed.FS

const pfad = "/stoerungen/datensicherung"

// Dienst makes backups and tests them; the composition root supplies it.
type Dienst interface {
	Stand() stoerung.Datensicherung
	ZielSetzen(ordner string) error
	// Sichern and Pruefen ask for it; Stand says how it went.
	Sichern()
	Pruefen()
	// Codeblatt makes a new recovery code and returns the sheet to print, the only time.
	Codeblatt(ctx context.Context) ([]byte, error)
	CodePruefen(text string) (bool, error)
}

// Seite shows the backups.
type Seite struct {
	dienst Dienst
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d Dienst) (*Seite, error) {
	t, err := r.Parse(files, "datensicherung.html")
	return &Seite{d, r, t}, err
}

// Routes registers the addresses of the page.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pfad, func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil, nil) })
	mux.HandleFunc("POST "+pfad, s.sichern)
	mux.HandleFunc("POST "+pfad+"/pruefen", s.pruefen)
	mux.HandleFunc("POST "+pfad+"/ordner", s.ordner)
	mux.HandleFunc("POST "+pfad+"/code", s.code)
	mux.HandleFunc("POST "+pfad+"/code/pruefen", s.codePruefen)
}

type seite struct {
	ui.Base
	Stand   stoerung.Datensicherung
	Ordner  string // as typed, else as set
	Richtig bool   // the code that was typed is the one of now
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, typed *ui.Form, refused error) {
	page := seite{Base: s.rahmen.Base(r, "/stoerungen", "datensicherung.titel"), Stand: s.dienst.Stand()}
	page.Hier, page.Ordner = pfad, page.Stand.Ordner
	if typed != nil && typed.Werte.Has("ordner") {
		page.Ordner = typed.Text("ordner")
	}
	page.Richtig = ui.Anfrage(r).Ja("richtig")
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	if ui.WillJSON(r) {
		ui.JSON(w, status, page.Stand)
		return
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, status, page)
}

// tat is an act of somebody who is named.
func (s *Seite) tat(w http.ResponseWriter, r *http.Request, act func(f *ui.Form) (string, error)) {
	s.rahmen.Tat(w, r, func(f *ui.Form, _, user string) (string, error) {
		if err := workflow.Angemeldet(user); err != nil {
			return "", err
		}
		return act(f)
	}, func(f *ui.Form, refused error) { s.zeigen(w, r, f, refused) })
}

func (s *Seite) sichern(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(*ui.Form) (string, error) {
		s.dienst.Sichern()
		return pfad, nil
	})
}

func (s *Seite) pruefen(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(*ui.Form) (string, error) {
		s.dienst.Pruefen()
		return pfad, nil
	})
}

func (s *Seite) ordner(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(f *ui.Form) (string, error) {
		folder := f.Text("ordner")
		if f.Err != nil {
			return "", f.Err
		}
		return pfad, s.dienst.ZielSetzen(folder)
	})
}

func (s *Seite) codePruefen(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(f *ui.Form) (string, error) {
		ok, err := s.dienst.CodePruefen(f.Text("code"))
		if err == nil && !ok {
			err = fault.New(fault.Invalid, "D-136", "Der Code ist ohne Tippfehler, gilt aber nicht mehr: Er öffnet nur "+
				"Sicherungen "+
				"seiner Zeit; bitte den neuesten Ausdruck nehmen.", nil)
		}
		return pfad + "?richtig=ja", err
	})
}

// code answers with the sheet itself: it is nowhere else, so there is no address to lead to.
func (s *Seite) code(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	user, err := s.rahmen.Wer(r)
	if err == nil {
		err = workflow.Angemeldet(user)
	}
	if err == nil && s.dienst.Stand().Code && !f.Ja("ersetzen") {
		err = fault.New(fault.Invalid, "D-137", "Es gibt schon einen Wiederherstellungscode; bitte ankreuzen, dass "+
			"der alte Ausdruck "+
			"nicht mehr gelten soll.", nil)
	}
	var pdf []byte
	if err == nil {
		pdf, err = s.dienst.Codeblatt(r.Context())
	}
	if err != nil {
		s.zeigen(w, r, f, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="wiederherstellungscode.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(pdf) // the client has gone away: it makes another one
}
