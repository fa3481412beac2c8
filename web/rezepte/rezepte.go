// Package rezepte shows the prescriptions on file: what is open, until when, what is
// missing; and takes new ones in, from a file or typed from paper.
package rezepte

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
)

//go:embed *.html
var files embed.FS

const pfad = "/rezepte"

// Muster16PDF prints what a Bon adds to the paper prescription with the id.
type Muster16PDF func(ctx context.Context, b verkauf.BonAnsicht, rezept string) ([]byte, error)

// Dienste is what the pages stand on.
type Dienste struct {
	Rezepte *rezeptannahme.Service
	Auswahl *auswahl.Service
	Verkauf *verkauf.Service
	Haus    *haus.Service
	PDF     Muster16PDF // nil: not set up
}

// Seite shows prescriptions.
type Seite struct {
	Dienste
	rahmen               *ui.Rahmen
	liste, blatt, papier *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	s := &Seite{Dienste: d, rahmen: r}
	for name, t := range map[string]**template.Template{
		"liste.html": &s.liste, "rezept.html": &s.blatt, "muster16.html": &s.papier,
	} {
		var err error
		if *t, err = r.Parse(files, name); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Routes registers the addresses of prescriptions.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /rezepte", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	mux.HandleFunc("GET /rezepte/muster16", func(w http.ResponseWriter, r *http.Request) {
		s.formular(w, r, ui.Anfrage(r), nil)
	})
	mux.HandleFunc("GET /rezepte/{id}", func(w http.ResponseWriter, r *http.Request) { s.einzeln(w, r, nil) })
	mux.HandleFunc("POST /rezepte/datei", s.datei)
	mux.HandleFunc("POST /rezepte/muster16", s.erfassen)
	mux.HandleFunc("POST /rezepte/{id}/zurueckgeben", s.zurueckgeben)
	mux.HandleFunc("POST /rezepte/{id}/druck/{nummer}", s.drucken)
}

// zeile is a prescription with what its periods say today.
type zeile struct {
	rezeptannahme.Eintrag
	Frist rezept.Frist
	Tage  int // until the last day at the cost of the payer; negative: over
	Fehlt int // packs still to hand over
}

func neueZeile(e rezeptannahme.Eintrag, today civil.Day) zeile {
	z := zeile{Eintrag: e}
	if e.Geloescht {
		return z
	}
	z.Frist = e.Rezept.Fristen()
	if z.Frist.Traeger.Valid() {
		z.Tage = z.Frist.Traeger.Sub(today)
	}
	for i, v := range e.Rezept.Verordnungen {
		if i < len(e.Abgegeben) {
			z.Fehlt += max(v.Packungen-e.Abgegeben[i], 0)
		}
	}
	return z
}

// Lebt reports whether something can still be handed over.
func (z zeile) Lebt() bool {
	return !z.Geloescht && (z.Zustand == rezeptannahme.Offen || z.Zustand == rezeptannahme.Teilweise)
}

// Gruppe is a state that can be chosen.
type gruppe struct {
	Zustand rezeptannahme.Zustand
	Text    string // key of its text
}

func gruppen() []gruppe {
	return []gruppe{
		{rezeptannahme.Offen, "rezepte.offen"},
		{rezeptannahme.Teilweise, "rezepte.teilweise"},
		{rezeptannahme.Beliefert, "rezepte.beliefert"},
		{rezeptannahme.Zurueckgegeben, "rezepte.zurueckgegeben"},
	}
}

