package verkauf_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/verkauf"
)

const mittags = "2026-11-23 10:00" // a Monday

func TestBarverkauf(t *testing.T) {
	x := neu(t, mittags)
	x.lager(ibu, 5)
	id := x.beginne()
	x.scan(id, ibu)
	v := x.scan(id, ibu) // the same scan again adds 1
	x.scan(id, bonbon)
	if len(v.Zeilen) != 1 || v.Zeilen[0].Position.Menge != 2 || v.Zeilen[0].Bestand != 5 {
		t.Fatalf("two scans: %+v", v.Zeilen)
	}
	b, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 1046, Gegeben: 2000})
	x.must(err)
	if b.Nummer != "1-000001" || b.Rueckgeld() != 954 || b.Summen().Patient != 1046 || b.Tag != 20261123 || b.Benutzer != "AB" {
		t.Errorf("%+v", b)
	}
	if x.bestand(ibu) != 3 || x.bestand(bonbon) != -1 {
		t.Errorf("stock %d, %d", x.bestand(ibu), x.bestand(bonbon))
	}
	steuern := b.Steuern() // UStG § 12: 7,96 € at 19 %, 2,50 € at 7 %
	if len(steuern) != 2 || steuern[0].MwSt != 127 || steuern[1].MwSt != 16 || steuern[1].Netto != 234 {
		t.Errorf("%+v", steuern)
	}
	if a, err := x.Aktuell(x.ctx); err != nil || a.Vorgang.ID != "" {
		t.Errorf("the cart is still there: %+v, %v", a.Vorgang, err)
	}
	if last, ok, err := x.Letzter(x.ctx); err != nil || !ok || last.Nummer != b.Nummer {
		t.Errorf("last Bon %v, %v, %v", last.Nummer, ok, err)
	}
}

// What is booked is what was shown, or nothing is.
func TestBezahlenVerweigert(t *testing.T) {
	x := neu(t, mittags)
	leer := x.beginne()
	pay := func(id string, z verkauf.Zahlung) error {
		_, err := x.Bezahlen(x.ctx, x.a(), id, z)
		return err
	}
	x.wants(pay(leer, verkauf.Zahlung{}), "V-201")
	id := x.beginne()
	x.scan(id, ibu)
	for code, z := range map[string]verkauf.Zahlung{
		"V-202": {Erwartet: 397},
		"V-205": {Erwartet: 398, Karte: 399},
		"V-206": {Erwartet: 398, Gegeben: 1_126_111},
		"V-207": {Erwartet: 398, Karte: 398, Gegeben: 100},
		"V-208": {Erwartet: 398, Gegeben: 397},
	} {
		x.wants(pay(id, z), code)
	}
	x.wants(pay(id, verkauf.Zahlung{Erwartet: 398, Karte: -1}), "V-205")
	x.wants(pay(id, verkauf.Zahlung{Erwartet: 398, Gegeben: -1}), "V-206")
	rx := x.beginne()
	x.scan(rx, ramipril)
	x.wants(pay(rx, verkauf.Zahlung{Erwartet: 4999}), "V-301") // no Rx drug without prescription
	back := x.beginne()
	x.scan(back, rueckruf)
	x.wants(pay(back, verkauf.Zahlung{Erwartet: 500}), "A-201")
	none := x.beginne()
	x.scan(none, ohnePreis)
	x.wants(pay(none, verkauf.Zahlung{}), "V-302")
	_, err := x.Preis(x.ctx, x.a(), none, 1, 150)
	x.must(err)
	x.must(pay(none, verkauf.Zahlung{Erwartet: 150, Karte: 100}))
	if list, err := x.BonsAm(x.ctx, 20261123); err != nil || len(list) != 1 || len(list[0].Zahlungen) != 2 {
		t.Errorf("booked: %+v, %v", list, err)
	}
	_, err = x.Bezahlen(x.ctx, workflow.Auftrag{Key: "k"}, id, verkauf.Zahlung{})
	x.wants(err, "V-001")
	_, err = x.Bezahlen(x.ctx, workflow.Auftrag{Actor: "AB", Key: "with blank"}, id, verkauf.Zahlung{})
	x.wants(err, "V-002")
}

func TestGleicherSchluesselGleicherBon(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	x.scan(id, ibu)
	a := x.a()
	z := verkauf.Zahlung{Erwartet: 398}
	first, err := x.Bezahlen(x.ctx, a, id, z)
	x.must(err)
	again, err := x.Bezahlen(x.ctx, a, id, z)
	x.must(err)
	if first.Nummer != again.Nummer {
		t.Errorf("%s, then %s", first.Nummer, again.Nummer)
	}
	_, err = x.Bezahlen(x.ctx, x.a(), id, z)
	x.wants(err, "V-101") // another intent: the cart is finished
	_, err = x.Bezahlen(x.ctx, a, id, verkauf.Zahlung{Erwartet: 398, Karte: 398})
	x.wants(err, "J-101") // the same key for something else
}

// The day is fixed at payment: at midnight of New Year the price of the cart changes,
// and that is confirmed before it is booked.
func TestPreiswechselUmMitternacht(t *testing.T) {
	x := neu(t, "2026-12-31 23:59")
	id := x.beginne()
	x.scan(id, ibu)
	x.uhr.Advance(2 * time.Minute)
	_, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 398})
	x.wants(err, "V-202")
	v, err := x.Ansicht(x.ctx, id)
	x.must(err)
	if v.Summen.Patient != 420 || !strings.Contains(codes(v), "V-211/1") {
		t.Fatalf("%v %s", v.Summen.Patient, codes(v))
	}
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 420})
	x.wants(err, "V-203")
	b, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 420, Bestaetigt: []string{"V-211"}})
	x.must(err)
	if b.Tag != 20270101 || b.Katalog != "test-2027-01-01" {
		t.Errorf("%v %v", b.Tag, b.Katalog)
	}
}

