package kartenzahlung_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/rueckzahlung"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// verkauft sells for a sum, paid by card without the terminal, so that its faults meet the refund.
func (l *laden) verkauft(summe money.Cent) bon.Bon {
	l.T.Helper()
	b, err := l.bezahle(l.wagen(summe), summe)
	l.Must(err)
	return b
}

func aufKarte() rueckzahlung.Wunsch {
	return rueckzahlung.Wunsch{Weg: rueckzahlung.AufKarte, Terminal: true}
}

// storno undoes a Bon as the page does it.
func (l *laden) storno(a workflow.Auftrag, nummer string, w rueckzahlung.Wunsch) (bon.Bon, error) {
	return l.karten.Buchen(l.Ctx, a, func() (bon.Bon, error) { return l.StornoMit(l.Ctx, a, nummer, "falsch", w) })
}

// What was paid at the terminal goes back there: the Bon has the amount, the kind of card and the receipt
// of the terminal (ZAHLART_TYP as it was paid); the same act gives it back once.
func TestErstatten(t *testing.T) {
	for _, c := range []struct {
		summe money.Cent
		want  kassenbeleg.Zahlart
	}{{1200, kassenbeleg.ECKarte}, {10_000, kassenbeleg.Kreditkarte}} {
		l := oeffne(t)
		id := l.wagen(c.summe)
		l.Must(l.karten.Zahlen(l.Ctx, l.A(), id, c.summe))
		sold, err := l.bezahle(id, c.summe)
		l.Must(err)
		a := l.A()
		b, err := l.storno(a, sold.Nummer, aufKarte())
		l.Must(err)
		again, err := l.storno(a, sold.Nummer, aufKarte())
		l.Must(err)
		if len(b.Zahlungen) != 1 || b.Zahlungen[0].Betrag != -c.summe || len(b.Zahlungen[0].Beleg.Zeilen) == 0 ||
			b.Zahlungen[0].Beleg.ID == sold.Zahlungen[0].Beleg.ID || again.Nummer != b.Nummer {
			t.Fatalf("%+v, again %s", b.Zahlungen, again.Nummer)
		}
		if k := kassenbeleg.Aus(b).Zahlungen[0]; k.Art != c.want || k.Betrag != -c.summe {
			t.Errorf("%+v", k)
		}
		if z, err := l.karten.Erstattet(l.Ctx, sold.Nummer); z != nil || err != nil {
			t.Errorf("still to be booked: %+v, %v", z, err)
		}
		_, err = l.storno(l.A(), sold.Nummer, aufKarte())
		l.Fails(err, "V-403") // and the terminal is not asked
	}
}

// A refund that is declined leaves the Bon as it was; it can go back in cash, with the reason on record.
func TestErstattungAbgelehnt(t *testing.T) {
	l := oeffne(t)
	sold := l.verkauft(1291)
	a := l.A()
	_, err := l.storno(a, sold.Nummer, aufKarte())
	l.Fails(err, "V-605")
	_, err = l.storno(a, sold.Nummer, aufKarte())
	l.Fails(err, "V-605")
	cash := rueckzahlung.Wunsch{Weg: rueckzahlung.InBar, Terminal: true}
	_, err = l.storno(l.A(), sold.Nummer, cash)
	l.Fails(err, "V-601") // why?
	cash.Grund = "  Karte nicht  dabei "
	_, err = l.storno(l.A(), sold.Nummer, cash)
	l.Fails(err, "V-604") // there is no cash by book
	cash.Bestaetigt = true
	b, err := l.storno(l.A(), sold.Nummer, cash)
	l.Must(err)
	if d := cmp.Diff([]bon.Zahlung{{Art: bon.Bar, Betrag: -1291}}, b.Zahlungen); d != "" {
		t.Error(d)
	}
	if b.BarGrund != "Karte nicht dabei" || b.Ueberzogen != -1291 {
		t.Errorf("%q, %v", b.BarGrund, b.Ueberzogen)
	}
	l.Must(l.Kern.Store.View(l.Ctx, func(rows journal.Rows) error {
		list, err := kassenbuch.Zeilen(rows, "1")
		if len(list) != 1 || list[0].Ueberzogen != -1291 {
			t.Errorf("%+v", list)
		}
		return err
	}))
}

