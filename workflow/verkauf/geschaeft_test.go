package verkauf_test

import (
	"slices"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/verkauf"
)

// offen is what is open of an item.
func (x *stand) offen(g bon.Geschaeft, nummer string) money.Cent {
	x.t.Helper()
	p, err := workflow.View(x.ctx, x.kern, func(rows journal.Rows) (offeneposten.Posten, error) {
		p, _, err := offeneposten.Find(rows, g, nummer)
		return p, err
	})
	x.must(err)
	return p.Offen
}

// gutschein sells a voucher and returns its number.
func (x *stand) gutschein(betrag money.Cent) (string, bon.Bon) {
	x.t.Helper()
	id := x.beginne()
	_, err := x.Gutschein(x.ctx, x.a(), id, betrag)
	x.must(err)
	b := x.zahle(id)
	return b.Positionen[0].Bezug, b
}

// kunde sets a customer who may owe up to the limit.
func (x *stand) kunde(id string, grenze string) string {
	x.t.Helper()
	x.schreibe(event.EinstellungGesetzt{Schluessel: "kreditgrenze", Wert: grenze})
	p, err := x.personen.Anlegen(x.ctx, x.a(), person.Person{Name: "Muster", Vorname: "Erika", Geburt: 19700503})
	x.must(err)
	_, err = x.Kunde(x.ctx, x.a(), id, p.ID)
	x.must(err)
	return p.ID
}

func daten(b bon.Bon) string { return kassenbeleg.Aus(b).Daten() }

// DSFinV-K 2.4 Anhang C: a voucher for anything is no turnover when it is sold (§ 3 (15) UStG),
// and when it is redeemed the goods are, at their full price.
func TestGutschein(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	nr, sold := x.gutschein(5000)
	if _, ok := gutschein.Parse(nr); !ok || daten(sold) != "Beleg^0.00_0.00_0.00_0.00_50.00^50.00:Bar" {
		t.Fatalf("%q: %s", nr, daten(sold))
	}
	id := x.beginne()
	x.scan(id, ibu)
	v, e, err := x.Scan(x.ctx, x.a(), id, nr)
	x.must(err)
	if v.Summen.Patient != 0 || e.Nr != 2 || v.Zeilen[1].Rest != 4602 {
		t.Fatalf("%v due, line %d, left %v", v.Summen.Patient, e.Nr, v.Zeilen[1].Rest)
	}
	b := x.zahle(id)
	if daten(b) != "Beleg^3.98_0.00_0.00_0.00_-3.98^" || len(b.Zahlungen) != 0 {
		t.Errorf("%s, %v", daten(b), b.Zahlungen)
	}
	if left := x.offen(bon.Gutscheinkauf, nr); left != 4602 {
		t.Errorf("%v left", left)
	}

	_, err = x.Storno(x.ctx, x.a(), sold.Nummer, "vertippt")
	x.wants(err, "V-523") // it was redeemed since
	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "vertippt")
	x.must(err)
	if left := x.offen(bon.Gutscheinkauf, nr); left != 5000 {
		t.Errorf("after the Storno %v left", left)
	}
	_, err = x.Storno(x.ctx, x.a(), sold.Nummer, "vertippt")
	x.must(err)
	id = x.beginne()
	_, err = x.Einloesen(x.ctx, x.a(), id, nr)
	x.wants(err, "V-515")
}

// The code on the receipt of a voucher redeems it when it is scanned. One that is damaged, of another
// pharmacy, used up or not paid yet is refused in one sentence, and never searched as goods.
func TestGutscheinScannen(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	nr, sold := x.gutschein(398)
	code := gutschein.Nummer(nr).Code()
	lines := quittung.Beleg{Bon: sold}.Zeilen()
	if !slices.Contains(lines, quittung.Zeile{Left: code, Style: quittung.Code}) {
		t.Errorf("%+v has no %s", lines, code)
	}
	id := x.beginne()
	x.scan(id, ibu)
	for text, want := range map[string]string{
		"1234567890123456": "V-504", "1234 5678 9012 3456": "V-504", // mistyped: not "no pack code"
		code[:len(code)-1] + "x": "V-504", "GUTSCHEIN": "V-504", gutschein.New(1).Code(): "V-514",
	} {
		_, _, err := x.Scan(x.ctx, x.a(), id, text)
		x.wants(err, want)
	}
	v, e, err := x.Scan(x.ctx, x.a(), id, "1*"+code)
	x.must(err)
	if v.Summen.Patient != 0 || e.Nr != 2 {
		t.Errorf("%v due, line %d", v.Summen.Patient, e.Nr)
	}
	_, _, err = x.Scan(x.ctx, x.a(), id, code)
	x.wants(err, "V-516")
	redeemed := x.zahle(id)
	_, _, err = x.Scan(x.ctx, x.a(), x.beginne(), code)
	x.wants(err, "V-515")
	id = x.beginne() // sold in a cart that nobody has paid
	v, err = x.Gutschein(x.ctx, x.a(), id, 500)
	x.must(err)
	_, _, err = x.Scan(x.ctx, x.a(), x.beginne(), gutschein.Nummer(v.Zeilen[0].Position.Bezug).Code())
	x.wants(err, "V-514")
	for _, b := range []bon.Bon{redeemed, {Art: bon.Storno, Positionen: sold.Positionen}, {Art: bon.Verkauf, Uebung: true, Positionen: sold.Positionen}} {
		for _, z := range (quittung.Beleg{Bon: b}).Zeilen() {
			if z.Style == quittung.Code {
				t.Errorf("%s has the code of a voucher: %s", b.Art, z.Left)
			}
		}
	}
}

