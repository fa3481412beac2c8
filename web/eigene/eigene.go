// Package eigene shows and changes the articles and prices of the pharmacy's own.
package eigene

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/eigene"
)

//go:embed *.html
var files embed.FS

// Pfad is the address of the list.
const Pfad = "/eigene"

// bereich is the entry of the navigation to which the pages belong.
const bereich = "/artikel"

// Seite shows what is the pharmacy's own.
type Seite struct {
	dienst            *eigene.Service
	rahmen            *ui.Rahmen
	liste, neu, blatt *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d *eigene.Service) (*Seite, error) {
	s := &Seite{dienst: d, rahmen: r}
	for _, p := range []struct {
		t    **template.Template
		file string
	}{{&s.liste, "liste.html"}, {&s.neu, "neu.html"}, {&s.blatt, "blatt.html"}} {
		var err error
		if *p.t, err = r.Parse(files, p.file, "felder.html"); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Routes registers the addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /eigene", func(w http.ResponseWriter, r *http.Request) { s.listen(w, r, nil, nil) })
	mux.HandleFunc("POST /eigene", s.anlegen)
	mux.HandleFunc("POST /eigene/einlesen", s.einlesen)
	mux.HandleFunc("GET /eigene/neu", func(w http.ResponseWriter, r *http.Request) { s.neuer(w, r, nil, nil) })
	mux.HandleFunc("GET /eigene/{pzn}", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil, nil) })
	mux.HandleFunc("POST /eigene/{pzn}", s.aendern)
	mux.HandleFunc("POST /eigene/{pzn}/preis", s.preis)
	mux.HandleFunc("POST /eigene/{pzn}/beenden", s.beenden)
	for name, act := range map[string]func(context.Context, workflow.Auftrag, kennung.PZN) error{
		"auslisten": s.dienst.Auslisten, "aufnehmen": s.dienst.Aufnehmen, "zurueck": s.dienst.Zurueck,
	} {
		mux.HandleFunc("POST /eigene/{pzn}/"+name, func(w http.ResponseWriter, r *http.Request) { s.einfach(w, r, act) })
	}
}

func adresse(p kennung.PZN) string { return Pfad + "/" + url.PathEscape(string(p)) }

func pznVon(r *http.Request) kennung.PZN { return kennung.PZN(r.PathValue("pzn")) }

// liste is the page of everything that is the pharmacy's own.
type liste struct {
	ui.Base
	Suche   string
	Liste   eigene.Liste
	Bericht *eigene.Bericht
}

func (s *Seite) listen(w http.ResponseWriter, r *http.Request, b *eigene.Bericht, refused error) {
	f := ui.Anfrage(r)
	page := liste{Base: s.rahmen.Base(r, bereich, "eigene.titel"), Suche: f.Suche("q"), Bericht: b}
	page.Hier = Pfad
	if p, err := kennung.ParsePZN(page.Suche); err == nil && refused == nil && b == nil {
		if _, err := s.dienst.Artikel(r.Context(), p); err == nil {
			http.Redirect(w, r, adresse(p), http.StatusSeeOther)
			return
		}
	}
	var err error
	page.Liste, err = s.dienst.Liste(r.Context(), page.Suche)
	for _, e := range []error{f.Err, refused} {
		if e != nil {
			err = e
		}
	}
	s.rahmen.SeiteStatus(w, r, s.liste, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

// einlesen sets what a file holds and reports each faulty line.
func (s *Seite) einlesen(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	user, err := s.rahmen.Wer(r)
	file := f.Datei()
	if err == nil {
		err = f.Err
	}
	if err != nil {
		s.listen(w, r, nil, err)
		return
	}
	b, err := s.dienst.Einlesen(r.Context(), workflow.Auftrag{Key: f.Text("key"), Actor: user}, bytes.NewReader(file))
	s.listen(w, r, &b, err)
}

// neu is the page of an article that is made.
type neu struct {
	ui.Base
	Felder felder
}

func (s *Seite) neuer(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	page := neu{Base: s.rahmen.Base(r, bereich, "eigene.neu")}
	page.Hier = Pfad + "/neu"
	if f != nil {
		page.Felder = getippt(f)
	}
	page.Felder.Neu = true
	var err error
	if page.Felder.Vorschlag, err = s.dienst.Vorschlag(r.Context()); refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.neu, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Seite) anlegen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		e := eingabe(f)
		if f.Err != nil {
			return "", f.Err
		}
		pzn, err := s.dienst.Anlegen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, e)
		return adresse(pzn), err
	}, func(f *ui.Form, refused error) { s.neuer(w, r, f, refused) })
}

// blatt is the page of one PZN.
type blatt struct {
	ui.Base
	Auskunft       eigene.Auskunft
	Felder         felder
	Preis, Ab, Bis string // of a new price, as typed
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	a, err := s.dienst.Artikel(r.Context(), pznVon(r))
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := blatt{Base: s.rahmen.Base(r, bereich, "eigene.titel"), Auskunft: a}
	page.Titel, page.Hier = a.Heute.Name, adresse(a.PZN)
	if a.Eigener != nil {
		page.Felder = gespeichert(a.Eigener.Eingabe)
	}
	if f != nil {
		if f.Werte.Has("name") {
			page.Felder = getippt(f)
		}
		page.Preis, page.Ab, page.Bis = f.Werte.Get("preis_neu"), f.Werte.Get("ab"), f.Werte.Get("bis")
	}
	s.rahmen.SeiteStatus(w, r, s.blatt, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

func (s *Seite) aendern(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(f *ui.Form, a workflow.Auftrag) error {
		e := eingabe(f)
		if f.Err != nil {
			return f.Err
		}
		return s.dienst.Aendern(r.Context(), a, pznVon(r), e)
	})
}

func (s *Seite) preis(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(f *ui.Form, a workflow.Auftrag) error {
		e := eigene.Preiseingabe{PZN: pznVon(r), Preis: f.Geld("preis_neu"), Ab: f.Tag("ab"), Bis: f.Tag("bis")}
		if f.Err != nil {
			return f.Err
		}
		return s.dienst.Preis(r.Context(), a, e)
	})
}

func (s *Seite) beenden(w http.ResponseWriter, r *http.Request) {
	s.tat(w, r, func(f *ui.Form, a workflow.Auftrag) error {
		ab := f.Tag("ab")
		if f.Err != nil {
			return f.Err
		}
		return s.dienst.Beenden(r.Context(), a, pznVon(r), ab)
	})
}

func (s *Seite) einfach(
	w http.ResponseWriter, r *http.Request, act func(context.Context, workflow.Auftrag, kennung.PZN) error,
) {
	s.tat(w, r, func(_ *ui.Form, a workflow.Auftrag) error { return act(r.Context(), a, pznVon(r)) })
}

// tat does an act about one PZN and shows its page, or the list if it came from there.
func (s *Seite) tat(w http.ResponseWriter, r *http.Request, act func(*ui.Form, workflow.Auftrag) error) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		to := adresse(pznVon(r))
		if f.Ja("liste") {
			to = Pfad
		}
		return to, act(f, workflow.Auftrag{Key: key, Actor: user})
	}, func(f *ui.Form, refused error) {
		if f.Ja("liste") {
			s.listen(w, r, nil, refused)
			return
		}
		s.zeigen(w, r, f, refused)
	})
}