// A line that breaks leaves a refund unclear: nothing goes on before it is settled, by the terminal or by
// its receipt, also after a restart. What went back is booked, and nothing else.
func TestErstattungUnklar(t *testing.T) {
	for _, c := range []struct {
		name    string
		summe   money.Cent
		restart bool
		klaeren string // code of asking; empty: it went back
		hand    bool   // settled by hand
		zurueck bool
	}{
		{"broke after the money went back", 1292, false, "", false, true},
		{"broke before", 1293, false, "V-605", false, false},
		{"never knows, the receipt says yes", 1294, false, "V-541", true, true},
		{"never knows, the receipt says no", 1294, false, "V-541", true, false},
		{"a restart, and the terminal knows nothing", 1292, true, "V-605", false, false},
	} {
		l := oeffne(t)
		sold, other := l.verkauft(c.summe), l.verkauft(500)
		_, err := l.storno(l.A(), sold.Nummer, aufKarte())
		l.Fails(err, "V-603")
		if c.restart {
			l.neustart()
		}
		open, err := l.karten.Offen(l.Ctx)
		l.Must(err)
		if len(open) != 1 || open[0].Betrag != c.summe || open[0].Erstattung != sold.Nummer {
			t.Fatalf("%s: %+v", c.name, open)
		}
		for _, w := range []rueckzahlung.Wunsch{aufKarte(), {}, {Weg: rueckzahlung.InBar, Grund: "eilig", Bestaetigt: true}} {
			_, err = l.storno(l.A(), sold.Nummer, w)
			l.Fails(err, "V-603")
		}
		_, err = l.storno(l.A(), other.Nummer, aufKarte())
		l.Fails(err, "V-541")
		l.Fails(l.karten.Zahlen(l.Ctx, l.A(), l.wagen(500), 500), "V-541")
		if err := l.karten.Klaeren(l.Ctx, l.A(), open[0].ID); c.klaeren == "" {
			l.Must(err)
		} else {
			l.Fails(err, c.klaeren)
		}
		if c.hand {
			l.Must(l.karten.Entscheiden(l.Ctx, l.A(), open[0].ID, c.zurueck))
		}
		cash := rueckzahlung.Wunsch{Weg: rueckzahlung.InBar, Grund: "Karte nicht dabei", Bestaetigt: true, Terminal: true}
		if !c.zurueck {
			b, err := l.storno(l.A(), sold.Nummer, cash)
			l.Must(err)
			if b.Zahlungen[0].Art != bon.Bar {
				t.Errorf("%s: %+v", c.name, b.Zahlungen)
			}
			continue
		}
		_, err = l.storno(l.A(), sold.Nummer, cash) // twice?
		l.Fails(err, "V-602")
		b, err := l.storno(l.A(), sold.Nummer, aufKarte())
		l.Must(err)
		if z := b.Zahlungen[0]; len(b.Zahlungen) != 1 || z.Betrag != -c.summe || z.Beleg == nil || z.Beleg.ID != open[0].ID {
			t.Errorf("%s: %+v", c.name, b.Zahlungen)
		}
	}
}

// Who may not undo a Bon asks no terminal to give money back.
func TestErstattenOhneRecht(t *testing.T) {
	l := oeffne(t)
	sold := l.verkauft(1200)
	err := l.karten.Erstatten(l.Ctx, workflow.Auftrag{Key: "x"}, &rueckzahlung.Fehlt{Bon: sold.Nummer, Betrag: 1200})
	l.Fails(err, "V-001")
	if z, err := l.karten.Erstattet(l.Ctx, sold.Nummer); z != nil || err != nil {
		t.Errorf("%+v, %v", z, err)
	}
}

