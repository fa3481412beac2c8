package katalogstand_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/katalogstand"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// ordner is a folder of generations without a disk.
type ordner struct {
	aus, held []catalogue.Manifest
	damaged   []error
	berichte  map[string]string
	err       error
}

func (a *ordner) Ausgelassen() []catalogue.Manifest { return a.aus }
func (a *ordner) Quarantaene() []catalogue.Manifest { return a.held }
func (a *ordner) Stoerungen() []error               { return a.damaged }

func (a *ordner) Bericht(id string) (string, bool, error) {
	text, ok := a.berichte[id]
	if !ok && a.err == nil {
		return "", false, fault.New(fault.NotFound, "A-622", "Kein Bericht.", nil)
	}
	return text, false, a.err
}

func gen(t *testing.T, ab civil.Day, list ...artikel.Artikel) catalogue.Generation {
	t.Helper()
	var rows []catalogue.Zeile
	for _, a := range list {
		rows = append(rows, catalogue.Zeile{Artikel: a})
	}
	g, err := katalog.New(catalogue.Manifest{ID: ab.String(), GueltigAb: ab, Gebaut: "2026-10-30T08:00:00Z"},
		catalogue.QuelleAus(rows, nil))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Of every generation it is said what it means today, the 23.11.2026; what the gate holds
// and what a person has taken out stands among them.
func TestStand(t *testing.T) {
	x := workflowtest.New(t, nil)
	x.Kern.Katalog = katalog.NewCatalogue(gen(t, 20261015), gen(t, 20261101), gen(t, 20261201), gen(t, 20261215))
	a := &ordner{
		aus:      []catalogue.Manifest{{ID: "aus", GueltigAb: 20261115}},
		held:     []catalogue.Manifest{{ID: "held", GueltigAb: 20261201, Gebaut: "2026-11-20T08:00:00Z"}},
		damaged:  []error{errors.New("damaged")},
		berichte: map[string]string{"held": "zu wenig\n"},
	}
	s := katalogstand.New(x.Kern, a)
	stand := s.Stand()
	var got []string
	for _, g := range stand.Generationen {
		got = append(got, g.ID+" "+string(g.Zustand))
	}
	want := []string{
		"2026-12-15 kommt", "held Quarantäne", "2026-12-01 kommt", "aus zurückgenommen", "2026-11-01 gilt", "2026-10-15 abgelöst",
	}
	if d := cmp.Diff(want, got); d != "" || stand.Damaged != 1 {
		t.Errorf("%d damaged, %s", stand.Damaged, d)
	}
	if z := stand.Generationen[3].Gebaut; !z.IsZero() {
		t.Errorf("built at an unknown time: %v", z)
	}
	if g, err := s.Generation("held"); err != nil || g.Bericht != "zu wenig\n" || g.Gebaut.Hour() != 8 {
		t.Errorf("%+v, %v", g, err)
	}
	if g, err := s.Generation("2026-11-01"); err != nil || g.Bericht != "" || g.Zustand != katalogstand.Gilt {
		t.Errorf("without report: %+v, %v", g, err)
	}
	for _, id := range []string{"", "..", "quarantaene-held"} {
		_, err := s.Generation(id)
		x.Fails(err, "A-629")
	}
	a.berichte, a.err = nil, errors.New("disk")
	if _, err := s.Generation("held"); err == nil {
		t.Error("a report that cannot be read is no report that is not there")
	}
}

func TestStandOhneKatalog(t *testing.T) {
	x := workflowtest.New(t, nil)
	x.Kern.Katalog = katalog.NewCatalogue()
	s := katalogstand.New(x.Kern, &ordner{})
	if got := s.Stand(); len(got.Generationen) != 0 {
		t.Errorf("%+v", got)
	}
	_, err := s.Preise(x.Ctx)
	x.Fails(err, "A-103")
}

var (
	rx, otc, frei = workflowtest.PZN("1000001"), workflowtest.PZN("1000002"), workflowtest.PZN("1000003")
	weg, dazu     = workflowtest.PZN("1000004"), workflowtest.PZN("1000005")
	gleich, fremd = workflowtest.PZN("1000010"), workflowtest.PZN("1000007")
	leer, ohneAEP = workflowtest.PZN("1000008"), workflowtest.PZN("1000009")
)

func ware(pzn kennung.PZN, name string, aep, uvp money.Cent) artikel.Artikel {
	return artikel.Artikel{PZN: pzn, Name: name, Art: artikel.Freiwahl, Status: artikel.Verkehr, AEP: aep, UVP: uvp}
}

// lager is a pharmacy on 23.11.2026 with an old and a new catalogue and stock.
func lager(t *testing.T, ab, bis civil.Day) (*workflowtest.Stand, *katalogstand.Service) {
	t.Helper()
	x := workflowtest.New(t, nil)
	old := []artikel.Artikel{
		workflowtest.Rx(rx, "Demolol", "Demolol", 1_000, 6_000), ware(otc, "Ätherol", 333, 1_299), ware(frei, "Bad", 200, 400),
		ware(weg, "Weg", 100, 300), ware(gleich, "Gleich", 100, 300), ware(leer, "Leer", 100, 300), ware(ohneAEP, "Ohne", 0, 500),
	}
	changed := workflowtest.Rx(rx, "Demolol", "Demolol", 950, 5_900)
	changed.Festbetrag, changed.Zuzahlungsfrei = 5_900, true
	neu := []artikel.Artikel{
		changed, ware(otc, "Ätherol", 340, 1_349), ware(frei, "Bad", 180, 400), ware(dazu, "Dazu", 150, 350),
		ware(gleich, "Gleich (neuer Name)", 100, 300), ware(leer, "Leer", 900, 3_000), ware(ohneAEP, "Ohne", 250, 550),
	}
	x.Kern.Katalog = katalog.NewCatalogue(gen(t, ab, old...), gen(t, bis, neu...))
	for pzn, n := range map[kennung.PZN]int{
		rx: 3, otc: 7, frei: 10, weg: 2, dazu: 1, gleich: 5, fremd: 4, ohneAEP: 6,
	} {
		x.Book(event.BestandGeaendert{PZN: pzn, Delta: n, Art: "zugang"})
	}
	x.Book(event.BestandGeaendert{PZN: leer, Delta: -1, Art: "korrektur", Grund: "Bruch"})
	return x, katalogstand.New(x.Kern, &ordner{})
}

// What is in stock and changes is listed by name, with old, new and difference of each
// amount; the value of the stock is AEP net × count, to the cent.
func TestPreise(t *testing.T) {
	x, s := lager(t, 20261115, 20261201)
	p, err := s.Preise(x.Ctx)
	x.Must(err)
	if p.Alt.GueltigAb != 20261115 || p.Neu.GueltigAb != 20261201 || !p.Kommt || p.Artikel != 7 || p.Unbekannt != 1 {
		t.Errorf("%+v", p)
	}
	type line struct {
		Name                              string
		Bestand                           int
		Preis, AEP, Fest, Zuzahlung, Wert katalogstand.Betraege
		Hinweis                           string
		Etikett                           bool
	}
	var got []line
	for _, z := range p.Zeilen {
		got = append(got, line{
			z.Artikel.Name, z.Bestand, z.Preis, z.AEP, z.Festbetrag, z.Zuzahlung, z.Wert(), z.Hinweis(), z.Etikett(),
		})
	}
	type b = katalogstand.Betraege
	want := []line{
		{"Ätherol", 7, b{1_299, 1_349}, b{333, 340}, b{}, b{}, b{2_331, 2_380}, "", true},
		{"Bad", 10, b{400, 400}, b{200, 180}, b{}, b{}, b{2_000, 1_800}, "", false},
		{"Dazu", 1, b{0, 350}, b{0, 150}, b{}, b{}, b{}, "neu im Katalog", true},
		// 10 % of 60,00 € are 6,00 €; on the list of § 31(3) S. 4 SGB V nothing is due.
		{"Demolol", 3, b{6_000, 5_900}, b{1_000, 950}, b{0, 5_900}, b{600, 0}, b{3_000, 2_850}, "", false},
		{"Ohne", 6, b{500, 550}, b{0, 250}, b{}, b{}, b{}, "", true},
		{"Weg", 2, b{300, 0}, b{100, 0}, b{}, b{}, b{}, "entfällt", false},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// 23,31 + 20,00 + 30,00 € become 23,80 + 18,00 + 28,50 €.
	if p.Wert != (b{7_331, 7_030}) || p.Wert.Differenz() != -301 || p.Packungen != 29 || p.OhneAEP != 3 {
		t.Errorf("%+v", p)
	}
}

// Where the price rises above a Festbetrag that stays, so does what the patient pays, while the
// Zuzahlung stays: § 31(2), § 61 SGB V. 10 % of 77,05 € are 7,71 €; 78,06 − 77,05 = 1,01 €,
// 84,74 − 77,05 = 7,69 €.
func TestPreiseMehrkosten(t *testing.T) {
	x := workflowtest.New(t, nil)
	old := workflowtest.Rx(rx, "Demolol", "Demolol", 6_000, 7_806)
	old.Festbetrag = 7_705
	neu := old
	neu.AVP = 8_474
	x.Kern.Katalog = katalog.NewCatalogue(gen(t, 20261115, old), gen(t, 20261201, neu))
	x.Book(event.BestandGeaendert{PZN: rx, Delta: 1, Art: "zugang"})
	p, err := katalogstand.New(x.Kern, &ordner{}).Preise(x.Ctx)
	x.Must(err)
	type b = katalogstand.Betraege
	if len(p.Zeilen) != 1 || p.Zeilen[0].Zuzahlung != (b{771, 771}) || p.Zeilen[0].Patient != (b{872, 1_540}) {
		t.Errorf("%+v", p.Zeilen)
	}
}

// The relabel list: not Rx, in the new catalogue, and another price at the shelf.
func TestEtiketten(t *testing.T) {
	x, s := lager(t, 20261115, 20261201)
	p, err := s.Preise(x.Ctx)
	x.Must(err)
	e := p.Etiketten()
	var names []string
	for _, z := range e.Zeilen {
		names = append(names, z.Artikel.Name)
	}
	if got := strings.Join(names, " "); got != "Ätherol Dazu Ohne" || e.Wert.Differenz() != 49 || e.Packungen != 14 || e.OhneAEP != 2 {
		t.Errorf("%s: %+v", got, e)
	}
	if len(p.Zeilen) != 6 || p.Wert.Differenz() != -301 {
		t.Errorf("the whole list changed with it: %+v", p)
	}
}

// Where an own price holds before and after, the label at the shelf stays; where one ends
// on the day of the new catalogue, it changes. An own article in stock is known.
func TestEtikettenMitEigenen(t *testing.T) {
	x, s := lager(t, 20261115, 20261201)
	x.Kern.Katalog = eigene.NewKatalog(x.Kern.Store, x.Kern.Katalog)
	x.Book(event.EigenerPreisGesetzt{PZN: otc, Ab: 20261101, Preis: 1_199},
		event.EigenerPreisGesetzt{PZN: gleich, Ab: 20261101, Bis: 20261130, Preis: 250},
		event.EigenerArtikelGesetzt{PZN: "08000005", Name: "Badesalz", Menge: "500", Einheit: "g", MwSt: 1, Preis: 1_290},
		event.BestandGeaendert{PZN: "08000005", Delta: 3, Art: "zugang"})
	p, err := s.Preise(x.Ctx)
	x.Must(err)
	var names []string
	for _, z := range p.Etiketten().Zeilen {
		names = append(names, fmt.Sprintf("%s %d→%d", z.Artikel.Name, z.Preis.Alt, z.Preis.Neu))
	}
	if got := strings.Join(names, ", "); got != "Dazu 0→350, Gleich (neuer Name) 250→300, Ohne 500→550" || p.Unbekannt != 1 {
		t.Errorf("%s, %d unknown", got, p.Unbekannt)
	}
}

// Nothing is coming: the one before and today's are compared.
func TestPreiseOhneNaechsten(t *testing.T) {
	x, s := lager(t, 20261101, 20261115)
	p, err := s.Preise(x.Ctx)
	if err != nil || p.Kommt || p.Alt.GueltigAb != 20261101 || p.Neu.GueltigAb != 20261115 || len(p.Zeilen) != 6 {
		t.Errorf("%+v, %v", p, err)
	}
}

// With one catalogue, or two that were never changed from one to the other, there is
// nothing to compare; of several that come the next counts.
func TestPreiseWelche(t *testing.T) {
	for _, c := range []struct {
		list     []civil.Day
		alt, neu civil.Day
	}{
		{[]civil.Day{20261115}, 0, 0},
		{[]civil.Day{20261201}, 0, 0}, // all are still to come: the earliest is used
		{[]civil.Day{20261201, 20261215}, 20261201, 20261215},
		{[]civil.Day{20261101, 20261115, 20261201, 20261215}, 20261115, 20261201},
		{[]civil.Day{20261015, 20261101, 20261115}, 20261101, 20261115},
	} {
		x := workflowtest.New(t, nil)
		var gens []catalogue.Generation
		for _, d := range c.list {
			gens = append(gens, gen(t, d))
		}
		x.Kern.Katalog = katalog.NewCatalogue(gens...)
		p, err := katalogstand.New(x.Kern, &ordner{}).Preise(x.Ctx)
		if err != nil || p.Alt.GueltigAb != c.alt || p.Neu.GueltigAb != c.neu {
			t.Errorf("%v: %v and %v, %v", c.list, p.Alt.GueltigAb, p.Neu.GueltigAb, err)
		}
	}
}

func TestCSV(t *testing.T) {
	x, s := lager(t, 20261115, 20261201)
	p, err := s.Preise(x.Ctx)
	x.Must(err)
	var b strings.Builder
	x.Must(p.CSV(&b))
	for _, want := range []string{
		"PZN;Artikel;Packung;Rx;Bestand;Preis bisher;Preis neu;Preis Differenz;AEP netto bisher;",
		string(otc) + ";Ätherol;;;7;12,99;13,49;0,50;3,33;3,40;0,07;;;;;;;;;;23,31;23,80;0,49;ja;\r\n",
		string(weg) + ";Weg;;;2;3,00;;-3,00;1,00;;-1,00;;;;;;;;;;;;;;entfällt\r\n",
		"Summe;;;;29;;;;;;;;;;;;;;;;73,31;70,30;-3,01;;\r\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("without %q:\n%s", want, b.String())
		}
	}
}
