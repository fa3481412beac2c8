// Package lager shows the stock, books goods in and corrects counts, and keeps the
// reservations with the list of what to order.
package lager

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/vormerkung"
)

//go:embed *.html
var files embed.FS

const pfad = "/lager"

// Dienste is what the pages stand on.
type Dienste struct {
	Lager      *lager.Service
	Vormerkung *vormerkung.Service
	// Zettel makes the slip of a reservation as PDF; nil: not set up.
	Zettel func(ctx context.Context, v vormerkung.Vormerkung) ([]byte, error)
}

// Seite shows the stock.
type Seite struct {
	Dienste
	rahmen                    *ui.Rahmen
	liste, artikel, vormerken *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	s := &Seite{Dienste: d, rahmen: r}
	for _, p := range []struct {
		t    **template.Template
		file string
	}{{&s.liste, "liste.html"}, {&s.artikel, "artikel.html"}, {&s.vormerken, "vormerkungen.html"}} {
		var err error
		if *p.t, err = r.Parse(files, p.file, "kopf.html"); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Routes registers the addresses of the stock.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /lager", s.listen)
	mux.HandleFunc("GET /vormerkungen", s.vormerkungen)
	mux.HandleFunc("GET /vormerkungen/{id}", s.zettel)
	mux.HandleFunc("POST /vormerkungen", s.anlegen)
	mux.HandleFunc("POST /vormerkungen/{id}", s.erledigen)
	mux.HandleFunc("POST /lager/eroeffnung", s.eroeffnen)
	mux.HandleFunc("GET /lager/{pzn}", s.zeigen)
	mux.HandleFunc("POST /lager/{pzn}/zugang", s.zugang)
	mux.HandleFunc("POST /lager/{pzn}/korrektur", s.korrektur)
}

// liste is the page of the stock.
type liste struct {
	ui.Base
	Welcher string
	Suche   string
	Nur     lager.Nur
	Lager   lager.Seite
	Wert    lager.Wert
	Bericht *lager.Bericht // of an opening stock that was just read
	Weiter  string         // address of the next page
}

func (s *Seite) listen(w http.ResponseWriter, r *http.Request) { s.seite(w, r, nil, nil) }

func (s *Seite) seite(w http.ResponseWriter, r *http.Request, b *lager.Bericht, refused error) {
	f := ui.Anfrage(r)
	page := liste{
		Base: s.rahmen.Base(r, pfad, "lager.titel"), Welcher: "liste", Suche: f.Suche("q"),
		Nur: lager.Nur(f.Text("nur")), Bericht: b,
	}
	page.Hier = pfad
	if refused == nil && s.kennt(r.Context(), kennung.PZN(page.Suche)) {
		http.Redirect(w, r, adresse(kennung.PZN(page.Suche)), http.StatusSeeOther)
		return
	}
	var err error
	if page.Lager, err = s.Lager.Liste(r.Context(), lager.Filter{
		Text: page.Suche, Nur: page.Nur, Nach: kennung.PZN(f.Text("nach")),
	}); err == nil {
		page.Wert, err = s.Lager.Wert(r.Context())
	}
	for _, e := range []error{f.Err, refused} {
		if e != nil {
			err = e
		}
	}
	if page.Lager.Weiter != "" {
		q := url.Values{"q": {page.Suche}, "nur": {string(page.Nur)}, "nach": {string(page.Lager.Weiter)}}
		page.Weiter = pfad + "?" + q.Encode()
	}
	s.rahmen.SeiteStatus(w, r, s.liste, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

// artikel is the page of one article in stock.
type artikel struct {
	ui.Base
	Welcher              string
	Auskunft             lager.Auskunft
	Menge, Beleg         string // as typed
	Gezaehlt, Grund, Art string
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) { s.einer(w, r, nil, nil) }

func (s *Seite) einer(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	pzn := kennung.PZN(r.PathValue("pzn"))
	a, err := s.Lager.Artikel(r.Context(), pzn)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := artikel{Base: s.rahmen.Base(r, pfad, "lager.titel"), Welcher: "liste", Auskunft: a}
	page.Hier = adresse(pzn)
	if f != nil {
		page.Menge, page.Beleg = f.Werte.Get("menge"), f.Werte.Get("beleg")
		page.Gezaehlt, page.Grund = f.Werte.Get("gezaehlt"), f.Werte.Get("grund")
	}
	s.rahmen.SeiteStatus(w, r, s.artikel, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

// kennt reports whether a search was the PZN of one article: its page is opened, also
// while none is in stock, so that what arrives is booked by scanning it.
func (s *Seite) kennt(ctx context.Context, p kennung.PZN) bool {
	if _, err := kennung.ParsePZN(string(p)); err != nil {
		return false
	}
	_, err := s.Lager.Artikel(ctx, p)
	return err == nil
}

func adresse(p kennung.PZN) string { return pfad + "/" + url.PathEscape(string(p)) }

func (s *Seite) zugang(w http.ResponseWriter, r *http.Request) {
	pzn := kennung.PZN(r.PathValue("pzn"))
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		menge, beleg := f.Zahl("menge"), f.Text("beleg")
		if f.Err != nil {
			return "", f.Err
		}
		a := workflow.Auftrag{Key: key, Actor: user}
		return adresse(pzn), s.Lager.Zugang(r.Context(), a, pzn, menge, beleg)
	}, func(f *ui.Form, refused error) { s.einer(w, r, f, refused) })
}

func (s *Seite) korrektur(w http.ResponseWriter, r *http.Request) {
	pzn := kennung.PZN(r.PathValue("pzn"))
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		if f.Text("gezaehlt") == "" {
			return "", fault.New(fault.Invalid, "W-401",
				"Die gezählte Menge fehlt – zählen Sie und geben Sie die Packungen ein.", nil)
		}
		gezaehlt, grund := f.Zahl("gezaehlt"), f.Text("grund")
		if f.Err != nil {
			return "", f.Err
		}
		a := workflow.Auftrag{Key: key, Actor: user}
		return adresse(pzn), s.Lager.Korrektur(r.Context(), a, pzn, gezaehlt, grund)
	}, func(f *ui.Form, refused error) { s.einer(w, r, f, refused) })
}

// eroeffnen reads the opening stock from a file and reports each faulty line.
func (s *Seite) eroeffnen(w http.ResponseWriter, r *http.Request) {
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
		s.seite(w, r, nil, err)
		return
	}
	a := workflow.Auftrag{Key: f.Text("key"), Actor: user}
	b, err := s.Lager.Eroeffnung(r.Context(), a, bytes.NewReader(file), nil)
	s.seite(w, r, &b, err)
}
