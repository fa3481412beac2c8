package notfallmappe_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/mappe"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/notfallmappe"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/vormerkung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

func pzn(n int) kennung.PZN {
	for ; ; n += 1_000_000 { // some numbers have no check digit
		if _, ok := kennung.PZNCheck(fmt.Sprintf("%07d", n)); ok {
			return workflowtest.PZN(fmt.Sprintf("%07d", n))
		}
	}
}

func frei(n int, name string, uvp money.Cent) artikel.Artikel {
	return artikel.Artikel{
		PZN: pzn(n), Name: name, Menge: "20", Einheit: "St", Darreichungsform: "TAB", Art: artikel.Freiwahl, Status: artikel.Verkehr,
		UVP: uvp, MwSt: artikel.MwStVoll,
	}
}

func generation(t testing.TB, ab civil.Day, list ...artikel.Artikel) catalogue.Generation {
	t.Helper()
	var rows []catalogue.Zeile
	for i, a := range list {
		rows = append(rows, catalogue.Zeile{Artikel: a, Beliebtheit: len(list) - i})
	}
	g, err := katalog.New(catalogue.Manifest{ID: ab.String(), GueltigAb: ab}, catalogue.QuelleAus(rows, nil))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func verkauf(nummer int, tag civil.Day, positionen ...bon.Position) event.VerkaufAbgeschlossen {
	return event.VerkaufAbgeschlossen{Bon: bon.Bon{
		Nummer: fmt.Sprintf("1-%06d", nummer), Art: bon.Verkauf, Tag: tag, Benutzer: "AB", Positionen: positionen,
	}}
}

func zeile(n, menge int) bon.Position {
	return bon.Position{Art: vorgang.Artikel, PZN: pzn(n), Menge: menge, OhneLager: true}
}

func mappeVon(x *workflowtest.Stand) mappe.Mappe {
	x.T.Helper()
	m, warnung, err := notfallmappe.New(x.Kern, person.New(x.Kern)).Mappe(x.Ctx)
	x.Must(errors.Join(warnung, err))
	return m
}

func namen(m mappe.Mappe) string {
	var list []string
	for _, a := range m.Artikel {
		list = append(list, a.Name)
	}
	return strings.Join(list, " ")
}

// What was sold most in twelve months comes first: less what came back, without practice
// and without what was sold before; then stock, then the catalogue's demand.
func TestAuswahl(t *testing.T) {
	x := workflowtest.New(t, nil)
	var list []artikel.Artikel
	for i := range 2100 {
		list = append(list, frei(1000+i, fmt.Sprintf("N%04d", i), 100))
	}
	list[2], list[3].Status = frei(1002, "N0002", 100), artikel.Rueckruf
	x.Kern.Katalog = katalog.NewCatalogue(generation(t, 20261115, list...))
	practice := verkauf(4, 20261120, zeile(1000+2094, 9))
	practice.Bon.Uebung = true
	back := verkauf(5, 20261121, zeile(1000+2095, -3))
	back.Bon.Art = bon.Retoure
	x.Book(
		verkauf(1, 20251123, zeile(1000+2096, 50)), // the day before the twelve months
		verkauf(2, 20251124, zeile(1000+2097, 2)),  // their first day
		verkauf(3, 20261123, zeile(1000+2098, 5), zeile(1000+2095, 3), zeile(9000, 7), bon.Position{Art: vorgang.Gebuehr, SOK: "02567018", Menge: 1}),
		practice, back,
		event.BestandGeaendert{PZN: pzn(1000 + 2099), Delta: 4, Art: "zugang"},
		event.BestandGeaendert{PZN: pzn(1000 + 2098), Delta: 4, Art: "zugang"}, // chosen already
		event.BestandGeaendert{PZN: pzn(1000 + 2093), Delta: -1, Art: "korrektur"},
	)
	m := mappeVon(x)
	if d := cmp.Diff(mappe.Auswahl{Seit: 20251124, Verkaeufe: 2, Bestand: 1, Beliebtheit: 1997}, m.Auswahl); d != "" {
		t.Error(d)
	}
	got := namen(m)
	if len(m.Artikel) != mappe.MaxArtikel || strings.Count(got, "N2097") != 1 || strings.Count(got, "N2098") != 1 || !strings.Contains(got, "N2099") {
		t.Errorf("%d articles: …%s", len(m.Artikel), got[len(got)-60:])
	}
	for _, out := range []string{"N0003", "N2093", "N2094", "N2095", "N2096"} { // recalled and not in stock; not asked for
		if strings.Contains(got, out) {
			t.Errorf("%s is in it", out)
		}
	}
}

// More was sold than has room: the most sold, and nothing to fill up.
func TestAuswahlVoll(t *testing.T) {
	x := workflowtest.New(t, nil)
	var list []artikel.Artikel
	var sold []bon.Position
	for i := range mappe.MaxArtikel + 2 {
		list = append(list, frei(1000+i, fmt.Sprintf("N%04d", i), 100))
		sold = append(sold, zeile(1000+i, i+1))
	}
	x.Kern.Katalog = katalog.NewCatalogue(generation(t, 20261115, list...))
	x.Book(verkauf(1, 20261101, sold...), event.BestandGeaendert{PZN: pzn(1000), Delta: 4, Art: "zugang"})
	m := mappeVon(x)
	if d := cmp.Diff(mappe.Auswahl{Seit: 20251124, Verkaeufe: 2000}, m.Auswahl); d != "" || m.Artikel[0].Name != "N0002" {
		t.Errorf("%s, first %s", d, m.Artikel[0].Name)
	}
}

// In the order in which people look things up: umlauts as their letters, 20 before 100.
func TestFolge(t *testing.T) {
	hundred := frei(1005, "Aspirin", 900)
	hundred.Menge = "100"
	x := workflowtest.New(t, nil)
	x.Kern.Katalog = katalog.NewCatalogue(generation(t, 20261115,
		frei(1001, "Zink", 100), hundred, frei(1002, "ätherol", 100), frei(1003, "Aspirin", 300), frei(1004, "Azur", 100)))
	m := mappeVon(x)
	if got := namen(m); got != "Aspirin Aspirin ätherol Azur Zink" || m.Artikel[0].Packung != "20 St" || m.Artikel[1].Packung != "100 St" {
		t.Errorf("%s: %+v", got, m.Artikel[:2])
	}
}

// Amounts are those of the till: § 61 SGB V, 10 % of the AVP, 5.00 to 10.00 € until
// 31.12.2026 and 7.50 to 15.00 € from 01.01.2027 on; Festbetrag § 31(2). A change is told if
// it lies within 20 days.
func TestPreise(t *testing.T) {
	rx := workflowtest.Rx(pzn(1001), "Atovalan", "x", 1000, 3649)
	rx.Festbetrag = 2150
	dear := workflowtest.Rx(pzn(1002), "Teuer", "x", 1000, 28_315)
	none := workflowtest.Rx(pzn(1003), "Ohne", "x", 0, 0)
	gone := frei(1004, "Weg", 398)
	later := rx
	later.AVP = 3700
	type b = mappe.Betraege
	for _, c := range []struct {
		now  time.Time
		bis  civil.Day
		want []mappe.Artikel
	}{
		{time.Date(2026, 12, 11, 11, 0, 0, 0, time.UTC), 20261231, []mappe.Artikel{ // the 1st of January is 21 days ahead
			{Heute: b{Preis: 3649, Festbetrag: 2150, Zuzahlung: 500, Mehrkosten: 1499}, WechselAb: 20261215, Dann: b{Preis: 3700, Festbetrag: 2150, Zuzahlung: 500, Mehrkosten: 1550}},
			{Heute: b{Art: mappe.OhnePreis}},
			{Heute: b{Preis: 28_315, Zuzahlung: 1000}},
			{Heute: b{Art: mappe.Privat, Preis: 398}, WechselAb: 20261215, Dann: b{Art: mappe.Entfallen}},
		}},
		// From the 12th on it is 20 days ahead; what changes before that changes twice, so the
		// Mappe ends the day before.
		{time.Date(2026, 12, 12, 11, 0, 0, 0, time.UTC), 20261231, []mappe.Artikel{
			{Heute: b{Preis: 3649, Festbetrag: 2150, Zuzahlung: 500, Mehrkosten: 1499}, WechselAb: 20261215, Dann: b{Preis: 3700, Festbetrag: 2150, Zuzahlung: 500, Mehrkosten: 1550}},
			{Heute: b{Art: mappe.OhnePreis}},
			{Heute: b{Preis: 28_315, Zuzahlung: 1000}, WechselAb: 20270101, Dann: b{Preis: 28_315, Zuzahlung: 1500}},
			{Heute: b{Art: mappe.Privat, Preis: 398}, WechselAb: 20261215, Dann: b{Art: mappe.Entfallen}},
		}},
		{time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC), 20261231, []mappe.Artikel{ // 23:59 in Berlin
			{Heute: b{Preis: 3700, Festbetrag: 2150, Zuzahlung: 500, Mehrkosten: 1550}, WechselAb: 20270101, Dann: b{Preis: 3700, Festbetrag: 2150, Zuzahlung: 750, Mehrkosten: 1550}},
			{Heute: b{Art: mappe.OhnePreis}},
			{Heute: b{Preis: 28_315, Zuzahlung: 1000}, WechselAb: 20270101, Dann: b{Preis: 28_315, Zuzahlung: 1500}},
		}},
		{time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), 20270114, []mappe.Artikel{ // 00:00 in Berlin
			{Heute: b{Preis: 3700, Festbetrag: 2150, Zuzahlung: 750, Mehrkosten: 1550}},
			{Heute: b{Art: mappe.OhnePreis}},
			{Heute: b{Preis: 28_315, Zuzahlung: 1500}},
		}},
	} {
		x := workflowtest.New(t, nil)
		x.Uhr.Set(c.now)
		x.Kern.Katalog = katalog.NewCatalogue(generation(t, 20261201, rx, dear, none, gone), generation(t, 20261215, later, dear, none))
		m := mappeVon(x)
		for i := range m.Artikel {
			a := &m.Artikel[i]
			*a = mappe.Artikel{Heute: a.Heute, WechselAb: a.WechselAb, Dann: a.Dann}
		}
		if d := cmp.Diff(c.want, m.Artikel); d != "" || m.Bis != c.bis {
			t.Errorf("%v: until %v, want %v: %s", c.now, m.Bis, c.bis, d)
		}
	}
}