// However much of a Bon that was paid by card and in cash comes back in parts, by terminal, by hand or in
// cash: what goes back is what was paid, no more on the card than was paid with it, and the terminal
// gives back what the Bons say.
func TestErstattungTeile(t *testing.T) {
	pzn := workflowtest.PZN("1111111")
	rapid.Check(t, func(r *rapid.T) {
		x := workflowtest.New(t, []artikel.Artikel{{
			PZN: pzn, Name: "Salbeibonbons", Art: artikel.Freiwahl, Status: artikel.Verkehr, AVP: 400, UVP: 400, MwSt: artikel.MwStVoll,
		}})
		p := person.New(x.Kern)
		l := &laden{Stand: x, Service: verkauf.New(x.Kern, p, rezeptannahme.New(x.Kern, p, nil))}
		l.neustart()
		menge := rapid.IntRange(1, 5).Draw(r, "packs")
		sum := money.Cent(menge) * 400
		card := money.Cent(rapid.Int64Range(0, int64(sum)).Draw(r, "by card"))
		v, err := l.Beginnen(l.Ctx, l.A())
		l.Must(err)
		_, err = l.Hinzufuegen(l.Ctx, l.A(), v.Vorgang.ID, verkauf.Eingabe{PZN: pzn, Menge: menge})
		l.Must(err)
		sold, err := l.Bezahlen(l.Ctx, l.A(), v.Vorgang.ID, verkauf.Zahlung{Erwartet: sum, Karte: card})
		l.Must(err)
		var all, onCard, atTerminal money.Cent
		for left := menge; left > 0; {
			n := rapid.IntRange(1, left).Draw(r, "back")
			w := rueckzahlung.Wunsch{
				Weg: rapid.SampledFrom([]rueckzahlung.Weg{"", rueckzahlung.AufKarte, rueckzahlung.InBar}).Draw(r, "way"), Grund: "so",
				Terminal: rapid.Bool().Draw(r, "terminal"), Bestaetigt: true,
			}
			a := l.A()
			b, err := l.karten.Buchen(l.Ctx, a, func() (bon.Bon, error) {
				return l.RetoureMit(l.Ctx, a, sold.Nummer, []retoure.Zeile{{Nr: 1, Menge: n}}, "falsch", w)
			})
			if err != nil { // a fault of the terminal, chosen by the sum
				w.Weg, w.Terminal = rueckzahlung.InBar, false
				l.geklaert(sold.Nummer)
				if z, err := l.karten.Erstattet(l.Ctx, sold.Nummer); err != nil || z != nil {
					w.Weg = rueckzahlung.AufKarte
				}
				a = l.A()
				b, err = l.RetoureMit(l.Ctx, a, sold.Nummer, []retoure.Zeile{{Nr: 1, Menge: n}}, "falsch", w)
				l.Must(err)
			}
			for _, z := range b.Zahlungen {
				if all -= z.Betrag; z.Art == bon.Karte {
					onCard -= z.Betrag
					if z.Beleg != nil && z.Beleg.ID != "" {
						atTerminal -= z.Betrag
					}
				}
			}
			left -= n
		}
		if all != sum || onCard > card {
			r.Fatalf("%v of %v back, %v of %v on the card", all, sum, onCard, card)
		}
		if z, err := l.karten.Erstattet(l.Ctx, sold.Nummer); err != nil || z != nil {
			r.Fatalf("%+v is on no Bon, %v; %v at the terminal", z, err, atTerminal)
		}
	})
}

// geklaert settles what is unclear, by the terminal or by hand.
func (l *laden) geklaert(nummer string) {
	l.T.Helper()
	z, err := l.karten.Erstattet(l.Ctx, nummer)
	l.Must(err)
	if z == nil || z.Ende != nil {
		return
	}
	_ = l.karten.Klaeren(l.Ctx, l.A(), z.ID)
	if z, err = l.karten.Erstattet(l.Ctx, nummer); err == nil && z != nil && z.Ende == nil {
		err = l.karten.Entscheiden(l.Ctx, l.A(), z.ID, true)
	}
	l.Must(err)
}

// A card that was given back on by hand keeps its kind, and has no receipt.
func TestErstattungVonHand(t *testing.T) {
	l := oeffne(t)
	id := l.wagen(10_000)
	l.Must(l.karten.Zahlen(l.Ctx, l.A(), id, 10_000))
	sold, err := l.bezahle(id, 10_000)
	l.Must(err)
	b, err := l.storno(l.A(), sold.Nummer, rueckzahlung.Wunsch{Weg: rueckzahlung.AufKarte})
	l.Must(err)
	want := []bon.Zahlung{{Art: bon.Karte, Betrag: -10_000, Beleg: &karte.Beleg{Karte: karte.Kredit}}}
	if d := cmp.Diff(want, b.Zahlungen); d != "" {
		t.Error(d)
	}
}
