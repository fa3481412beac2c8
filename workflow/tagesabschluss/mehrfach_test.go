package tagesabschluss_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
)

// zurueck books what undoes a Bon at a till that does not know yet what another one has undone.
func (x *betrieb) zurueck(k *workflow.Kern, art bon.Art, old bon.Bon) {
	x.T.Helper()
	b := bon.Bon{
		Art: art, Platz: k.Platz, Zeit: x.Uhr.Now().UnixNano(), Tag: old.Tag, Benutzer: "AB", Bezug: old.Nummer, BezugTag: old.Tag,
		Grund: "falsch", Positionen: old.Umkehr(), Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: -old.Zahlungen[0].Betrag}},
	}
	_, err := k.Do(x.Ctx, x.A(), "test", func(rows journal.Rows) ([]journal.Event, error) {
		var err error
		b.Nummer, err = bons.Next(rows, k.Till)
		return []journal.Event{event.VerkaufAbgeschlossen{Bon: b}}, err
	})
	x.Must(err)
}

// Two tills that undo a Bon in the same moment both pay it out: nobody can keep them from it, but whoever closes
// either till is told before he counts.
func TestMehrfachZurueck(t *testing.T) {
	for _, art := range []bon.Art{bon.Storno, bon.Retoure} {
		x := neu(t)
		sold, other := x.verkauft(x.Kern, 2000, 0), x.verkauft(x.Kern, 500, 0)
		x.zurueck(x.Kern, art, sold)
		x.zurueck(x.Kern, art, other)
		for i, want := range [][]string{nil, {sold.Nummer}} {
			if i == 1 {
				x.zurueck(x.k2, bon.Storno, sold)
			}
			l, err := x.eins.Lage(x.Ctx, "1")
			x.Must(err)
			if d := cmp.Diff(want, l.Mehrfach); d != "" {
				t.Errorf("%s, till 1: %s", art, d)
			}
			if i == 0 {
				continue
			}
			if l, err = x.zwei.Lage(x.Ctx, "2"); err != nil || !cmp.Equal(want, l.Mehrfach) {
				t.Errorf("%s, till 2: %q, %v", art, l.Mehrfach, err)
			}
		}
	}
}

// Two terminals that give back what was paid for a Bon, of which one till can book it only.
func TestMehrfachAufDieKarte(t *testing.T) {
	x := neu(t)
	sold := x.verkauft(x.Kern, 2000, 0)
	x.zurueck(x.Kern, bon.Storno, sold)
	_, err := x.k2.Do(x.Ctx, x.A(), "test", func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{
			event.KartenzahlungBegonnen{ID: "k-2", Till: "2", Betrag: 2000, Erstattung: sold.Nummer},
			event.KartenzahlungBeendet{ID: "k-2", Bewilligt: true},
		}, nil
	})
	x.Must(err)
	if l, err := x.eins.Lage(x.Ctx, "1"); err != nil || !cmp.Equal([]string{sold.Nummer}, l.Mehrfach) {
		t.Errorf("%q, %v", l.Mehrfach, err)
	}
}