func TestScan(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	ppn := "[)>\x1e06\x1d9N" + ibu.PPN() + "\x1d1TCH7\x1dD280131\x1dS12345ABCDE\x1e\x04"
	v, e, err := x.Scan(x.ctx, x.a(), id, ppn)
	x.must(err)
	if p := v.Zeilen[0].Position; e.Nr != 1 || p.Serie != "12345ABCDE" || p.Charge != "CH7" || p.Verfall != 20280131 {
		t.Fatalf("%+v %+v", e, p)
	}
	_, _, err = x.Scan(x.ctx, x.a(), id, ppn)
	x.wants(err, "V-119") // the same pack cannot be sold twice
	_, err = x.Menge(x.ctx, x.a(), id, 1, 2)
	x.wants(err, "V-120")
	for text, menge := range map[string]int{
		"3*" + string(bonbon): 3, "-" + string(bonbon): 1, "*-" + string(bonbon) + "*": 1, string(bonbon.NTIN()): 1,
	} {
		before := packs(v, bonbon)
		if v, _, err = x.Scan(x.ctx, x.a(), id, text); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := packs(v, bonbon) - before; got != menge {
			t.Errorf("%q added %d", text, got)
		}
	}
	before := packs(v, ibu)
	if v, _, err = x.Scan(x.ctx, x.a(), id, string(ibu)[1:]); err != nil || packs(v, ibu) != before+1 { // PZN7, until 2013
		t.Errorf("an old PZN: %v", err)
	}
	alt := "[)>\x1e06\x1d9N" + binden.PPN() + "\x1dD261031\x1dS1\x1e\x04"
	if v, _, err = x.Scan(x.ctx, x.a(), id, alt); err != nil || !strings.Contains(codes(v), "V-310/2") {
		t.Errorf("an expired pack: %s, %v", codes(v), err)
	}
	for text, code := range map[string]string{
		"": "K-201", "0*" + string(ibu): "V-134", "1000*" + string(ibu): "V-134", string(pzn("7654321")): "A-101", "1234": "K-101",
		"4006381333931": "V-135",
	} {
		_, _, err := x.Scan(x.ctx, x.a(), id, text)
		if err == nil || code != "K-101" && !strings.Contains(err.Error(), code) {
			t.Errorf("%q: want %s, got %v", text, code, err)
		}
	}
	v, e, err = x.Scan(x.ctx, x.a(), id, "ramipril")
	if err != nil || e.Nr != 0 || len(e.Treffer) != 2 {
		t.Errorf("words: %+v, %v", e, err)
	}
}

func packs(v verkauf.Ansicht, p kennung.PZN) int {
	n := 0
	for _, z := range v.Zeilen {
		if z.Position.PZN == p {
			n += z.Position.Menge
		}
	}
	return n
}

func TestParkenUndUebernehmen(t *testing.T) {
	x := neu(t, mittags)
	y := auf(t, x.kern.Store, x.uhr, "platz-2", "2")
	leer := x.beginne()
	x.wants(x.Parken(x.ctx, x.a(), leer, ""), "V-127")
	id := x.beginne()
	x.scan(id, ibu)
	_, _, err := y.Scan(x.ctx, y.a(), id, string(ibu))
	x.wants(err, "V-117")
	x.must(x.Parken(x.ctx, x.a(), id, "Herr mit Hut"))
	_, _, err = x.Scan(x.ctx, x.a(), id, string(ibu))
	x.wants(err, "V-102")
	list, err := y.Offene(x.ctx)
	if err != nil || len(list) != 1 || list[0].Notiz != "Herr mit Hut" || list[0].Patient != 398 || list[0].Platz != "platz-1" {
		t.Fatalf("%+v, %v", list, err)
	}
	v, err := y.Fortsetzen(x.ctx, y.a(), id)
	if err != nil || v.Vorgang.Platz != "platz-2" || v.Vorgang.Epoche != 2 || v.Vorgang.Zustand != vorgang.Offen {
		t.Fatalf("%+v, %v", v.Vorgang, err)
	}
	if a, err := y.Aktuell(x.ctx); err != nil || a.Vorgang.ID != id {
		t.Errorf("%v, %v", a.Vorgang.ID, err)
	}
	y.scan(id, ibu)
	_, err = x.Fortsetzen(x.ctx, x.a(), id) // taken back while it is open there
	x.must(err)
	x.must(x.Verwerfen(x.ctx, x.a(), id))
	_, err = x.Ansicht(x.ctx, id)
	x.wants(err, "V-101")
}

func TestZurueck(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	_, err := x.Zurueck(x.ctx, x.a(), id)
	x.wants(err, "V-128")
	one := x.scan(id, ibu)
	two := x.scan(id, bonbon)
	_, err = x.Entfernen(x.ctx, x.a(), id, 1)
	x.must(err)
	_, err = x.Rabatt(x.ctx, x.a(), id, 0, 10*money.Percent)
	x.must(err)
	x.must(x.Parken(x.ctx, x.a(), id, ""))
	_, err = x.Fortsetzen(x.ctx, x.a(), id)
	x.must(err)
	_, err = x.Zurueck(x.ctx, x.a(), id) // the discount
	x.must(err)
	v, err := x.Zurueck(x.ctx, x.a(), id) // the void: the line stands where it stood
	x.must(err)
	if v.Summen != two.Summen || len(v.Zeilen) != 2 || v.Zeilen[0].Position != two.Zeilen[0].Position {
		t.Fatalf("%+v", v.Zeilen)
	}
	v, err = x.Zurueck(x.ctx, x.a(), id)
	x.must(err)
	if v.Summen != one.Summen || !v.KannZurueck {
		t.Fatalf("%+v", v.Summen)
	}
	v, err = x.Zurueck(x.ctx, x.a(), id)
	x.must(err)
	if len(v.Zeilen) != 0 || v.KannZurueck {
		t.Fatalf("%+v", v)
	}
}