type listenseite struct {
	ui.Base
	Gruppen []gruppe
	Zustand rezeptannahme.Zustand
	Zeilen  []zeile
	Datei   bool // files may be read
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	page := listenseite{Base: s.rahmen.Base(r, pfad, "rezepte.titel"), Gruppen: gruppen(), Zustand: rezeptannahme.Offen}
	for _, g := range page.Gruppen {
		if r.URL.Query().Get("zustand") == string(g.Zustand) {
			page.Zustand = g.Zustand
		}
	}
	page.Hier = pfad + "?zustand=" + string(page.Zustand)
	list, err := s.Rezepte.Liste(r.Context(), rezeptannahme.Filter{Zustand: page.Zustand})
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	house, err := s.Haus.Einstellungen(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page.Datei = house.ERezeptDatei
	for _, e := range list {
		page.Zeilen = append(page.Zeilen, neueZeile(e, clock.Today(s.rahmen.Clock)))
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	s.rahmen.SeiteStatus(w, r, s.liste, status, page)
}

// blatt is the page of one prescription.
type blatt struct {
	ui.Base
	R       zeile
	Zeilen  []verordnung
	Auswahl *auswahl.Ergebnis
	Nr      int // line whose candidates are shown
	Papier  bool
	PDF     bool
}

type verordnung struct {
	rezept.Verordnung
	Nr, Abgegeben int
}

// Offen are the packs still to hand over.
func (v verordnung) Offen() int { return max(v.Packungen-v.Abgegeben, 0) }

func (s *Seite) einzeln(w http.ResponseWriter, r *http.Request, refused error) {
	e, ok, err := s.Rezepte.Find(r.Context(), r.PathValue("id"))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "R-406", "Dieses Rezept gibt es nicht – suchen Sie es in der Liste.", nil)
	}
	page := blatt{
		Base: s.rahmen.Base(r, pfad, "rezepte.rezept"), R: neueZeile(e, clock.Today(s.rahmen.Clock)),
		Papier: e.Rezept.Herkunft == rezept.Muster16, PDF: s.PDF != nil,
	}
	for i, v := range e.Rezept.Verordnungen {
		page.Zeilen = append(page.Zeilen, verordnung{v, i, e.Abgegeben[i]})
	}
	if f := ui.Anfrage(r); err == nil && f.Text("zeile") != "" {
		page.Nr = f.Zahl("zeile")
		var found auswahl.Ergebnis
		if err = f.Err; err == nil {
			found, err = s.Auswahl.Auswahl(r.Context(), e.ID, page.Nr)
		}
		page.Auswahl = &found
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page.Hier = adresse(e.ID)
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	s.rahmen.SeiteStatus(w, r, s.blatt, status, page)
}

func adresse(id string) string { return pfad + "/" + url.PathEscape(id) }

func (s *Seite) datei(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		xml := f.Datei()
		if f.Err != nil {
			return "", f.Err
		}
		e, err := s.Rezepte.Datei(r.Context(), workflow.Auftrag{Key: key, Actor: user}, xml)
		return adresse(e.ID), err
	}, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
}

func (s *Seite) zurueckgeben(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		grund := f.Text("grund")
		if f.Err != nil {
			return "", f.Err
		}
		return adresse(id), s.Rezepte.Zurueckgeben(r.Context(), workflow.Auftrag{Key: key, Actor: user}, id, grund)
	}, func(_ *ui.Form, refused error) { s.einzeln(w, r, refused) })
}

// drucken puts the print on record and answers with it.
func (s *Seite) drucken(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	b, err := s.druck(r, f)
	if err != nil {
		s.einzeln(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="muster-16.pdf"`)
	_, _ = w.Write(b) //nolint:gosec // a PDF, not HTML; the client may have gone away
}

func (s *Seite) druck(r *http.Request, f *ui.Form) ([]byte, error) {
	if s.PDF == nil {
		return nil, fault.New(fault.Unavailable, "W-421",
			"Der Druck auf Muster 16 ist hier nicht eingerichtet – füllen Sie das Formular von Hand aus.", nil)
	}
	user, err := s.rahmen.Wer(r)
	if err != nil {
		return nil, err
	}
	nummer, id := r.PathValue("nummer"), r.PathValue("id")
	v, err := s.Verkauf.Bon(r.Context(), nummer)
	if err != nil {
		return nil, err
	}
	pdf, err := s.PDF(r.Context(), v, id)
	if err != nil {
		return nil, err
	}
	return pdf, s.Verkauf.Druck(r.Context(), workflow.Auftrag{Key: f.Text("key"), Actor: user}, nummer, id)
}
