package stoerung_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A copy of the data folder sold before it met the others: the numbers that its Bons share with those
// of the first life are told, whichever of the two a machine gets first, and no others.
func TestNummerZweimal(t *testing.T) {
	verkauf := func(nummer string) event.VerkaufAbgeschlossen {
		return event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: nummer, Art: bon.Verkauf, Positionen: []bon.Position{{Nr: 1, Menge: 1}}}}
	}
	life := func(t *testing.T, incarnation string, numbers ...string) (list []journal.Record) {
		chain := journal.Chain{Origin: journal.Origin{Node: "platz-9", Incarnation: incarnation}}
		for _, n := range numbers {
			records, err := chain.Extend(
				journal.Act{Key: incarnation + n, Actor: "AB"}, journal.Hash{}, []journal.Event{verkauf(n)})
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, records...)
		}
		return list
	}
	first := life(t, "00000000000000aa", "9-000001", "9-000002", "9-000003")
	second := life(t, "00000000000000bb", "9-000003", "9-000004")
	for name, order := range map[string][][]journal.Record{
		"first life first": {first, second}, "copy first": {second, first}, "in between": {first[:2], second, first[2:]},
	} {
		x := workflowtest.New(t, nil)
		s := stoerung.New(x.Kern, stoerung.Options{})
		got := ""
		for _, list := range order {
			if strings.Contains(got, "J-315") {
				t.Errorf("%s: told before it happened", name)
			}
			if _, err := x.Kern.Store.Receive(x.Ctx, list); err != nil {
				t.Fatal(err)
			}
			got = ""
			for _, g := range s.Zustand(x.Ctx).Glieder {
				if g.ID == "bons" {
					got = g.Code + " " + g.Text
				}
			}
		}
		if !strings.HasPrefix(got, "J-315 Auf zwei Bons stehen dieselben Nummern: 9-000003 – ") {
			t.Errorf("%s: %q", name, got)
		}
	}
}
