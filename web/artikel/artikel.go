// Package artikel is the Preisauskunft: search with filters, and everything about one
// PZN.
package artikel

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/web/katalog"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/web/telefon"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/eigene"
)

//go:embed *.html
var files embed.FS

const pfad = "/artikel"

// Dienste is what the pages stand on.
type Dienste struct {
	Suche   *artikelsuche.Service
	Telefon bool            // the price list can be downloaded
	Koppeln bool            // there is a page about phones
	Katalog bool            // there are pages of the catalogue
	Eigene  *eigene.Service // nil: nothing is the pharmacy's own
}

// Seite shows articles.
type Seite struct {
	Dienste
	rahmen       *ui.Rahmen
	liste, blatt *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	s := &Seite{Dienste: d, rahmen: r}
	var err error
	if s.liste, err = r.Parse(files, "liste.html"); err != nil {
		return nil, err
	}
	s.blatt, err = r.Parse(files, "blatt.html")
	return s, err
}

// Routes registers the addresses of articles.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /artikel", s.suchen)
	mux.HandleFunc("GET /artikel/{pzn}", s.zeigen)
}

// liste is the page of the hits.
type liste struct {
	ui.Base
	Filter
	Suche    string
	Gesucht  bool
	Telefon  string // address of the price list for a phone; empty if there is none
	Koppeln  string // address of the page about phones; empty if there is none
	Katalog  string // address of the generations; empty if there is none
	Eigene   bool   // there are pages of what is the pharmacy's own
	Ergebnis artikelsuche.Ergebnis
}

// grenze is how many hits a list shows.
const grenze = 50

func (s *Seite) suchen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	page := liste{Base: s.rahmen.Base(r, pfad, "artikel.titel"), Suche: f.Suche("q"), Filter: FilterAus(f)}
	page.Partner = page.IK != "" // here it is typed for nothing else
	if f.Err == nil && page.Toggled {
		http.Redirect(w, r, pfad+"?"+page.adresse(page.Suche), http.StatusSeeOther)
		return
	}
	page.Gesucht = page.Suche != "" || page.Guenstiger != ""
	if s.Telefon {
		page.Telefon = preisauskunft.Pfad
	}
	if s.Koppeln {
		page.Koppeln = telefon.Pfad
	}
	if s.Katalog {
		page.Katalog = katalog.Pfad
	}
	page.Eigene = s.Eigene != nil
	err := f.Err
	if err == nil {
		err = page.ikFalsch()
	}
	if err == nil && page.Gesucht {
		page.Ergebnis, err = s.Suche.Suche(r.Context(), page.Anfrage(page.Suche, grenze))
	}
	page.Gesucht = page.Gesucht && err == nil // else the message says what to do, not the list
	if hits := page.Ergebnis.Treffer; err == nil && len(hits) == 1 && string(hits[0].Artikel.PZN) == page.Suche {
		http.Redirect(w, r, pfad+"/"+url.PathEscape(page.Suche), http.StatusSeeOther)
		return
	}
	s.rahmen.SeiteStatus(w, r, s.liste, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}
