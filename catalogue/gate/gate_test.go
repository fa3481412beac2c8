package gate_test

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/recht"
)

const ik = "109500969"

var mittag = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// stand is a catalogue before it is one: what a test changes.
type stand struct {
	zeilen    []catalogue.Zeile
	vertraege []catalogue.Vertragszeile
}

// drei hundred invented articles, and contracts of one insurer for the first forty.
func dreihundert() stand {
	var s stand
	for z := range muster.Quelle(muster.Options{Seed: 1, Artikel: 300}).Artikel {
		s.zeilen = append(s.zeilen, z)
	}
	slices.SortFunc(s.zeilen, func(a, b catalogue.Zeile) int { return cmp.Compare(a.Artikel.PZN, b.Artikel.PZN) })
	for _, z := range s.zeilen[:40] {
		s.vertraege = append(s.vertraege, catalogue.Vertragszeile{
			IK: ik, PZN: z.Artikel.PZN, Vertrag: zuzahlung.Vertrag{Faktor: 50},
		})
	}
	return s
}

func (s stand) mit(change func(*stand)) stand {
	c := stand{slices.Clone(s.zeilen), slices.Clone(s.vertraege)}
	change(&c)
	return c
}

// eins changes one article.
func (s stand) eins(pzn kennung.PZN, change func(*artikel.Artikel)) stand {
	return s.mit(func(s *stand) {
		i := slices.IndexFunc(s.zeilen, func(z catalogue.Zeile) bool { return z.Artikel.PZN == pzn })
		change(&s.zeilen[i].Artikel)
	})
}

func (s stand) ohne(list ...kennung.PZN) stand {
	return s.mit(func(s *stand) {
		s.zeilen = slices.DeleteFunc(s.zeilen, func(z catalogue.Zeile) bool { return slices.Contains(list, z.Artikel.PZN) })
	})
}

