package kassenbuch

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// feld is a coin or note of the count.
type feld struct {
	Name   string // "n5000"
	Wert   money.Cent
	Anzahl string // as typed
}

// Schein reports whether it is a note.
func (f feld) Schein() bool { return f.Wert >= 500 }

type zaehlseite struct {
	basis
	Lage     tagesabschluss.Lage
	Felder   []feld
	Ergebnis *tagesabschluss.Ergebnis // nil: it is being counted
}

func felder(f *ui.Form) (list []feld) {
	for _, w := range abschluss.Nennwerte() {
		name := fmt.Sprintf("n%d", w)
		list = append(list, feld{name, w, f.Werte.Get(name)})
	}
	return list
}

// gezaehlt reads a count; what is left empty was not there.
func gezaehlt(f *ui.Form) (z abschluss.Zaehlung) {
	for _, x := range felder(f) {
		if n := f.Zahl(x.Name); n != 0 {
			z = append(z, abschluss.Stueck{Wert: x.Wert, Anzahl: n})
		}
	}
	return z
}

// zaehlbogen shows the count, or what came out of it.
func (s *Seite) zaehlbogen(
	w http.ResponseWriter, r *http.Request, f *ui.Form, e *tagesabschluss.Ergebnis, refused error,
) {
	b, err := s.basis(r, "zaehlung", "kassenbuch.abschluss")
	page := zaehlseite{basis: b, Felder: felder(f), Ergebnis: e}
	if err == nil {
		page.Lage, err = s.dienst.Lage(r.Context(), f.Text("till"))
	}
	page.Till = page.Lage.Till
	page.Hier = tag + "?" + page.Q()
	if refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.zaehlung, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Seite) pruefen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	z := gezaehlt(f)
	e, err := s.dienst.Pruefen(r.Context(), f.Text("till"), z)
	if f.Err != nil {
		err = f.Err
	}
	if err != nil {
		s.zaehlbogen(w, r, f, nil, err)
		return
	}
	s.zaehlbogen(w, r, f, &e, nil)
}

func (s *Seite) abschliessen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		z := tagesabschluss.Zaehlung{Till: f.Text("till"), Stuecke: gezaehlt(f), Nummer: f.Zahl("nummer")}
		soll, err := strconv.ParseInt(f.Text("soll"), 10, 64)
		if z.Soll = money.Cent(soll); err != nil && f.Err == nil {
			f.Err = fault.New(fault.Invalid, "T-527", "Die Zählung ist unvollständig – zählen Sie noch einmal.", err)
		}
		if f.Err != nil {
			return "", f.Err
		}
		a, err := s.dienst.Abschliessen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, z)
		return adresse(a), err
	}, func(f *ui.Form, refused error) { s.zaehlbogen(w, r, f, nil, refused) })
}

func adresse(a abschluss.Abschluss) string {
	return fmt.Sprintf("%s/%s/%d", tag, url.PathEscape(a.Till), a.Nummer)
}

type berichtseite struct {
	basis
	Z tagesabschluss.Bericht
}

// Summen is what is summed up.
func (b berichtseite) Summen() abschluss.Abschluss { return b.Z.Abschluss }

// Hoechste are the coins and notes that were counted, the highest first.
func (b berichtseite) Hoechste() abschluss.Zaehlung {
	list := slices.Clone(b.Z.Zaehlung)
	slices.SortFunc(list, func(x, y abschluss.Stueck) int { return int(y.Wert - x.Wert) })
	return list
}

// Andere is cash that this till booked for another drawer, or another till for this one.
func (b berichtseite) Andere() money.Cent { return b.Z.Barbestand - b.Z.Anfang - b.Z.Bar() }

func (s *Seite) abschluss(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("nummer")) // what is no number is no closing
	z, err := s.dienst.Abschluss(r.Context(), r.PathValue("till"), n)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	b, err := s.basis(r, "liste", "kassenbuch.z")
	page := berichtseite{b, z}
	page.Till, page.Hier = z.Till, adresse(z.Abschluss)
	s.rahmen.SeiteStatus(w, r, s.bericht, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

type listenseite struct {
	basis
	Abschluesse []abschluss.Abschluss
}

func (s *Seite) liste(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	b, err := s.basis(r, "liste", "kassenbuch.abschluesse")
	page := listenseite{basis: b}
	if err == nil {
		var l tagesabschluss.Lage
		l, err = s.dienst.Lage(r.Context(), f.Text("till"))
		page.Till = l.Till
	}
	if err == nil {
		page.Abschluesse, err = s.dienst.Abschluesse(r.Context(), page.Till)
	}
	s.rahmen.SeiteStatus(w, r, s.listung, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}