// A voucher pays no more than is left on it, once per cart, and no other voucher.
func TestGutscheinGrenzen(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	nr, _ := x.gutschein(100)
	id := x.beginne()
	x.scan(id, ibu)
	v, err := x.Einloesen(x.ctx, x.a(), id, nr)
	x.must(err)
	if v.Summen.Patient != 298 {
		t.Errorf("%v due", v.Summen.Patient)
	}
	_, err = x.Einloesen(x.ctx, x.a(), id, nr)
	x.wants(err, "V-516")
	_, err = x.Menge(x.ctx, x.a(), id, 2, 3)
	x.wants(err, "V-512")
	_, err = x.Preis(x.ctx, x.a(), id, 2, 500)
	x.wants(err, "V-512")
	for in, code := range map[string]string{"1234567890123456": "V-504", string(gutschein.New(1)): "V-514"} {
		_, err = x.Einloesen(x.ctx, x.a(), id, in)
		x.wants(err, code)
	}
	for _, c := range []money.Cent{-1, 0, 99, 100_001} {
		_, err = x.Gutschein(x.ctx, x.a(), id, c)
		x.wants(err, "V-501")
	}

	other := x.beginne() // the same voucher in a second cart, and paid there first
	x.scan(other, ibu)
	_, err = x.Einloesen(x.ctx, x.a(), other, nr)
	x.must(err)
	x.zahle(other)
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 298})
	x.wants(err, "V-503")

	id = x.beginne()
	nr, _ = x.gutschein(5000)
	_, err = x.Gutschein(x.ctx, x.a(), id, 1000)
	x.must(err)
	_, err = x.Einloesen(x.ctx, x.a(), id, nr)
	x.must(err)
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 1000})
	x.wants(err, "V-505")
}

// Goods that were paid with a voucher and in cash: what comes back goes to the voucher first.
func TestRetoureAufGutschein(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	nr, _ := x.gutschein(500)
	id := x.beginne()
	x.scan(id, ibu)
	x.scan(id, ibu)
	_, err := x.Einloesen(x.ctx, x.a(), id, nr)
	x.must(err)
	sale := x.zahle(id) // 7,96 €: 5,00 € voucher, 2,96 € cash
	for _, want := range []string{
		"Beleg^-3.98_0.00_0.00_0.00_3.98^", "Beleg^-3.98_0.00_0.00_0.00_1.02^-2.96:Bar",
	} {
		b, err := x.Retoure(x.ctx, x.a(), sale.Nummer, []retoure.Zeile{{Nr: 1, Menge: 1}}, "falsch")
		x.must(err)
		if daten(b) != want {
			t.Errorf("%s, want %s", daten(b), want)
		}
	}
	if left := x.offen(bon.Gutscheinkauf, nr); left != 500 {
		t.Errorf("%v left", left)
	}
}

// On credit: the goods are turnover now, the customer owes them, and pays later with reference
// to the Bon (facts: fiscal law, § 7).
func TestKredit(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	id := x.beginne()
	x.scan(id, ibu)
	_, err := x.Kredit(x.ctx, x.a(), id, 0)
	x.wants(err, "V-517") // of whom?
	who := x.kunde(id, "1000")
	_, err = x.Kredit(x.ctx, x.a(), id, 0)
	x.must(err)
	sale := x.zahle(id)
	if daten(sale) != "Beleg^3.98_0.00_0.00_0.00_-3.98^" || x.offen(bon.Forderung, sale.Nummer) != 398 {
		t.Fatalf("%s, %v open", daten(sale), x.offen(bon.Forderung, sale.Nummer))
	}

	id = x.beginne()
	v, err := x.KreditBezahlen(x.ctx, x.a(), id, sale.Nummer, 100)
	x.must(err)
	if v.Vorgang.Kunde != who || v.Zeilen[0].Rest != 298 {
		t.Errorf("customer %q, left %v", v.Vorgang.Kunde, v.Zeilen[0].Rest)
	}
	paid := x.zahle(id)
	if daten(paid) != "Beleg^0.00_0.00_0.00_0.00_1.00^1.00:Bar" || paid.Positionen[0].Bezug != sale.Nummer {
		t.Errorf("%s, %+v", daten(paid), paid.Positionen)
	}
	_, err = x.Storno(x.ctx, x.a(), sale.Nummer, "vertippt")
	x.wants(err, "V-523") // part of it is paid
	_, err = x.Retoure(x.ctx, x.a(), sale.Nummer, []retoure.Zeile{{Nr: 1, Menge: 1}}, "falsch")
	x.must(err) // 2,98 € owed no more, 1,00 € in cash
	if open := x.offen(bon.Forderung, sale.Nummer); open != 0 {
		t.Errorf("%v open", open)
	}
	id = x.beginne()
	_, err = x.KreditBezahlen(x.ctx, x.a(), id, sale.Nummer, 0)
	x.wants(err, "V-518")
}

