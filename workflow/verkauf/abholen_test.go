package verkauf_test

import (
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// Paid before it is fetched: the money is taken with the VAT of the goods; when they are handed
// over they are turnover at their full price and the prepayment is taken off (DSFinV-K 2.4
// Anhang C; facts: fiscal law, § 7). Never twice.
func TestAbholerBezahlt(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	reserved := vormerkung.New(x.kern, x.personen)
	slip, err := reserved.Anlegen(x.ctx, x.a(), vormerkung.Eingabe{PZN: bonbon, Menge: 2, Name: "Meyer"})
	x.must(err)
	id := x.beginne()
	_, err = x.Anzahlung(x.ctx, x.a(), id, slip.ID)
	x.must(err)
	_, err = x.Anzahlung(x.ctx, x.a(), id, slip.ID)
	x.wants(err, "V-516")
	paid := x.zahle(id)
	if daten(paid) != "Beleg^0.00_5.00_0.00_0.00_0.00^5.00:Bar" || x.bestand(bonbon) != 0 {
		t.Errorf("%s, stock %d", daten(paid), x.bestand(bonbon))
	}
	id = x.beginne()
	_, err = x.Anzahlung(x.ctx, x.a(), id, slip.ID)
	x.wants(err, "V-526")
	x.wants(reserved.Erledigen(x.ctx, x.a(), slip.ID, vormerkung.Verworfen), "V-529")

	v, err := x.Abholen(x.ctx, x.a(), id, slip.ID)
	x.must(err)
	if len(v.Zeilen) != 2 || v.Summen.Patient != 0 {
		t.Fatalf("%d lines, %v due", len(v.Zeilen), v.Summen.Patient)
	}
	b := x.zahle(id)
	if daten(b) != "Beleg^0.00_0.00_0.00_0.00_0.00^" || b.Summen().Gesamt != 0 || x.bestand(bonbon) != -2 {
		t.Errorf("%s, stock %d", daten(b), x.bestand(bonbon))
	}
	if list, err := reserved.Liste(x.ctx); err != nil || len(list) != 0 {
		t.Errorf("still reserved: %v, %v", list, err)
	}
	id = x.beginne()
	_, err = x.Abholen(x.ctx, x.a(), id, slip.ID)
	x.wants(err, "V-528")
	_, err = x.Storno(x.ctx, x.a(), paid.Nummer, "vertippt")
	x.wants(err, "V-523")

	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "doch nicht")
	x.must(err)
	if open := x.offen(bon.Anzahlung, slip.ID); open != 500 || x.bestand(bonbon) != 0 {
		t.Errorf("%v open, stock %d", open, x.bestand(bonbon))
	}
	_, err = x.Storno(x.ctx, x.a(), paid.Nummer, "doch nicht")
	x.must(err)
}

// Without the goods nothing is taken off; what is on prescription is paid when it is fetched.
func TestAnzahlungVerweigert(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	reserved := vormerkung.New(x.kern, x.personen)
	rx, err := reserved.Anlegen(x.ctx, x.a(), vormerkung.Eingabe{PZN: lthyrox, Menge: 1})
	x.must(err)
	id := x.beginne()
	_, err = x.Anzahlung(x.ctx, x.a(), id, rx.ID)
	x.wants(err, "V-527")
	_, err = x.Anzahlung(x.ctx, x.a(), id, "r-nie")
	x.wants(err, "V-525")

	slip, err := reserved.Anlegen(x.ctx, x.a(), vormerkung.Eingabe{PZN: bonbon, Menge: 1})
	x.must(err)
	_, err = x.Anzahlung(x.ctx, x.a(), id, slip.ID)
	x.must(err)
	x.zahle(id)
	id, other := x.beginne(), x.beginne()
	for _, cart := range []string{id, other} {
		_, err = x.Abholen(x.ctx, x.a(), cart, slip.ID)
		x.must(err)
	}
	x.zahle(other)
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{})
	x.wants(err, "V-521") // fetched at the other till meanwhile
}