// Where the GKV pays by another price than the shelf's (§ 129(5a) SGB V), both are there.
func TestPreisGKV(t *testing.T) {
	otc := frei(1001, "ASS", 275)
	otc.Art, otc.AVP, otc.OTCAusnahme, otc.BtM = artikel.Arzneimittel, 327, true, true
	aids := frei(1002, "Windel", 1999)
	aids.Art, aids.AVP, aids.Status = artikel.Pflegehilfsmittel, 1999, artikel.Rueckruf
	x := workflowtest.New(t, nil)
	x.Kern.Katalog = katalog.NewCatalogue(generation(t, 20261115, otc, aids))
	x.Book(event.BestandGeaendert{PZN: aids.PZN, Delta: 4, Art: "zugang"})
	want := []mappe.Artikel{
		{PZN: otc.PZN, Name: "ASS", Packung: "20 St", Form: "TAB", BtM: true, Vertrieb: true, Heute: mappe.Betraege{Preis: 275, PreisGKV: 327, Zuzahlung: 327}},
		{PZN: aids.PZN, Name: "Windel", Packung: "20 St", Form: "TAB", Rueckruf: true, Heute: mappe.Betraege{Art: mappe.Pflege, Preis: 1999}},
	}
	if d := cmp.Diff(want, mappeVon(x).Artikel); d != "" {
		t.Error(d)
	}
}

