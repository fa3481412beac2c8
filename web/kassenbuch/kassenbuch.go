// Package kassenbuch shows the cash of a till by book, at any time, moves it, has it counted by
// coin and note, and closes the day.
package kassenbuch

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

//go:embed *.html
var files embed.FS

const (
	pfad = "/kassenbuch"
	tag  = "/tagesabschluss"
)

// Seite shows the cash.
type Seite struct {
	dienst                                     *tagesabschluss.Service
	rahmen                                     *ui.Rahmen
	buch, bewegung, zaehlung, bericht, listung *template.Template
	anfang, haus                               *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d *tagesabschluss.Service) (*Seite, error) {
	s := &Seite{dienst: d, rahmen: r}
	for _, p := range []struct {
		t    **template.Template
		file string
	}{
		{&s.buch, "buch.html"},
		{&s.bewegung, "bewegung.html"},
		{&s.zaehlung, "zaehlung.html"},
		{&s.bericht, "bericht.html"},
		{&s.listung, "abschluesse.html"},
		{&s.anfang, "anfang.html"},
		{&s.haus, "apotheke.html"},
	} {
		var err error
		if *p.t, err = r.Parse(files, p.file, "kopf.html"); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Routes registers the addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /kassenbuch", s.zeigen)
	mux.HandleFunc("GET /kassenbuch/abschluesse", s.liste)
	mux.HandleFunc("GET /kassenbuch/apotheke", s.apotheke)
	for _, out := range []bool{false, true} {
		mux.HandleFunc("GET "+richtung(out), func(w http.ResponseWriter, r *http.Request) {
			s.formular(w, r, ui.Anfrage(r), out, nil)
		})
		mux.HandleFunc("POST "+richtung(out), func(w http.ResponseWriter, r *http.Request) { s.bewegen(w, r, out) })
	}
	mux.HandleFunc("GET /kassenbuch/anfang", func(w http.ResponseWriter, r *http.Request) {
		s.anfangsbestand(w, r, ui.Anfrage(r), nil)
	})
	mux.HandleFunc("POST /kassenbuch/anfang", s.anfangBuchen)
	mux.HandleFunc("GET /tagesabschluss", func(w http.ResponseWriter, r *http.Request) {
		s.zaehlbogen(w, r, ui.Anfrage(r), nil, nil)
	})
	mux.HandleFunc("GET /tagesabschluss/pruefen", s.pruefen)
	mux.HandleFunc("POST /tagesabschluss", s.abschliessen)
	mux.HandleFunc("GET /tagesabschluss/{till}/{nummer}", s.abschluss)
}

// richtung is the address of what comes in or goes out. Going out asks for the PIN again.
func richtung(hinaus bool) string {
	if hinaus {
		return pfad + "/aus"
	}
	return pfad + "/ein"
}

// basis is what all pages show above.
type basis struct {
	ui.Base
	Welcher string // "buch", "zaehlung", "liste", "apotheke"
	Till    string
	Tills   []kassenbuch.Stand
}

// Q is the till as the addresses have it.
func (b basis) Q() string { return "till=" + url.QueryEscape(b.Till) }

// Ort is the page on which another till is chosen: the same one, of a closing the list of all.
func (b basis) Ort() string {
	return map[string]string{"buch": pfad, "zaehlung": tag, "liste": pfad + "/abschluesse"}[b.Welcher]
}

// Taste is the key that chooses a till: F4 the next one, going round, with the shift key the one
// before; empty: none.
func (b basis) Taste(till string) string {
	i := slices.IndexFunc(b.Tills, func(s kassenbuch.Stand) bool { return s.Till == b.Till })
	n := len(b.Tills)
	switch {
	case i < 0 || n < 2:
		return ""
	case b.Tills[(i+1)%n].Till == till:
		return "F4"
	case b.Tills[(i+n-1)%n].Till == till:
		return "Umschalt+F4"
	}
	return ""
}

func (s *Seite) basis(r *http.Request, welcher, titel string) (b basis, err error) {
	b = basis{Base: s.rahmen.Base(r, pfad, titel), Welcher: welcher}
	b.Tills, err = s.dienst.Tills(r.Context())
	return b, err
}

type buchseite struct {
	basis
	Lage tagesabschluss.Lage
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	b, err := s.basis(r, "buch", "kassenbuch.titel")
	page := buchseite{basis: b}
	if err == nil {
		page.Lage, err = s.dienst.Lage(r.Context(), f.Text("till"))
	}
	if f.Err != nil {
		err = f.Err
	}
	page.Till = page.Lage.Till
	s.rahmen.SeiteStatus(w, r, s.buch, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

type bewegungsseite struct {
	basis
	Lage          tagesabschluss.Lage
	Hinaus        bool
	Ziel          string
	Arten         []bon.Geschaeft
	Gewaehlt      bon.Geschaeft
	Betrag, Grund string // as typed
}

// FehltGrund reports whether the reason is what is missing: the hands go there.
func (b bewegungsseite) FehltGrund() bool { return b.Fehler != nil && b.Betrag != "" && b.Grund == "" }

// Fraglich reports whether more goes out than is there by book: somebody has to confirm it.
func (b bewegungsseite) Fraglich() bool { return b.Fehler != nil && b.Fehler.Code == "T-514" }

func (s *Seite) formular(w http.ResponseWriter, r *http.Request, f *ui.Form, hinaus bool, refused error) {
	titel := map[bool]string{false: "kassenbuch.einlage", true: "kassenbuch.entnahme"}[hinaus]
	b, err := s.basis(r, "buch", titel)
	page := bewegungsseite{
		basis: b, Hinaus: hinaus, Ziel: richtung(hinaus), Arten: tagesabschluss.Geschaefte(hinaus),
		Gewaehlt: bon.Geschaeft(f.Werte.Get("art")), Betrag: f.Werte.Get("betrag"), Grund: f.Werte.Get("grund"),
	}
	if err == nil {
		page.Lage, err = s.dienst.Lage(r.Context(), f.Text("till"))
	}
	if page.Lage.Eroeffnet {
		page.Arten = slices.DeleteFunc(page.Arten, func(g bon.Geschaeft) bool { return g == bon.Anfangsbestand })
	}
	page.Till, page.Hier = page.Lage.Till, page.Ziel
	if refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.bewegung, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Seite) bewegen(w http.ResponseWriter, r *http.Request, hinaus bool) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		v := tagesabschluss.Bewegung{
			Till: f.Text("till"), Hinaus: hinaus, Geschaeft: bon.Geschaeft(f.Text("art")), Betrag: f.Geld("betrag"),
			Grund: f.Text("grund"), Bestaetigt: f.Ja("bestaetigt"),
		}
		if f.Err != nil {
			return "", f.Err
		}
		_, err := s.dienst.Bewegen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, v)
		return pfad + "?till=" + url.QueryEscape(v.Till), err
	}, func(f *ui.Form, refused error) { s.formular(w, r, f, hinaus, refused) })
}
