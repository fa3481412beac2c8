// Package kunden keeps the customers on file: search, put on file, change, erase.
package kunden

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
	posten "github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/web/rezepte"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/offeneposten"
	"github.com/offizin/offizin/workflow/person"
)

//go:embed *.html
var files embed.FS

const pfad = "/kunden"

// Seite shows customers.
type Seite struct {
	personen     *person.Service
	posten       *offeneposten.Service
	rahmen       *ui.Rahmen
	liste, blatt *template.Template
}

// New returns the page. Without o nobody keeps what customers owe.
func New(r *ui.Rahmen, p *person.Service, o *offeneposten.Service) (*Seite, error) {
	s := &Seite{personen: p, posten: o, rahmen: r}
	var err error
	if s.liste, err = r.Parse(files, "liste.html"); err != nil {
		return nil, err
	}
	s.blatt, err = r.Parse(files, "kunde.html")
	return s, err
}

// Routes registers the addresses of customers.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /kunden", s.suchen)
	mux.HandleFunc("GET /kunden/neu", s.neu)
	mux.HandleFunc("GET /kunden/{id}", s.zeigen)
	mux.HandleFunc("GET /kunden/{id}/loeschen", s.fragen)
	mux.HandleFunc("POST /kunden", s.anlegen)
	mux.HandleFunc("POST /kunden/{id}", s.aendern)
	mux.HandleFunc("POST /kunden/{id}/loeschen", s.loeschen)
}

// liste is the page of all who match.
type liste struct {
	ui.Base
	Suche  string
	Kunden []person.Person
}

func (s *Seite) suchen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	text := f.Text("q")
	list, err := s.personen.Suche(r.Context(), text)
	if f.Err != nil {
		err = f.Err
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	s.rahmen.Seite(w, r, s.liste, liste{s.rahmen.Base(r, pfad, "kunden.titel"), text, list})
}

// blatt is the page of one customer; without ID a new one.
type blatt struct {
	ui.Base
	Person   person.Person
	Eingabe  map[string]string // the dates as they were typed
	Hinweise []befund.Befund
	Fragt    bool // asks whether to erase
	Kredit   []posten.Posten
	Schuldet money.Cent
	Traeger  []zuzahlung.Traeger
}

func (s *Seite) neu(w http.ResponseWriter, r *http.Request) {
	s.seite(w, r, blatt{Person: person.Person{Traeger: zuzahlung.GKV}}, nil)
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) { s.einer(w, r, false, nil) }

func (s *Seite) fragen(w http.ResponseWriter, r *http.Request) { s.einer(w, r, true, nil) }

func (s *Seite) einer(w http.ResponseWriter, r *http.Request, fragt bool, refused error) {
	p, ok, err := s.personen.Find(r.Context(), r.PathValue("id"))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "N-101", "Diese Person gibt es nicht (mehr) – suchen Sie sie neu.", nil)
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	b := blatt{Person: p, Fragt: fragt}
	if s.posten != nil {
		if b.Kredit, b.Schuldet, err = s.posten.Kredit(r.Context(), p.ID); err != nil {
			s.rahmen.FehlerZeigen(w, r, err)
			return
		}
	}
	s.seite(w, r, b, refused)
}

func (s *Seite) seite(w http.ResponseWriter, r *http.Request, b blatt, refused error) {
	b.Base = s.rahmen.Base(r, pfad, "kunden.neu")
	b.Hier = pfad + "/neu"
	if b.Person.ID != "" {
		b.Titel = b.Person.Name + ", " + b.Person.Vorname
		b.Hier = pfad + "/" + url.PathEscape(b.Person.ID)
	}
	if b.Eingabe == nil {
		b.Eingabe = map[string]string{"geburt": b.Person.Geburt.German(), "befreit_bis": b.Person.BefreitBis.German()}
		for k, v := range b.Eingabe {
			if b.Person.Geburt == 0 && k == "geburt" || b.Person.BefreitBis == 0 && k == "befreit_bis" {
				v = ""
			}
			b.Eingabe[k] = v
		}
	}
	b.Hinweise = person.Hinweise(b.Person)
	b.Traeger = rezepte.Traeger()
	status := s.rahmen.Abgelehnt(r, &b.Base, refused)
	s.rahmen.SeiteStatus(w, r, s.blatt, status, b)
}

// lies reads a person from the form.
func lies(f *ui.Form) person.Person {
	return person.Person{
		Name: f.Text("name"), Vorname: f.Text("vorname"), Geburt: f.Tag("geburt"), KVNR: f.Text("kvnr"),
		Traeger: zuzahlung.Traeger(f.Text("traeger")), IK: f.Text("ik"), Kostentraeger: f.Text("kostentraeger"),
		BefreitBis: f.Tag("befreit_bis"), Strasse: f.Text("strasse"), PLZ: f.Text("plz"), Ort: f.Text("ort"),
		Telefon: f.Text("telefon"),
	}
}

// noch shows the form again with what was typed.
func (s *Seite) noch(w http.ResponseWriter, r *http.Request, id string) func(*ui.Form, error) {
	return func(f *ui.Form, refused error) {
		p := lies(f)
		p.ID = id
		typed := map[string]string{"geburt": f.Text("geburt"), "befreit_bis": f.Text("befreit_bis")}
		s.seite(w, r, blatt{Person: p, Eingabe: typed}, refused)
	}
}

func (s *Seite) anlegen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		p := lies(f)
		if f.Err != nil {
			return "", f.Err
		}
		p, err := s.personen.Anlegen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, p)
		return pfad + "/" + url.PathEscape(p.ID), err
	}, s.noch(w, r, ""))
}

// aendern keeps what the form does not show.
func (s *Seite) aendern(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		p := lies(f)
		if f.Err != nil {
			return "", f.Err
		}
		old, _, err := s.personen.Find(r.Context(), id)
		if err != nil {
			return "", err
		}
		p.ID = id
		if p.Geburt == 0 {
			p.GeburtText = old.GeburtText
		}
		err = s.personen.Aendern(r.Context(), workflow.Auftrag{Key: key, Actor: user}, p)
		return pfad + "/" + url.PathEscape(id), err
	}, s.noch(w, r, id))
}

// loeschen erases for ever; the page before it named the person.
func (s *Seite) loeschen(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		grund := f.Text("grund")
		if f.Err == nil && grund == "" {
			f.Err = fault.New(fault.Invalid, "W-431", "Der Grund der Löschung fehlt – nennen Sie ihn kurz, ohne Namen.", nil)
		}
		if f.Err != nil {
			return "", f.Err
		}
		return pfad, s.personen.Loeschen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, id, grund)
	}, func(_ *ui.Form, refused error) { s.einer(w, r, true, refused) })
}
