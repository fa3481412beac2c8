// Package pruefung is the pages of an auditor: what he may see, and nothing else; and for the
// Inhaber who lets him in and what he has looked at.
package pruefung

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"io"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/pruefung"
)

//go:embed *.html
var files embed.FS

const pfad = "/pruefung"

// Datei is something that an auditor takes with him.
type Datei struct {
	Pfad, Text, Name, Typ string // last part of the address, German, file name, MIME type
	Schreiben             func(ctx context.Context, von, bis civil.Day, w io.Writer) error
}

// Dateien are all of them.
type Dateien = []Datei

// Seite shows them.
type Seite struct {
	rahmen    *ui.Rahmen
	dienst    *pruefung.Service
	dateien   Dateien
	verfahren Verfahren // nil: cannot be written

	uebersicht, tabelle, blatt *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d *pruefung.Service, list Dateien, v Verfahren) (*Seite, error) {
	s := &Seite{rahmen: r, dienst: d, dateien: list, verfahren: v}
	var err error
	if s.blatt, err = r.Parse(files, "verfahren.html"); err != nil {
		return nil, err
	}
	if s.uebersicht, err = r.Parse(files, "uebersicht.html"); err != nil {
		return nil, err
	}
	s.tabelle, err = r.Parse(files, "tabelle.html")
	return s, err
}

// Routes registers the addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /pruefung", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil, nil) })
	mux.HandleFunc("POST /pruefung/oeffnen", s.oeffnen)
	mux.HandleFunc("POST /pruefung/beenden", s.beenden)
	mux.HandleFunc("GET /pruefung/belege", s.liste("pruefung.belege", s.belege))
	mux.HandleFunc("GET /pruefung/beleg/{nummer}", s.liste("pruefung.belege", s.beleg))
	mux.HandleFunc("GET /pruefung/abschluesse", s.liste("pruefung.abschluesse", s.abschluesse))
	mux.HandleFunc("GET /pruefung/abschluss/{till}/{nummer}", s.liste("pruefung.abschluesse", s.abschluss))
	mux.HandleFunc("GET /pruefung/kassenbuch", s.liste("pruefung.kassenbuch", s.kassenbuch))
	mux.HandleFunc("GET /pruefung/ausfaelle", s.liste("pruefung.ausfaelle", s.ausfaelle))
	mux.HandleFunc("GET /pruefung/aenderungen", s.liste("pruefung.aenderungen", s.aenderungen))
	mux.HandleFunc("GET /pruefung/verfahren", s.zeigeVerfahren)
	mux.HandleFunc("GET /pruefung/datei/{was}", s.datei)
}

// einsehen puts the look on record and says what may be seen.
func (s *Seite) einsehen(r *http.Request) (z pruefung.Zugang, haus bool, err error) {
	wer, err := s.rahmen.Wer(r)
	if err != nil {
		return z, false, err
	}
	f := ui.Anfrage(r)
	von, bis := f.Tag("von"), f.Tag("bis")
	if f.Err != nil {
		return z, false, f.Err
	}
	what := r.URL.Path
	if day := f.Tag("tag"); day != 0 {
		what += " " + day.German()
	}
	z, err = s.dienst.Einsehen(r.Context(), wer, what, pruefung.Blick{Pruefung: f.Text("pruefung"), Von: von, Bis: bis})
	return z, z.ID == "", err
}

// q is the audit as the addresses have it, or the period that the house looks at.
func q(z pruefung.Zugang) string {
	if z.ID != "" {
		return "?" + url.Values{"pruefung": {z.ID}}.Encode()
	}
	if z.Von == 0 {
		return ""
	}
	return "?" + url.Values{"von": {z.Von.German()}, "bis": {z.Bis.German()}}.Encode()
}

type uebersichtseite struct {
	ui.Base
	Z       pruefung.Zugang
	Q       string
	Haus    bool
	Offen   []pruefung.Zugang // more than one: the auditor chooses
	Dateien Dateien
	Pruefer []string
	Akten   []pruefung.Akte
	Eingabe map[string]string
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	page := uebersichtseite{Base: s.rahmen.Base(r, pfad, "pruefung.titel"), Dateien: s.dateien}
	page.Eingabe = map[string]string{}
	page.Hier = pfad
	var err error
	if page.Z, page.Haus, err = s.einsehen(r); err == nil && page.Haus {
		if page.Pruefer, err = s.dienst.Pruefer(r.Context()); err == nil {
			page.Akten, err = s.dienst.Akten(r.Context(), page.Benutzer.Kuerzel)
		}
	}
	page.Haus = page.Haus && err == nil
	err = s.mehrere(r, &page, err)
	page.Q = q(page.Z)
	if f != nil {
		for _, name := range []string{"von", "bis", "ende", "anlass"} {
			page.Eingabe[name] = f.Werte.Get(name)
		}
	}
	if refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.uebersicht, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

// mehrere has an auditor choose if more than one audit is open for him.
func (s *Seite) mehrere(r *http.Request, page *uebersichtseite, refused error) error {
	list, err := s.dienst.Offene(r.Context(), page.Benutzer.Kuerzel)
	if err != nil || len(list) < 2 {
		return errors.Join(refused, err)
	}
	page.Offen = list
	var f *fault.Fault
	if errors.As(refused, &f) && f.Code == "D-720" { // the page itself asks
		return nil
	}
	return refused
}

func (s *Seite) oeffnen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		v := pruefung.Vorhaben{
			Kuerzel: f.Text("kuerzel"), Von: f.Tag("von"), Bis: f.Tag("bis"), Ende: f.Tag("ende"), Anlass: f.Text("anlass"),
		}
		if f.Err != nil {
			return "", f.Err
		}
		return pfad, s.dienst.Eroeffnen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, v)
	}, func(f *ui.Form, refused error) { s.zeigen(w, r, f, refused) })
}

func (s *Seite) beenden(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		return pfad, s.dienst.Beenden(r.Context(), workflow.Auftrag{Key: key, Actor: user}, f.Text("id"))
	}, func(f *ui.Form, refused error) { s.zeigen(w, r, f, refused) })
}

// datei writes into a file first: what fails half way is said, and nothing is sent.
func (s *Seite) datei(w http.ResponseWriter, r *http.Request) {
	var d *Datei
	for i := range s.dateien {
		if s.dateien[i].Pfad == r.PathValue("was") {
			d = &s.dateien[i]
		}
	}
	z, _, err := s.einsehen(r)
	if err == nil && d == nil {
		err = fault.New(fault.NotFound, "T-741", "Diese Datei gibt es nicht – wählen Sie eine aus der Liste.", nil)
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	err = s.rahmen.Datei(w, r, d.Name, d.Typ, func(out io.Writer) error {
		return d.Schreiben(r.Context(), z.Von, z.Bis, out)
	})
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
	}
}