func TestRezeptverkauf(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril, lthyrox))
	x.auf(id, ramipril, r, 0)
	v := x.auf(id, lthyrox, r, 1)
	// § 61: 10 % of 49,99 € = 5,00 €; DAV example L-Thyroxin: 5,00 € and Mehrkosten 0,56 €.
	if s := v.Summen; s.Zuzahlung != 1000 || s.Mehrkosten != 56 || s.Patient != 1056 || s.TraegerZahlt != 4999+1516-1056 {
		t.Fatalf("%+v", s)
	}
	if z, err := x.Warum(x.ctx, id, 2); err != nil || len(z.Rechnung.Schritte) < 4 || z.Rechnung.Regel != "mindest" {
		t.Errorf("%+v, %v", z, err)
	}
	b := x.zahle(id)
	e, _, err := x.rezepte.Find(x.ctx, r)
	if err != nil || e.Zustand != "beliefert" || len(e.Bons) != 1 {
		t.Errorf("%v %v %v", e.Zustand, e.Bons, err)
	}
	view, err := x.Bon(x.ctx, b.Nummer)
	if err != nil || view.Zuzahlung != 1000 || !view.Stornierbar || !view.Retournierbar || view.TSE == "" {
		t.Errorf("%+v, %v", view, err)
	}
	// More than prescribed must be confirmed.
	id = x.beginne()
	_, err = x.RezeptHinzufuegen(x.ctx, x.a(), id, r)
	x.must(err)
	v = x.auf(id, ramipril, r, 0)
	if !strings.Contains(codes(v), "V-306/1") {
		t.Errorf("%s", codes(v))
	}
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 500})
	x.wants(err, "V-203")
}

func TestRezeptEntfernenLoestZeilen(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(hustensaft, morphin))
	x.auf(id, hustensaft, r, 0)
	v := x.auf(id, morphin, r, 1)
	if !strings.Contains(codes(v), "V-214/0") {
		t.Errorf("no proposal of the BtM fee: %s", codes(v))
	}
	v, err := x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: gebuehr.SOKBtM, Rezept: r})
	x.must(err)
	if v.Zeilen[2].Rechnung.TraegerZahlt != 426 || v.Summen.Patient != 1000 { // AMPreisV § 7: 4,26 €
		t.Fatalf("%+v", v.Summen)
	}
	_, err = x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: gebuehr.SOKBtM, Rezept: r})
	x.wants(err, "V-125")
	v, err = x.RezeptEntfernen(x.ctx, x.a(), id, r)
	x.must(err)
	if len(v.Zeilen) != 2 || v.Zeilen[0].Rechnung.Privat != 900 || !strings.Contains(codes(v), "V-301/2") {
		t.Fatalf("%+v %s", v.Zeilen, codes(v))
	}
	_, err = x.Zuordnen(x.ctx, x.a(), id, 1, r, 0)
	x.wants(err, "V-104")
	_, err = x.RezeptHinzufuegen(x.ctx, x.a(), id, r)
	x.must(err)
	_, err = x.Zuordnen(x.ctx, x.a(), id, 1, r, 7)
	x.wants(err, "V-133")
	v, err = x.Zuordnen(x.ctx, x.a(), id, 1, r, 0)
	if err != nil || v.Zeilen[0].Rechnung.Zuzahlung != 500 { // 10 % of 8,00 €, at least 5,00 €
		t.Errorf("%+v, %v", v.Zeilen[0].Rechnung, err)
	}
	v, err = x.Zuordnen(x.ctx, x.a(), id, 1, "", 0)
	if err != nil || v.Zeilen[0].Rechnung.Privat != 900 {
		t.Errorf("%+v, %v", v.Zeilen[0].Rechnung, err)
	}
}

func TestStornoUndRetoure(t *testing.T) {
	x := neu(t, mittags)
	x.lager(ramipril, 10)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril))
	x.auf(id, ramipril, r, 0)
	x.scan(id, ibu)
	_, err := x.Menge(x.ctx, x.a(), id, 2, 3)
	x.must(err)
	b := x.zahle(id)
	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "  ")
	x.wants(err, "V-409")
	x.uhr.Advance(48 * time.Hour)
	a := x.a()
	s, err := x.Storno(x.ctx, a, b.Nummer, "falscher Kunde")
	x.must(err)
	if again, err := x.Storno(x.ctx, a, b.Nummer, "falscher Kunde"); err != nil || again.Nummer != s.Nummer {
		t.Errorf("%v, %v", again.Nummer, err)
	}
	if s.Summen().Patient != -b.Summen().Patient || s.Bezug != b.Nummer || s.Nummer != "1-000002" || s.Tag != 20261125 {
		t.Fatalf("%+v", s)
	}
	if x.bestand(ramipril) != 10 || x.bestand(ibu) != 0 {
		t.Errorf("stock %d %d", x.bestand(ramipril), x.bestand(ibu))
	}
	if e, _, err := x.rezepte.Find(x.ctx, r); err != nil || e.Zustand != "offen" {
		t.Errorf("%v %v", e.Zustand, err)
	}
	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "noch einmal")
	x.wants(err, "V-403")
	_, err = x.Retoure(x.ctx, x.a(), b.Nummer, []retoure.Zeile{{Nr: 1, Menge: 1}}, "doch")
	x.wants(err, "V-403")
	_, err = x.Storno(x.ctx, x.a(), s.Nummer, "des Stornos")
	x.wants(err, "V-402")
	_, err = x.Storno(x.ctx, x.a(), "1-000999", "gibt es nicht")
	x.wants(err, "V-401")
}

