// Package katalog shows the generations of the catalogue with the reports of the gate, lets
// people choose among them, and says what a change of price does to the own stock.
package katalog

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/einspielung"
	"github.com/offizin/offizin/workflow/katalogstand"
	"github.com/offizin/offizin/workflow/katalogwahl"
)

//go:embed *.html
var files embed.FS

// Pfad is the address of the list of generations.
const Pfad = "/katalog"

// bereich is the entry of the navigation to which the pages belong.
const bereich = "/artikel"

// Dienste is what the pages stand on.
type Dienste struct {
	Stand *katalogstand.Service
	Wahl  *katalogwahl.Service // nil: choosing stays with the commands

	Einspielung *einspielung.Service // nil: reading in stays with the command
}

// Seite shows the catalogue.
type Seite struct {
	Dienste
	rahmen                                              *ui.Rahmen
	liste, blatt, aenderung, wahlen, verlauf, einspielt *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	s := &Seite{Dienste: d, rahmen: r}
	for _, p := range []struct {
		t    **template.Template
		file string
	}{
		{&s.liste, "liste.html"},
		{&s.blatt, "blatt.html"},
		{&s.aenderung, "preise.html"},
		{&s.wahlen, "wahl.html"},
		{&s.verlauf, "verlauf.html"},
		{&s.einspielt, "einspielen.html"},
	} {
		var err error
		if *p.t, err = r.Parse(files, p.file, "kopf.html"); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Routes registers the addresses of the catalogue.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /katalog", s.listen)
	mux.HandleFunc("GET /katalog/preise", s.preise)
	mux.HandleFunc("GET /katalog/{id}", s.zeigen)
	if s.Einspielung != nil {
		mux.HandleFunc("GET /katalog/einspielen", s.einspielseite)
		mux.HandleFunc("POST /katalog/einspielen", s.beginnen)
		mux.HandleFunc("GET /katalog/einspielen/stand", s.stand)
		mux.HandleFunc("POST /katalog/einspielen/abbrechen", s.abbrechen)
		mux.HandleFunc("POST /katalog/einspielen/hochladen", s.hochladen)
	}
	if s.Wahl != nil {
		mux.HandleFunc("GET /katalog/wahl", s.fragen)
		mux.HandleFunc("POST /katalog/wahl", s.waehlen)
		mux.HandleFunc("GET /katalog/verlauf", s.verlaufen)
	}
}

// kopf is what all pages of the catalogue have above.
type kopf struct {
	ui.Base
	Welcher  string // "liste", "einspielen", "preise", "etiketten", "verlauf", "wahl" or "blatt"
	Waehlbar bool   // there is a page for choosing
	Bauend   bool   // there is a page for reading in
}

func (s *Seite) kopf(r *http.Request, welcher, titel string) kopf {
	return kopf{s.rahmen.Base(r, bereich, titel), welcher, s.Wahl != nil, s.Einspielung != nil}
}

// liste is the page of the generations.
type liste struct {
	kopf
	Stand katalogstand.Stand
	Lauf  *fortschritt // of a build that goes on; nil: none
}

func (s *Seite) listen(w http.ResponseWriter, r *http.Request) {
	page := liste{kopf: s.kopf(r, "liste", "katalog.titel"), Stand: s.Stand.Stand()}
	if l := s.lauf(); l != nil && l.Zustand == einspielung.Laeuft {
		page.Lauf = l
	}
	s.rahmen.Seite(w, r, s.liste, page)
}

// blatt is the page of one generation.
type blatt struct {
	kopf
	Auskunft katalogstand.Auskunft
	Wahl     string // address of the choice that fits its state; empty: none
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) {
	a, err := s.Stand.Generation(r.PathValue("id"))
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	s.rahmen.Seite(w, r, s.blatt, blatt{s.kopf(r, "blatt", "katalog.titel"), a, s.passende(a)})
}

// passende is the address of the choice that fits the state of a generation.
func (s *Seite) passende(a katalogstand.Auskunft) string {
	switch {
	case s.Wahl == nil || a.Zustand == katalogstand.Kommt:
		return ""
	case a.Zustand == katalogstand.Gilt:
		return adresse(catalogue.Zurueckgenommen, "")
	}
	return adresse(catalogue.Aktiviert, a.ID)
}

// preise is the page of what a change of price does to the own stock.
type preise struct {
	kopf
	Liste katalogstand.Preisliste
	CSV   string // address of the file
}

func (s *Seite) preise(w http.ResponseWriter, r *http.Request) {
	welcher := "preise"
	if r.URL.Query().Get("nur") == "etiketten" {
		welcher = "etiketten"
	}
	page := preise{kopf: s.kopf(r, welcher, "katalog."+welcher)}
	var err error
	if page.Liste, err = s.Stand.Preise(r.Context()); err == nil && welcher == "etiketten" {
		page.Liste = page.Liste.Etiketten()
	}
	if err == nil && r.URL.Query().Get("format") == "csv" {
		datei(w, welcher, page.Liste)
		return
	}
	page.CSV = r.URL.Path + "?" + url.Values{"nur": {welcher}, "format": {"csv"}}.Encode()
	s.rahmen.SeiteStatus(w, r, s.aenderung, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

// datei answers with the list as a file.
func datei(w http.ResponseWriter, welcher string, p katalogstand.Preisliste) {
	name := welcher
	if p.Neu.ID != "" {
		name += "-" + p.Am.String()
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	_ = p.CSV(w) // the client has gone away: nobody is left to tell
}