func (s stand) gen(t *testing.T, ab civil.Day) catalogue.Generation {
	t.Helper()
	g, err := memory.New(catalogue.Manifest{ID: ab.String() + "-test", Quelle: "test", GueltigAb: ab},
		catalogue.QuelleAus(s.zeilen, s.vertraege))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func paare(alt *stand, neu stand) iter.Seq2[gate.Paar, error] {
	return func(yield func(gate.Paar, error) bool) {
		for _, z := range neu.zeilen {
			p := gate.Paar{Neu: z.Artikel}
			if alt != nil {
				for _, o := range alt.zeilen {
					if o.Artikel.PZN == z.Artikel.PZN {
						p.Alt, p.Bekannt = o.Artikel, true
						if p.Gleich = o.Artikel == z.Artikel; p.Gleich {
							p.Neu, p.Alt = artikel.Artikel{PZN: z.Artikel.PZN}, artikel.Artikel{}
						}
					}
				}
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func gesetz() (gate.Recht, error) {
	law, err := recht.Load()
	if err != nil {
		return gate.Recht{}, err
	}
	s, err := law.Am(20261201)
	return gate.Recht{Tag: s.Tag, Preis: s.Preis, Zuzahlung: s.Zuzahlung}, err
}

func pruefe(t *testing.T, alt *stand, neu stand, change func(*gate.Vergleich)) gate.Bericht {
	t.Helper()
	v := gate.Vergleich{
		Neu: neu.gen(t, 20261201), Artikel: paare(alt, neu), Now: mittag, Recht: gesetz, Grenzen: gate.Ueblich(),
		Abzug: &gate.Abzug{Gezogen: mittag},
	}
	if alt != nil {
		v.Alt = alt.gen(t, 20261115)
	}
	if change != nil {
		change(&v)
	}
	b, err := gate.Pruefe(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// codes lists what a report found, "A-605×2"; what stops has an exclamation mark.
func codes(b gate.Bericht) string {
	var list []string
	for _, g := range b.Gruppen {
		s := fmt.Sprintf("%s×%d", g.Code, g.Gesamt)
		if g.Schwere != 0 {
			s = "!" + s
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

// What changes prices as the 1st and 15th do passes without a word that stops.
func TestGewoehnlichePreisaenderung(t *testing.T) {
	var neu stand
	for z := range muster.Quelle(muster.Options{Seed: 1, Artikel: 300, Ausgabe: 1}).Artikel {
		neu.zeilen = append(neu.zeilen, z)
	}
	alt := dreihundert()
	neu.vertraege = alt.vertraege
	if b := pruefe(t, &alt, neu, nil); b.Hindert() || b.Geaendert == 0 {
		t.Errorf("%s\n%s", codes(b), b.Text())
	}
}

// The rules, one by one: what is wrong with the new list, and what the gate says.
func TestRegeln(t *testing.T) {
	alt := dreihundert()
	pzn := func(i int) kennung.PZN { return alt.zeilen[i].Artikel.PZN }
	rx := muster.RxZuzahlung5.PZN()
	many := func(n int, change func(*artikel.Artikel)) stand {
		return alt.mit(func(s *stand) {
			for i := range s.zeilen[:n] {
				change(&s.zeilen[i].Artikel)
			}
		})
	}
	for name, c := range map[string]struct {
		neu  stand
		want string
	}{
		"unchanged":              {alt, ""},
		"5 % fewer articles":     {alt.mit(func(s *stand) { s.zeilen = s.zeilen[:285] }), ""},
		"more than 5 % fewer":    {alt.mit(func(s *stand) { s.zeilen = s.zeilen[:284] }), "!A-601×1"},
		"5 % fewer contracts":    {alt.mit(func(s *stand) { s.vertraege = s.vertraege[:38] }), ""},
		"no contracts":           {alt.mit(func(s *stand) { s.vertraege = nil }), "!A-602×1"},
		"wrong check digit":      {alt.mit(func(s *stand) { s.zeilen[3].Artikel.PZN = "00000019" }), "!A-603×1"},
		"no name":                {alt.eins(pzn(5), func(a *artikel.Artikel) { a.Name = "" }), "!A-604×1"},
		"unknown kind":           {alt.eins(pzn(5), func(a *artikel.Artikel) { a.Art = "ding" }), "!A-604×1"},
		"no rate of VAT":         {alt.eins(pzn(5), func(a *artikel.Artikel) { a.MwSt = 0 }), "!A-604×1"},
		"negative price":         {alt.eins(rx, func(a *artikel.Artikel) { a.AEP = -1 }), "!A-604×1 A-609×1"},
		"exactly a hundredfold":  {alt.eins(rx, func(a *artikel.Artikel) { a.AVP *= 100 }), "!A-605×1"},
		"exactly a hundredth":    {alt.eins(rx, func(a *artikel.Artikel) { a.AVP /= 100 }), "!A-605×1"},
		"a hundredfold and more": {alt.eins(rx, func(a *artikel.Artikel) { a.AVP = a.AVP*100 + 1 }), "A-607×1"},
		"tripled":                {alt.eins(rx, func(a *artikel.Artikel) { a.AVP *= 3 }), "A-607×1"},
		"almost tripled":         {alt.eins(rx, func(a *artikel.Artikel) { a.AVP = a.AVP*3 - 1 }), ""},
		"a third":                {alt.eins(rx, func(a *artikel.Artikel) { a.AVP /= 3 }), "A-607×1"},
		"no price at all":        {alt.eins(rx, func(a *artikel.Artikel) { a.ApU, a.AEP, a.AVP, a.UVP = 0, 0, 0, 0 }), "!A-606×1 A-618×1"},
		"AVP gone, ApU there":    {alt.eins(rx, func(a *artikel.Artikel) { a.AVP = 0 }), "A-609×1"},
		"ten of them tripled":    {many(10, func(a *artikel.Artikel) { a.AEP = max(a.AEP, 1) * 4 }), "!A-608×1 A-607×10"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := codes(pruefe(t, &alt, c.neu, nil)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The limits can be set; a list that is meant to be smaller may be.
func TestGrenzen(t *testing.T) {
	alt := dreihundert()
	neu := alt.mit(func(s *stand) { s.zeilen, s.vertraege = s.zeilen[:200], nil })
	for want, change := range map[string]func(*gate.Vergleich){
		"!A-601×1 !A-602×1": nil,
		"!A-602×1":          func(v *gate.Vergleich) { v.Grenzen.Anzahl = 400_000 },
		"":                  func(v *gate.Vergleich) { v.Grenzen.Kleiner = true },
	} {
		if got := codes(pruefe(t, &alt, neu, change)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := codes(pruefe(t, &neu, alt, func(v *gate.Vergleich) { v.Grenzen.Kleiner = true })); got != "!A-601×1" {
		t.Errorf("more is not fewer: %q", got)
	}
}

// The first catalogue has nothing to be compared with; without a snapshot that is said.
func TestErsterUndOhneAbzug(t *testing.T) {
	neu := dreihundert()
	got := codes(pruefe(t, nil, neu, func(v *gate.Vergleich) { v.Abzug = nil }))
	if got != "A-616×1 A-619×1" {
		t.Errorf("got %q", got)
	}
	old := func(v *gate.Vergleich) { v.Abzug.Gezogen = mittag.AddDate(0, 0, -3) }
	if got := codes(pruefe(t, &neu, neu, old)); got != "A-617×1" {
		t.Errorf("a snapshot of three days ago: %q", got)
	}
}

// Every article in stock must be there; what the catalogue before did not have either is told.
func TestBestand(t *testing.T) {
	alt := dreihundert()
	a, b, c := alt.zeilen[0].Artikel.PZN, alt.zeilen[1].Artikel.PZN, alt.zeilen[2].Artikel.PZN
	r := pruefe(t, &alt, alt.ohne(a, b), func(v *gate.Vergleich) {
		v.Abzug.Bestand = []gate.Bestand{{PZN: a, Menge: 2}, {PZN: b}, {PZN: c, Menge: 1}, {PZN: "09999999", Menge: 1}}
	})
	if codes(r) != "!A-611×1 A-612×1" || r.Lager != 3 || !strings.Contains(r.Text(), "2 an Lager") {
		t.Errorf("%s\n%s", codes(r), r.Text())
	}
}

// A line whose price changes is a difference to read; one without a price stops.
func TestVerkaeufe(t *testing.T) {
	alt := dreihundert()
	otc, rx, fest, gone := muster.OTCSchmerzmittel.PZN(), muster.RxZuzahlung5.PZN(), muster.RxMehrkosten.PZN(),
		muster.FreiwahlVoll.PZN()
	neu := alt.ohne(gone).
		eins(otc, func(a *artikel.Artikel) { a.UVP += 10 }).
		eins(fest, func(a *artikel.Artikel) { a.Festbetrag -= 100 })
	zeilen := []gate.Zeile{
		{Anzahl: 7, PZN: otc, Menge: 1},
		{Anzahl: 2, PZN: rx, Menge: 1, Traeger: zuzahlung.GKV, IK: ik},
		{Anzahl: 1, PZN: fest, Menge: 2, Traeger: zuzahlung.GKV, IK: ik, Frei: true},
		{Anzahl: 3, PZN: gone, Menge: 1},
		{Anzahl: 5, PZN: "09999999", Menge: 1}, // was in no catalogue
	}
	r := pruefe(t, &alt, neu, func(v *gate.Vergleich) { v.Abzug.Zeilen = zeilen })
	if codes(r) != "!A-613×1 A-614×1 A-615×2" || r.Nachgerechnet != 13 || r.Unterschiede != 8 || r.Preislos != 3 {
		t.Errorf("%s: %d, %d, %d", codes(r), r.Nachgerechnet, r.Unterschiede, r.Preislos)
	}
	for _, word := range []string{
		"7-mal 1 Pack.: Preis", "1-mal 2 Pack. für GKV " + ik + ", befreit: Festbetrag", "Mehrkosten",
		"13 Zeilen nachgerechnet: 2 wie bisher, 8 anders, 3 nicht mehr berechenbar", "5 verkaufte Zeilen",
	} {
		if !strings.Contains(r.Text(), word) {
			t.Errorf("%q is missing:\n%s", word, r.Text())
		}
	}
}

// A child's OTC drug stays at the cost of the GKV in both catalogues; an adult's on the list
// of exceptions does not when the list drops it.
func TestErstattet(t *testing.T) {
	alt := dreihundert()
	kind, liste := muster.OTCSchmerzmittel.PZN(), muster.OTCAufRezept.PZN()
	neu := alt.eins(liste, func(a *artikel.Artikel) { a.OTCAusnahme = false })
	r := pruefe(t, &alt, neu, func(v *gate.Vergleich) {
		v.Abzug.Zeilen = []gate.Zeile{
			{Anzahl: 1, PZN: kind, Menge: 1, Traeger: zuzahlung.GKV, IK: ik, Frei: true, Erstattet: true},
			{Anzahl: 1, PZN: liste, Menge: 1, Traeger: zuzahlung.GKV, IK: ik, Erstattet: true},
		}
	})
	if codes(r) != "A-615×1" || !strings.Contains(r.Text(), "Eigenbeteiligung 0,00 €") {
		t.Errorf("%s\n%s", codes(r), r.Text())
	}
}

// What the new list calls Lifestyle or puts on the Negativliste the GKV no longer pays.
func TestAusgeschlossen(t *testing.T) {
	alt := dreihundert()
	rx := muster.RxZuzahlung5.PZN()
	for name, change := range map[string]func(*artikel.Artikel){
		"Lifestyle":    func(a *artikel.Artikel) { a.Lifestyle = true },
		"Negativliste": func(a *artikel.Artikel) { a.Negativliste = true },
	} {
		r := pruefe(t, &alt, alt.eins(rx, change), func(v *gate.Vergleich) {
			v.Abzug.Zeilen = []gate.Zeile{{Anzahl: 1, PZN: rx, Menge: 1, Traeger: zuzahlung.GKV, IK: ik}}
		})
		if codes(r) != "A-615×1" || !strings.Contains(r.Text(), "Zuzahlung 5,00 € → 0,00 €") || !strings.Contains(r.Text(), "Eigenbeteiligung 0,00 €") {
			t.Errorf("%s: %s\n%s", name, codes(r), r.Text())
		}
	}
}

// A report stays readable, and the same twice is the same.
func TestLaengeUndReihenfolge(t *testing.T) {
	alt := dreihundert()
	neu := alt.mit(func(s *stand) {
		for i := range s.zeilen {
			s.zeilen[i].Artikel.Name = ""
		}
	})
	a := pruefe(t, &alt, neu, nil)
	if n := strings.Count(a.Text(), "\n"); n > gate.MaxBefunde+20 || !strings.Contains(a.Text(), "… und 200 weitere dieser Art (A-604).") {
		t.Errorf("%d lines:\n%s", n, a.Text())
	}
	if a.Text() != pruefe(t, &alt, neu, nil).Text() || a.Fehler() != 300 {
		t.Errorf("%d faults, or another order", a.Fehler())
	}
}

// What cannot be read is an error and no verdict.
func TestLesefehler(t *testing.T) {
	neu := dreihundert()
	broken := errors.New("disk")
	_, err := gate.Pruefe(t.Context(), gate.Vergleich{
		Neu: neu.gen(t, 20261201), Grenzen: gate.Ueblich(),
		Artikel: func(yield func(gate.Paar, error) bool) { yield(gate.Paar{}, broken) },
	})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// Equal lines are one, in an order that says nothing of when they were sold.
func TestOrdne(t *testing.T) {
	a := gate.Abzug{
		Bestand: []gate.Bestand{{PZN: "2"}, {PZN: "1"}},
		Zeilen: []gate.Zeile{
			{Anzahl: 1, PZN: "2", Menge: 1},
			{Anzahl: 1, PZN: "1", Menge: 1, Frei: true},
			{Anzahl: 1, PZN: "1", Menge: 1},
			{Anzahl: 1, PZN: "2", Menge: 1},
		},
	}
	a.Sort()
	want := []gate.Zeile{{Anzahl: 1, PZN: "1", Menge: 1}, {Anzahl: 1, PZN: "1", Menge: 1, Frei: true}, {Anzahl: 2, PZN: "2", Menge: 1}}
	if !slices.Equal(a.Zeilen, want) || a.Bestand[0].PZN != "1" {
		t.Errorf("%+v", a)
	}
}