func TestRetoureInTeilen(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril))
	x.auf(id, ramipril, r, 0)
	x.scan(id, ibu)
	_, err := x.Menge(x.ctx, x.a(), id, 2, 3)
	x.must(err)
	_, err = x.Rabatt(x.ctx, x.a(), id, 2, 10*money.Percent) // 11,94 − 1,19 = 10,75
	x.must(err)
	b := x.zahle(id)
	if b.Summen().Patient != 500+1075 || b.Positionen[1].Rabatt != 119 {
		t.Fatalf("%+v", b.Summen())
	}
	give := func(nr, menge int) (bon.Bon, error) {
		return x.Retoure(x.ctx, x.a(), b.Nummer, []retoure.Zeile{{Nr: nr, Menge: menge}}, "Grund")
	}
	var back money.Cent
	for range 3 {
		u, err := give(2, 1)
		x.must(err)
		back += u.Summen().Patient
	}
	_, err = give(2, 1)
	x.wants(err, "V-407")
	_, err = give(9, 1)
	x.wants(err, "V-405")
	_, err = x.Retoure(x.ctx, x.a(), b.Nummer, nil, "Grund")
	x.wants(err, "V-408")
	if back != -1075 {
		t.Errorf("three parts give back %v", back)
	}
	u, err := give(1, 1)
	x.must(err)
	if p := u.Positionen[0]; !p.OhneLager || p.Zuzahlung != -500 || p.TraegerZahlt != -4499 || u.Zahlungen[0].Betrag != -500 {
		t.Errorf("%+v", u)
	}
	if x.bestand(ramipril) != -1 || x.bestand(ibu) != 0 {
		t.Errorf("a returned Rx drug is not sold again: %d %d", x.bestand(ramipril), x.bestand(ibu))
	}
	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "Rest")
	x.wants(err, "V-404")
	view, err := x.Bon(x.ctx, b.Nummer)
	if err != nil || len(view.Retouren) != 4 || view.Stornierbar || view.Retournierbar {
		t.Errorf("%+v, %v", view, err)
	}
	x.must(x.Nachdruck(x.ctx, x.a(), b.Nummer, "bon"))
	x.wants(x.Nachdruck(x.ctx, x.a(), b.Nummer, "foto"), "V-410")
	x.wants(x.Nachdruck(x.ctx, x.a(), "1-9", "bon"), "V-401")
}

func TestKulanz(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(lthyrox))
	x.auf(id, lthyrox, r, 0)
	v, err := x.Kulanz(x.ctx, x.a(), id, 1, "Störung am 23.11.")
	x.must(err)
	if v.Summen.Patient != 56 || v.Summen.Kulanz != 500 { // the Mehrkosten stay
		t.Fatalf("%+v", v.Summen)
	}
	b := x.zahle(id)
	p := b.Positionen[0]
	if p.Patient()+p.TraegerZahlt+p.Kulanz != p.Gesamt || p.Zuzahlung != 500 || p.KulanzGrund == "" {
		t.Errorf("%+v", p)
	}
	if view, err := x.Bon(x.ctx, b.Nummer); err != nil || view.Zuzahlung != 0 {
		t.Errorf("a waived Zuzahlung is not receipted: %v, %v", view.Zuzahlung, err)
	}
	other := x.beginne()
	x.scan(other, ibu)
	_, err = x.Kulanz(x.ctx, x.a(), other, 1, "nett")
	x.wants(err, "V-137")
}

// A sale by hand in a power cut on 31 December is entered on 2 January: price and
// Zuzahlung are those of its day, the receipt number is the next one.
func TestNacherfassung(t *testing.T) {
	x := neu(t, "2027-01-02 09:00")
	id := x.beginne()
	_, err := x.Nacherfassung(x.ctx, x.a(), id, zeit(t, "2026-12-31 16:30"), "Block 7 Nr. 3")
	x.must(err)
	m := x.muster(ramipril)
	m.Ausgestellt = 20261230
	r := x.nimm(id, m)
	x.auf(id, ramipril, r, 0)
	x.scan(id, ibu)
	b := x.zahle(id)
	if b.Summen().Patient != 500+398 || b.Tag != 20261231 || !b.Nacherfassung || b.Beleg != "Block 7 Nr. 3" {
		t.Errorf("%+v", b)
	}
	if list, err := x.BonsAm(x.ctx, 20261231); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	_, err = x.Nacherfassung(x.ctx, x.a(), x.beginne(), zeit(t, "2027-01-03 09:00"), "")
	x.wants(err, "V-115")
	id = x.beginne()
	x.uhr.Set(zeit(t, "2020-06-01 09:00"))
	_, err = x.Nacherfassung(x.ctx, x.a(), id, zeit(t, "2019-12-31 12:00"), "")
	x.must(err)
	if v := x.scan(id, ibu); !strings.Contains(codes(v), "V-212/1") {
		t.Errorf("no catalogue reaches back: %s", codes(v))
	}
}