// A customer owes no more than the limit in all; without one there is no credit.
func TestKreditgrenze(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	id := x.beginne()
	x.scan(id, ibu)
	who := x.kunde(id, "")
	_, err := x.Kredit(x.ctx, x.a(), id, 0)
	x.must(err)
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{})
	x.wants(err, "V-507")
	x.schreibe(event.EinstellungGesetzt{Schluessel: "kreditgrenze", Wert: "700"})
	x.zahle(id)
	id = x.beginne()
	x.scan(id, ibu)
	_, err = x.Kunde(x.ctx, x.a(), id, who)
	x.must(err)
	_, err = x.Kredit(x.ctx, x.a(), id, 0)
	x.must(err)
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{})
	x.wants(err, "V-508")
	_, err = x.Entfernen(x.ctx, x.a(), id, 2)
	x.must(err)
	_, err = x.Kredit(x.ctx, x.a(), id, 302)
	x.must(err)
	if b := x.zahle(id); daten(b) != "Beleg^3.98_0.00_0.00_0.00_-3.02^0.96:Bar" {
		t.Errorf("%s", daten(b))
	}
}

// Who owes something is not erased (Art. 17 (3) e DSGVO); once it is paid or undone he is.
func TestSchuldnerLoeschen(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	for _, settle := range []func(sale bon.Bon){
		func(sale bon.Bon) {
			_, err := x.Storno(x.ctx, x.a(), sale.Nummer, "vertippt")
			x.must(err)
		},
		func(sale bon.Bon) {
			id := x.beginne()
			_, err := x.KreditBezahlen(x.ctx, x.a(), id, sale.Nummer, 0)
			x.must(err)
			x.zahle(id)
		},
	} {
		id := x.beginne()
		x.scan(id, ibu)
		who := x.kunde(id, "1000")
		_, err := x.Kredit(x.ctx, x.a(), id, 0)
		x.must(err)
		sale := x.zahle(id)
		x.wants(x.personen.Loeschen(x.ctx, x.a(), who, "auf Wunsch"), "V-606")
		if p, known, err := x.personen.Find(x.ctx, who); err != nil || !known || p.Name == "" {
			t.Errorf("%+v, %v, %v", p, known, err)
		}
		settle(sale)
		x.must(x.personen.Loeschen(x.ctx, x.a(), who, "auf Wunsch"))
	}
}

// The same voucher on two sides of a cut network: each side books it, and when they meet again
// it is told, with both Bons.
func TestGutscheinDoppeltEingeloest(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	nr, _ := x.gutschein(500)
	one, two := bon.Position{
		Nr: 2, Menge: 1, Art: "geschaeft", Geschaeft: bon.Gutscheineinloesung, Bezug: nr, Preis: -400, Gesamt: -400, Privat: -400,
	}, bon.Position{Nr: 1, Menge: 1, Art: "artikel", PZN: ibu, Preis: 400, Gesamt: 400, Privat: 400}
	for _, n := range []string{"2-000001", "3-000001"} {
		x.schreibe(event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: n, Art: bon.Verkauf, Positionen: []bon.Position{two, one}}})
	}
	over, err := workflow.View(x.ctx, x.kern, offeneposten.Ueberzogen)
	x.must(err)
	if len(over) != 1 || over[0].Nummer != nr || over[0].Offen != -300 {
		t.Fatalf("%+v", over)
	}
	list, err := workflow.View(x.ctx, x.kern, func(rows journal.Rows) ([]offeneposten.Bewegung, error) {
		return offeneposten.Bewegungen(rows, bon.Gutscheinkauf, nr)
	})
	x.must(err)
	if len(list) != 3 || list[1].Bon != "2-000001" || list[2].Bon != "3-000001" {
		t.Errorf("%+v", list)
	}
}
