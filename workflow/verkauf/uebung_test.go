package verkauf_test

import (
	"testing"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/bericht"
	"github.com/offizin/offizin/workflow/uebungsbetrieb"
	"github.com/offizin/offizin/workflow/verkauf"
)

func (x *stand) uebt(an bool) {
	x.t.Helper()
	x.must(uebungsbetrieb.New(x.kern).Setzen(x.ctx, x.a(), an))
}

// DSFinV-K 2.4 Anhang B: training is AVTraining, with a number of the sequence of the till, and
// has no effect: neither on the stock, nor on a prescription, nor on the reports.
func TestUebungsbetrieb(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	x.lager(lthyrox, 3)
	x.uebt(true)
	id := x.beginne()
	r := x.nimm(id, x.muster(lthyrox))
	v := x.auf(id, lthyrox, r, 0)
	if !v.Uebung {
		t.Error("the cart does not say that it is practice")
	}
	_, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
	x.wants(err, "V-203") // V-530 was not shown
	a := x.a()
	z := x.genau(id)
	b, err := x.Bezahlen(x.ctx, a, id, z)
	x.must(err)
	again, err := x.Bezahlen(x.ctx, a, id, z)
	x.must(err)
	if b.Nummer != "1-000001" || again.Nummer != b.Nummer || kassenbeleg.Aus(b).Typ != kassenbeleg.AVTraining {
		t.Errorf("%s, then %s, %s", b.Nummer, again.Nummer, daten(b))
	}
	e, _, err := x.rezepte.Find(x.ctx, r)
	x.must(err)
	report, err := bericht.New(x.kern).Tag(x.ctx, clock.Today(x.uhr))
	x.must(err)
	if x.bestand(lthyrox) != 3 || e.Abgegeben[0] != 0 || report.Bons() != 0 || report.Umsatz() != 0 {
		t.Errorf("stock %d, handed over %v, report %+v", x.bestand(lthyrox), e.Abgegeben, report)
	}
	if _, err := x.Ansicht(x.ctx, id); err == nil {
		t.Error("the cart is still open")
	}
	shown, err := x.Bon(x.ctx, b.Nummer)
	x.must(err)
	if !shown.Geuebt || shown.Stornierbar || shown.Retournierbar {
		t.Errorf("%+v", shown)
	}

	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "Übung")
	x.wants(err, "V-533")
	x.uebt(false)
	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "Übung")
	x.wants(err, "V-401")
	id = x.beginne()
	x.scan(id, ibu)
	sale := x.zahle(id)
	if sale.Nummer != "1-000002" || sale.Uebung {
		t.Errorf("the next sale is %s, practice %v", sale.Nummer, sale.Uebung)
	}
}

// What lies on the counter stays what it was shown as.
func TestUebungWechseltNichtUnterDerHand(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	id := x.beginne()
	v := x.scan(id, ibu)
	x.wants(uebungsbetrieb.New(x.kern).Setzen(x.ctx, x.a(), true), "V-531")
	_, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient, Bestaetigt: []string{"V-530"}})
	x.wants(err, "V-532")
	x.must(x.Verwerfen(x.ctx, x.a(), id))
	x.uebt(true)
	x.uebt(true) // once more changes nothing
	on, err := uebungsbetrieb.New(x.kern).An(x.ctx)
	if err != nil || !on {
		t.Errorf("%v, %v", on, err)
	}
}

// A practice prescription is booked as a sale, so that the whole way can be practised, and marked
// AVTraining: it counts as no turnover; where real patients come it is refused.
func TestUebungsrezept(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	id := x.beginne()
	e, err := x.rezepte.Annehmen(x.ctx, x.a(), x.muster(lthyrox), true)
	x.must(err)
	_, err = x.RezeptHinzufuegen(x.ctx, x.a(), id, e.ID)
	x.must(err)
	x.auf(id, lthyrox, e.ID, 0)
	x.schreibe(event.EinstellungGesetzt{Schluessel: "produktiv", Wert: "ja"})
	_, err = x.Bezahlen(x.ctx, x.a(), id, x.genau(id))
	x.wants(err, "V-535")
	x.schreibe(event.EinstellungGesetzt{Schluessel: "produktiv", Wert: "nein"})
	b := x.zahle(id)
	found, err := workflow.View(x.ctx, x.kern, func(rows journal.Rows) (bool, error) {
		_, ok, err := bons.Find(rows, b.Nummer)
		return ok, err
	})
	x.must(err)
	report, err := bericht.New(x.kern).Tag(x.ctx, clock.Today(x.uhr))
	x.must(err)
	if !found || kassenbeleg.Aus(b).Typ != kassenbeleg.AVTraining || report.Umsatz() != 0 {
		t.Errorf("a sale: %v, %s, turnover %v", found, daten(b), report.Umsatz())
	}
}