func TestNoctuWirdVorgeschlagen(t *testing.T) {
	for at, want := range map[string]bool{
		"2026-11-23 19:59": false, "2026-11-23 20:00": true, "2026-11-22 12:00": true, // Sunday
		"2026-12-24 13:59": false, "2026-12-24 14:00": true, "2026-11-01 12:00": true,
		"2026-11-18 12:00": false, // Buß- und Bettag is a holiday in Sachsen only
	} {
		x := neu(t, at)
		x.schreibe(event.EinstellungGesetzt{Schluessel: "bundesland", Wert: "BY"})
		id := x.beginne()
		v := x.scan(id, ibu)
		if v.Noctu != want {
			t.Errorf("%s: %v", at, v.Noctu)
		}
		if len(v.Zeilen) != 1 {
			t.Errorf("%s: a fee was added by itself", at)
		}
		if !want {
			continue
		}
		v, err := x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: gebuehr.SOKNoctu})
		if err != nil || v.Noctu || v.Summen.Patient != 398+250 { // AMPreisV § 6: 2,50 €
			t.Errorf("%s: %+v, %v", at, v.Summen, err)
		}
	}
	x := neu(t, "2026-11-18 12:00")
	x.schreibe(event.EinstellungGesetzt{Schluessel: "bundesland", Wert: "SN"})
	if id := x.beginne(); !x.scan(id, ibu).Noctu {
		t.Error("Buß- und Bettag in Sachsen")
	}
}

// A prescription marked „noctu“ bears the fee, without being named again.
func TestNoctuTraegtDasRezept(t *testing.T) {
	x := neu(t, "2026-11-23 21:30")
	id := x.beginne()
	m := x.muster(ramipril)
	m.Noctu = true
	r := x.nimm(id, m)
	x.auf(id, ramipril, r, 0)
	v, err := x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: gebuehr.SOKNoctu})
	if err != nil || v.Summen.Patient != 500 || v.Zeilen[1].Rechnung.TraegerZahlt != 250 || v.Zeilen[1].Rechnung.Rezept != r {
		t.Errorf("%+v, %v", v.Zeilen[1].Rechnung, err)
	}
}

// § 33(8) S. 3 SGB V: 10 %, at most 15,00 € in the month (10,00 € until 2026-07-29),
// also over several Bons; a Storno gives the month back.
func TestHilfsmittelImMonat(t *testing.T) {
	x := neu(t, mittags)
	sell := func(menge int) bon.Bon {
		id := x.beginne()
		r := x.nimm(id, x.muster(binden))
		x.auf(id, binden, r, 0)
		_, err := x.Menge(x.ctx, x.a(), id, 1, menge)
		x.must(err)
		return x.zahle(id)
	}
	b1 := sell(1)
	b2 := sell(2)
	b3 := sell(1)
	got := [...]money.Cent{b1.Summen().Patient, b2.Summen().Patient, b3.Summen().Patient}
	if got != [...]money.Cent{800, 700, 0} {
		t.Fatalf("%v", got)
	}
	x.uhr.Set(zeit(t, "2026-12-01 10:00"))
	_, err := x.Storno(x.ctx, x.a(), b2.Nummer, "zu viel")
	x.must(err)
	b4 := sell(2) // a new month
	x.uhr.Set(zeit(t, "2026-11-24 10:00"))
	b5 := sell(2) // November has 7,00 € again
	if b4.Summen().Patient != 1500 || b5.Summen().Patient != 700 {
		t.Errorf("December %v, November %v", b4.Summen().Patient, b5.Summen().Patient)
	}
}

// § 40(2) SGB XI: 42,00 € a month; what lies above the patient pays.
func TestPflegepauschale(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	m := x.muster(handschuh, handschuh)
	m.Kostentraeger.Art = zuzahlung.Pflege
	r := x.nimm(id, m)
	x.auf(id, handschuh, r, 0)
	v := x.auf(id, handschuh, r, 1)
	if v.Summen.Patient != 1800 || v.Zeilen[1].Rechnung.Mehrkosten != 1800 {
		t.Fatalf("two lines of 30,00 €: %+v", v.Summen)
	}
	x.zahle(id)
	id = x.beginne()
	r = x.nimm(id, m)
	if v := x.auf(id, handschuh, r, 0); v.Summen.Patient != 3000 {
		t.Errorf("the lump sum is used up: %+v", v.Summen)
	}
}

// § 61 S. 5 SGB V: exchanged for smaller packs in a shortage, the Zuzahlung is due once
// on what was prescribed, over all lines of the exchange.
func TestLieferengpass(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril))
	x.auf(id, klein, r, 0)
	_, err := x.Abweichung(x.ctx, x.a(), id, 1, verkauf.Abweichung{EngpassPZN: ramipril, EngpassMenge: 1})
	x.must(err)
	x.auf(id, klein, r, 0)
	v, err := x.Abweichung(x.ctx, x.a(), id, 2, verkauf.Abweichung{EngpassPZN: ramipril, EngpassMenge: 1})
	x.must(err)
	if v.Zeilen[0].Rechnung.Zuzahlung != 500 || v.Zeilen[1].Rechnung.Zuzahlung != 0 {
		t.Fatalf("%+v", v.Summen)
	}
	v, err = x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: gebuehr.SOKEngpass, Rezept: r})
	if err != nil || v.Summen.Patient != 500 || v.Zeilen[2].Rechnung.TraegerZahlt != 60 { // 0,50 € + VAT
		t.Fatalf("%+v, %v", v.Zeilen[2].Rechnung, err)
	}
	b := x.zahle(id)
	id = x.beginne() // the third pack on another day
	x.uhr.Advance(48 * time.Hour)
	_, err = x.RezeptHinzufuegen(x.ctx, x.a(), id, r)
	x.must(err)
	x.auf(id, klein, r, 0)
	v, err = x.Abweichung(x.ctx, x.a(), id, 1, verkauf.Abweichung{EngpassPZN: ramipril, EngpassMenge: 1})
	if err != nil || v.Summen.Patient != 0 {
		t.Errorf("after %s: %+v, %v", b.Nummer, v.Summen, err)
	}
}

