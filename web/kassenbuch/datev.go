package kassenbuch

import (
	"context"
	"html/template"
	"mime"
	"net/http"

	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/buchhaltung"
)

// Datei is a file to download.
type Datei struct {
	Name    string
	Inhalt  []byte
	Ersetzt []string // characters that stand as "?" in it, and where
}

// Stapel makes a Buchungsstapel of DATEV.
type Stapel = func(ctx context.Context, von, bis civil.Day) (Datei, error)

// DATEV is the page of the accounts and of the Buchungsstapel.
type DATEV struct {
	rahmen *ui.Rahmen
	dienst *buchhaltung.Service
	stapel Stapel
	clock  clock.Clock
	seite  *template.Template
}

const datev = pfad + "/datev"

// NewDATEV returns the page.
func NewDATEV(r *ui.Rahmen, d *buchhaltung.Service, s Stapel, c clock.Clock) (*DATEV, error) {
	t, err := r.Parse(files, "datev.html")
	return &DATEV{rahmen: r, dienst: d, stapel: s, clock: c, seite: t}, err
}

// Routes registers the addresses.
func (s *DATEV) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /kassenbuch/datev", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil, nil, nil) })
	mux.HandleFunc("GET /kassenbuch/datev/stapel", s.holen)
	mux.HandleFunc("POST /kassenbuch/datev", s.setzen)
}

// kontofeld is an account of the form.
type kontofeld struct {
	Zweck          buchung.Zweck
	Konto, Vorgabe string
}

type datevseite struct {
	ui.Base
	Von, Bis civil.Day
	E        buchhaltung.Einstellungen
	Rahmen   []buchung.Rahmen
	Felder   []kontofeld
	Ersetzt  []string // of the file that was asked for
}

// zeigen shows the settings; typed are those that were refused.
func (s *DATEV) zeigen(
	w http.ResponseWriter, r *http.Request, typed *buchhaltung.Einstellungen, ersetzt []string, refused error,
) {
	f := ui.Anfrage(r)
	page := datevseite{Base: s.rahmen.Base(r, pfad, "kassenbuch.datev_titel"), Von: f.Tag("von"), Bis: f.Tag("bis")}
	page.Ersetzt = ersetzt
	page.Hier = datev
	if page.Von == 0 || page.Bis == 0 {
		page.Von, page.Bis = vormonat(clock.Today(s.clock))
	}
	page.Rahmen = []buchung.Rahmen{buchung.SKR03, buchung.SKR04}
	var err error
	if page.E, err = s.dienst.Einstellungen(r.Context()); typed != nil {
		page.E = *typed
	}
	usual := buchung.Vorgabe(page.E.Rahmen, page.E.Laenge)
	for _, z := range buchung.Zwecke() {
		x := kontofeld{z, page.E.Konten[z], usual[z]}
		if x.Konto == x.Vorgabe {
			x.Konto = ""
		}
		page.Felder = append(page.Felder, x)
	}
	if refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.seite, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

// vormonat is the month before a day.
func vormonat(heute civil.Day) (von, bis civil.Day) {
	bis = civil.Must(heute.Year(), heute.Month(), 1).AddDays(-1)
	return civil.Must(bis.Year(), bis.Month(), 1), bis
}

func (s *DATEV) holen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	von, bis := f.Tag("von"), f.Tag("bis")
	err := f.Err
	var file Datei
	if err == nil {
		file, err = s.stapel(r.Context(), von, bis)
	}
	if err != nil || len(file.Ersetzt) > 0 && !f.Ja("trotzdem") {
		s.zeigen(w, r, nil, file.Ersetzt, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=windows-1252")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	_, _ = w.Write(file.Inhalt) // the client has gone away: nobody is left to tell
}

func (s *DATEV) setzen(w http.ResponseWriter, r *http.Request) {
	var e buchhaltung.Einstellungen
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		e = buchhaltung.Einstellungen{
			Berater: f.Zahl("berater"), Mandant: f.Zahl("mandant"), Rahmen: buchung.Rahmen(f.Text("rahmen")),
			Laenge: f.Zahl("laenge"),
		}
		e.Konten = buchung.Vorgabe(e.Rahmen, e.Laenge)
		for _, z := range buchung.Zwecke() {
			if n := f.Text(string(z)); n != "" {
				e.Konten[z] = n
			}
		}
		if f.Err != nil {
			return "", f.Err
		}
		return datev, s.dienst.Setzen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, e)
	}, func(_ *ui.Form, refused error) { s.zeigen(w, r, &e, nil, refused) })
}