// What is the pharmacy's own is in it: an article that is sold or in stock, the own price also
// of what nobody has bought yet, and the day on which one ends. A second change has no room.
func TestEigenes(t *testing.T) {
	creme, salbe := frei(1001, "Creme", 499), frei(1002, "Salbe", 799)
	x := workflowtest.New(t, []artikel.Artikel{creme, salbe})
	x.Book(event.EigenerPreisGesetzt{PZN: creme.PZN, Ab: 20261101, Bis: 20261126, Preis: 449},
		event.EigenerPreisGesetzt{PZN: salbe.PZN, Ab: 20261101, Preis: 699},
		event.EigenerArtikelGesetzt{PZN: "08000005", Name: "Badesalz", Menge: "500", Einheit: "g", MwSt: 1, Preis: 1290},
		event.BestandGeaendert{PZN: "08000005", Delta: 3, Art: "zugang"})
	m := mappeVon(x)
	own := func(c money.Cent) mappe.Betraege { return mappe.Betraege{Preis: c, Art: mappe.Privat} }
	want := []mappe.Artikel{
		{PZN: "08000005", Name: "Badesalz", Packung: "500 g", Vertrieb: true, Heute: own(1290)},
		{PZN: creme.PZN, Name: "Creme", Packung: "20 St", Form: "TAB", Vertrieb: true, Heute: own(449), WechselAb: 20261127, Dann: own(499)},
		{PZN: salbe.PZN, Name: "Salbe", Packung: "20 St", Form: "TAB", Vertrieb: true, Heute: own(699)},
	}
	if d := cmp.Diff(want, m.Artikel); d != "" || m.Auswahl.Bestand != 1 {
		t.Error(d, m.Auswahl)
	}
	x.Book(event.EigenerPreisGesetzt{PZN: creme.PZN, Ab: 20261129, Preis: 399})
	if m := mappeVon(x); m.Bis != 20261128 {
		t.Errorf("holds until %v", m.Bis)
	}
}