// The prescribed pack of a shortage may have an ApU alone; its price is computed.
func TestLieferengpassOhneAVP(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	m := x.muster(nurApU)
	m.Kostentraeger.IK = "109900122" // without the contract of the dear pack: 10,00 €
	x.auf(id, teuer, x.nimm(id, m), 0)
	v, err := x.Abweichung(x.ctx, x.a(), id, 1, verkauf.Abweichung{EngpassPZN: nurApU, EngpassMenge: 1})
	if err != nil || v.Zeilen[0].Rechnung.Zuzahlung != 745 { // 10 % of 74,54 € (ABDA: ApU 50,00 €)
		t.Errorf("%+v %s, %v", v.Zeilen[0].Rechnung, codes(v), err)
	}
}

func TestAendernVerweigert(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril))
	x.auf(id, ramipril, r, 0)
	x.scan(id, ibu)
	errs := map[string]error{}
	note := func(code string, _ verkauf.Ansicht, err error) { errs[code+" "+err.Error()] = err }
	check := func(code string) func(verkauf.Ansicht, error) {
		return func(v verkauf.Ansicht, err error) {
			t.Helper()
			x.wants(err, code)
			note(code, v, err)
		}
	}
	check("V-103")(x.Menge(x.ctx, x.a(), id, 9, 1))
	check("V-103")(x.Entfernen(x.ctx, x.a(), id, 9))
	check("V-106")(x.Menge(x.ctx, x.a(), id, 2, 0))
	check("V-106")(x.Menge(x.ctx, x.a(), id, 2, 1000))
	check("V-107")(x.Preis(x.ctx, x.a(), id, 2, 0))
	check("V-108")(x.Preis(x.ctx, x.a(), id, 1, 100))
	check("V-109")(x.Rabatt(x.ctx, x.a(), id, 2, 101*money.Percent))
	check("V-110")(x.Rabatt(x.ctx, x.a(), id, 1, money.Percent))
	check("V-111")(x.Kulanz(x.ctx, x.a(), id, 1, strings.Repeat("x", 201)))
	check("V-112")(x.Abweichung(x.ctx, x.a(), id, 1, verkauf.Abweichung{TeilMenge: 3}))
	check("V-112")(x.Abweichung(x.ctx, x.a(), id, 1, verkauf.Abweichung{TeilMenge: 10, TeilVon: 10}))
	check("V-113")(x.Abweichung(x.ctx, x.a(), id, 2, verkauf.Abweichung{Wunsch: true}))
	check("V-114")(x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{}))
	check("V-139")(x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{
		Rezept: r, Bezeichnung: "Salbe", Betrag: 1840, SOK: gebuehr.SOKNoctu,
	}))
	check("V-123")(x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: "12345678"}))
	check("V-124")(x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: gebuehr.SOKBeschaffung, Betrag: -1}))
	check("V-129")(x.Kunde(x.ctx, x.a(), id, "p-0"))
	check("V-130")(x.RezeptHinzufuegen(x.ctx, x.a(), id, "nie"))
	check("A-101")(x.Hinzufuegen(x.ctx, x.a(), id, verkauf.Eingabe{PZN: pzn("7654321")}))
	check("V-101")(x.Ansicht(x.ctx, "v-0"))
	if v, err := x.Rabatt(x.ctx, x.a(), id, 0, 50*money.Percent); err != nil || v.Summen.Rabatt != 199 {
		t.Errorf("the discount for all reaches what may have one: %+v, %v", v.Summen, err)
	}
	if v, err := x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{
		Rezept: r, Bezeichnung: "Salicyl-Spiritus", Betrag: 1840,
	}); err != nil || v.Zeilen[2].Rechnung.Zuzahlung != 500 { // DAV example: 18,40 €, Zuzahlung 5,00 €
		t.Errorf("%+v, %v", v.Zeilen[2].Rechnung, err)
	}
	if len(errs) < 10 {
		t.Error("errors were not told apart")
	}
}

func TestKundeBefreit(t *testing.T) {
	x := neu(t, mittags)
	p, err := x.personen.Anlegen(x.ctx, x.a(), person.Person{Name: "Muster", Vorname: "Erika", KVNR: "A123456780", BefreitBis: 20261231})
	x.must(err)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril)) // belongs to the same KVNR
	x.auf(id, ramipril, r, 0)
	v, err := x.Kunde(x.ctx, x.a(), id, p.ID)
	if err != nil || v.Summen.Patient != 0 || v.Zeilen[0].Rechnung.Regel != zuzahlung.RegelBefreit || v.Kunde.Name != "Muster" {
		t.Fatalf("%+v, %v", v.Summen, err)
	}
	other, err := x.personen.Anlegen(x.ctx, x.a(), person.Person{Name: "Anders", BefreitBis: 20261231})
	x.must(err)
	m := x.muster(ramipril)
	m.Patient.KVNR, m.Patient.Name = "B123456789", "Jemand"
	id = x.beginne()
	r = x.nimm(id, m)
	x.auf(id, ramipril, r, 0)
	v, err = x.Kunde(x.ctx, x.a(), id, other.ID)
	if err != nil || v.Summen.Patient != 500 || !strings.Contains(codes(v), "V-213/0") {
		t.Errorf("the exemption of who fetches it does not count: %+v %s, %v", v.Summen, codes(v), err)
	}
	v, err = x.Schalter(x.ctx, x.a(), id, verkauf.SchalterEingabe{Befreit: true})
	if err != nil || v.Summen.Patient != 0 {
		t.Errorf("%+v, %v", v.Summen, err)
	}
	x.must(x.personen.Loeschen(x.ctx, x.a(), other.ID, "Wunsch"))
	if v, err = x.Ansicht(x.ctx, id); err != nil || v.Kunde != nil {
		t.Errorf("an erased customer is gone: %+v, %v", v.Kunde, err)
	}
	e, _, err := x.rezepte.Find(x.ctx, r)
	x.must(err)
	x.must(x.personen.Loeschen(x.ctx, x.a(), e.Person, "Wunsch"))
	if v, err = x.Ansicht(x.ctx, id); err != nil || !strings.Contains(codes(v), "V-304/2") {
		t.Errorf("%s, %v", codes(v), err)
	}
}

func TestUebungAufDemBon(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	e, err := x.rezepte.Annehmen(x.ctx, x.a(), x.muster(ramipril), true)
	x.must(err)
	_, err = x.RezeptHinzufuegen(x.ctx, x.a(), id, e.ID)
	x.must(err)
	x.auf(id, ramipril, e.ID, 0)
	if b := x.zahle(id); !b.Uebung {
		t.Error("a sale on a practice prescription is marked")
	}
}

// A crash loses nothing that was answered: the journal in other hands gives the same
// cart.
func TestGleicherVorgangNachNeustart(t *testing.T) {
	uhr := clock.NewManual(zeit(t, mittags))
	store := memory.New(memory.Options{Clock: uhr, Projections: alle.Projections()})
	x := auf(t, store, uhr, "platz-1", "1")
	id := x.beginne()
	x.scan(id, ibu)
	y := auf(t, store, uhr, "platz-1", "1")
	if v, err := y.Aktuell(y.ctx); err != nil || v.Vorgang.ID != id || v.Summen.Patient != 398 {
		t.Errorf("%+v, %v", v, err)
	}
}

// After a restart nothing is opened yet: many parked carts with prescriptions, of many
// patients or of one, are listed all the same.
func TestVieleGeparkteNachNeustart(t *testing.T) {
	x := neu(t, mittags)
	for i := range 12 {
		id := x.beginne()
		r := x.muster(ramipril)
		if i%2 == 0 {
			r.Patient.Name, r.Patient.KVNR = "Muster "+strconv.Itoa(i), ""
		}
		x.auf(id, ramipril, x.nimm(id, r), 0)
		x.must(x.Parken(x.ctx, x.a(), id, "wartet"))
	}
	y := auf(t, x.kern.Store, x.uhr, "platz-1", "1")
	list, err := y.Offene(y.ctx)
	if err != nil || len(list) != 12 || list[0].Patient != 500 {
		t.Errorf("%d carts, %v", len(list), err)
	}
	if !slices.ContainsFunc(list, func(k verkauf.Kurz) bool { return k.Kunde == "Muster 10" }) {
		t.Errorf("no cart bears the name of its patient: %+v", list)
	}
}

// A scanned pack goes on the prescription that names it, as far as that reaches.
func TestScanFindetDieVerordnung(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril, hustensaft))
	v := x.scan(id, ramipril)
	if p := v.Zeilen[0].Position; p.Rezept != r || p.Verordnung != 0 {
		t.Fatalf("%+v", p)
	}
	v = x.scan(id, ramipril) // Rx: joins the line, to be confirmed
	if len(v.Zeilen) != 1 || v.Zeilen[0].Position.Menge != 2 || !strings.Contains(codes(v), "V-306/1") {
		t.Fatalf("%+v %s", v.Zeilen, codes(v))
	}
	x.scan(id, hustensaft)
	v = x.scan(id, hustensaft) // OTC: the second is bought
	if len(v.Zeilen) != 3 || v.Zeilen[1].Position.Verordnung != 1 || v.Zeilen[2].Position.Rezept != "" {
		t.Fatalf("%+v", v.Zeilen)
	}
}

func TestPreisAufRezept(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	x.scan(id, hustensaft)
	_, err := x.Preis(x.ctx, x.a(), id, 1, 700)
	x.must(err)
	r := x.nimm(id, x.muster(hustensaft, binden))
	v, err := x.Zuordnen(x.ctx, x.a(), id, 1, r, 0)
	if err != nil || v.Zeilen[0].Rechnung.Preis != 800 { // § 129(5a) SGB V: the AVP, not the price of the shelf
		t.Fatalf("%v, %v", v.Zeilen[0].Rechnung.Preis, err)
	}
	_, err = x.Preis(x.ctx, x.a(), id, 1, 700)
	x.wants(err, "V-138")
	x.auf(id, binden, r, 1)
	v, err = x.Preis(x.ctx, x.a(), id, 2, 6000) // a Hilfsmittel has the price of the contract
	if err != nil || v.Zeilen[1].Rechnung.Zuzahlung != 600 {
		t.Errorf("%+v, %v", v.Zeilen[1].Rechnung, err)
	}
}

// The fees of § 7 AMPreisV stand beside such a drug of the same prescription.
func TestGebuehrOhneArzneimittel(t *testing.T) {
	for _, c := range []struct {
		sok   string
		pzn   kennung.PZN
		loose bool // the fee names no prescription
		want  string
	}{
		{gebuehr.SOKBtM, morphin, false, ""},
		{gebuehr.SOKBtM, ramipril, false, "V-313"},
		{gebuehr.SOKBtM, morphin, true, "V-313"},
		{gebuehr.SOKTRezept, thalidomid, false, ""},
		{gebuehr.SOKTRezept, morphin, false, "V-313"},
	} {
		x := neu(t, mittags)
		id := x.beginne()
		r := x.nimm(id, x.muster(c.pzn))
		x.auf(id, c.pzn, r, 0)
		if c.loose {
			r = ""
		}
		v, err := x.Gebuehr(x.ctx, x.a(), id, verkauf.GebuehrEingabe{SOK: c.sok, Rezept: r})
		x.must(err)
		_, err = x.Preis(x.ctx, x.a(), id, 2, 999)
		x.wants(err, "V-140")
		if c.want == "" {
			x.zahle(id)
			continue
		}
		_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
		x.wants(err, c.want)
	}
}