// Who waits for what: customers on file with their phone number, others by the name on
// their slip, in the order of names; what was picked up or erased is not there.
func TestVormerkungen(t *testing.T) {
	x := workflowtest.New(t, []artikel.Artikel{frei(1001, "Creme", 100)})
	p := person.New(x.Kern)
	v := vormerkung.New(x.Kern, p)
	anlegen := func(name, vorname, telefon string) person.Person {
		k, err := p.Anlegen(x.Ctx, x.A(), person.Person{Name: name, Vorname: vorname, Telefon: telefon})
		x.Must(err)
		return k
	}
	reserve := func(e vormerkung.Eingabe) string {
		e.PZN = pzn(1001)
		r, err := v.Anlegen(x.Ctx, x.A(), e)
		x.Must(err)
		return r.ID
	}
	zander, erased := anlegen("Zander", "", "0711 1"), anlegen("Gelöscht", "Anna", "0711 2")
	reserve(vormerkung.Eingabe{Menge: 2, Kunde: zander.ID})
	reserve(vormerkung.Eingabe{Menge: 1})
	reserve(vormerkung.Eingabe{Menge: 3, Name: "Äpfel, nur Zettel"})
	reserve(vormerkung.Eingabe{Menge: 1, Kunde: erased.ID})
	x.Must(v.Erledigen(x.Ctx, x.A(), reserve(vormerkung.Eingabe{Menge: 1, Name: "War da"}), vormerkung.Abgeholt))
	x.Must(p.Loeschen(x.Ctx, x.A(), erased.ID, "auf Wunsch"))
	x.Must(haus.New(x.Kern).Setzen(x.Ctx, x.A(), haus.Einstellungen{Name: "Löwen-Apotheke", Telefon: "0711 0"}))
	x.Book(event.BestandGeaendert{PZN: pzn(1001), Delta: 2, Art: "zugang"})
	m := mappeVon(x)
	row := func(n int, kunde, name, telefon string, menge int) mappe.Vormerkung {
		return mappe.Vormerkung{
			Nummer: n, Kunde: kunde, Name: name, Telefon: telefon, Menge: menge, PZN: pzn(1001), Artikel: "Creme 20 St", Tag: 20261123,
			Abholbar: menge <= 2,
		}
	}
	want := []mappe.Vormerkung{
		row(3, "", "Äpfel, nur Zettel", "", 3), row(1, zander.ID, "Zander", "0711 1", 2), row(2, "", "", "", 1), row(4, "", "", "", 1),
	}
	if d := cmp.Diff(want, m.Vormerken); d != "" || m.Apotheke.Name != "Löwen-Apotheke" || m.Apotheke.Telefon != "0711 0" {
		t.Error(d, m.Apotheke)
	}
}

// Without a catalogue there is no Mappe; reservations that cannot be opened are missing, and
// that is said, while all else is there.
func TestOhne(t *testing.T) {
	x := workflowtest.New(t, []artikel.Artikel{frei(1001, "Creme", 100)})
	sealed, err := x.Kern.Store.Seal(x.Ctx, "r-1", []byte(`"Anna"`))
	x.Must(err)
	sealed.Data[len(sealed.Data)-1] ^= 1
	x.Book(event.VormerkungAngelegt{ID: "r-1", Nummer: 1, PZN: pzn(1001), Menge: 1, Tag: 20261123, Name: &sealed})
	m, warnung, err := notfallmappe.New(x.Kern, person.New(x.Kern)).Mappe(x.Ctx)
	if warnung == nil || err != nil || !m.OhneVormerkungen || len(m.Vormerken) != 0 || len(m.Artikel) != 1 {
		t.Errorf("%+v, %v, %v", m, warnung, err)
	}
	x.Kern.Katalog = katalog.NewCatalogue()
	_, _, err = notfallmappe.New(x.Kern, person.New(x.Kern)).Mappe(x.Ctx)
	x.Fails(err, "A-103")
}