// What was doubtful when a prescription was read or typed must be confirmed when it is
// paid: a number of packs that could not be read, an IK or KVNR that cannot be.
func TestZweifelAmRezeptBestaetigen(t *testing.T) {
	for code, change := range map[string]func(*rezept.Rezept){
		"R-128": func(r *rezept.Rezept) {
			r.Befunde = []befund.Befund{{Code: "R-128", Schwere: befund.Warnung, Text: "Zahl der Packungen"}}
		},
		"K-111": func(r *rezept.Rezept) { r.Kostentraeger.IK = "123" },
		"K-121": func(r *rezept.Rezept) { r.Patient.KVNR = "X" },
		"R-219": func(r *rezept.Rezept) { r.Kostentraeger.IK = "" },
	} {
		x := neu(t, mittags)
		id := x.beginne()
		r := x.muster(ramipril)
		change(&r)
		v := x.auf(id, ramipril, x.nimm(id, r), 0)
		_, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
		x.wants(err, "V-203")
		var list []string
		for _, b := range v.Hinweise {
			list = append(list, b.Code)
		}
		if !slices.Contains(list, code) {
			t.Errorf("%s is not among %v", code, list)
		}
		x.zahle(id)
	}
}

// Paper does not say what kind of prescription it is; the article does. BtMVV § 12: seven
// days until it is presented, AMVV § 3a: six.
func TestFristNachArtikel(t *testing.T) {
	for _, c := range []struct {
		pzn  kennung.PZN
		alt  int
		want string
	}{
		{morphin, 7, ""}, {morphin, 8, "R-207"}, {thalidomid, 6, ""}, {thalidomid, 7, "R-208"}, {ramipril, 8, ""},
	} {
		x := neu(t, mittags)
		id := x.beginne()
		r := x.muster(c.pzn)
		r.Ausgestellt = r.Ausgestellt.AddDays(-c.alt)
		v := x.auf(id, c.pzn, x.nimm(id, r), 0)
		var got string
		for _, b := range v.Hinweise {
			if strings.HasPrefix(b.Code, "R-20") {
				got += b.Code
			}
		}
		if got != c.want {
			t.Errorf("%s after %d days: %q, want %q", c.pzn, c.alt, got, c.want)
		}
	}
}

// What the Krankenkasse or the Pflegekasse does not pay is a private purchase at the
// price of the shelf, also on its prescription (AMPreisV § 1(4): free).
func TestAusschlussZumFreienPreis(t *testing.T) {
	for _, c := range []struct {
		traeger zuzahlung.Traeger
		pzn     kennung.PZN
		want    money.Cent
	}{{zuzahlung.GKV, grippesaft, 900}, {zuzahlung.Pflege, hustensaft, 900}, {zuzahlung.Pflege, ramipril, 4999}} {
		x := neu(t, mittags)
		id := x.beginne()
		r := x.muster(c.pzn)
		r.Kostentraeger.Art = c.traeger
		v := x.auf(id, c.pzn, x.nimm(id, r), 0)
		if b := v.Zeilen[0].Rechnung; b.Privat != c.want || b.Preis != c.want || b.Regel != zuzahlung.RegelAusschluss {
			t.Errorf("%s %s: %+v", c.traeger, c.pzn, b)
		}
		if c.pzn == ramipril {
			continue
		}
		if v, err := x.Preis(x.ctx, x.a(), id, 1, 750); err != nil || v.Summen.Patient != 750 {
			t.Errorf("%s %s: price entered: %v, %v", c.traeger, c.pzn, v.Summen.Patient, err)
		}
	}
}

// Two people pay the same cart at once: one Bon.
func TestGleichzeitigBezahlt(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	x.scan(id, ibu)
	done := make(chan error)
	for _, key := range []string{"eins", "zwei", "drei"} {
		go func() {
			_, err := x.Bezahlen(x.ctx, workflow.Auftrag{Key: key, Actor: "AB"}, id, verkauf.Zahlung{Erwartet: 398})
			done <- err
		}()
	}
	ok := 0
	for range 3 {
		if err := <-done; err == nil {
			ok++
		}
	}
	if list, err := x.BonsAm(x.ctx, 20261123); err != nil || ok != 1 || len(list) != 1 {
		t.Errorf("%d paid, %d Bons, %v", ok, len(list), err)
	}
}

// Whatever is scanned or typed: nothing breaks, and what is refused is said in German.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		"", "3*", "*", "999*01126111", "]d2010415012345678217280131", "[)>\x1e06\x1d9N110112611147\x1dS1\x1e\x04", "ibu 400 20",
		"\x00\xff", "4150123456782", "12*12*12", strings.Repeat("9", 600),
	} {
		f.Add(s)
	}
	x := neu(f, mittags)
	id := x.beginne()
	f.Fuzz(func(t *testing.T, text string) {
		if _, e, err := x.Scan(t.Context(), x.a(), id, text); err == nil && e.Nr == 0 && len(e.Treffer) == 0 {
			t.Errorf("%q led to nothing and nobody says so", text)
		} else if err != nil && fault.KindOf(err) == fault.Internal {
			t.Errorf("%q: %v", text, err)
		}
	})
}
