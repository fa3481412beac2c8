package rechner_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow/rechner"
)

// Other receipt numbers: with letters behind the number of before, never twice, never those of
// another machine; two sides that cannot talk do not choose the same.
func TestNeueNummern(t *testing.T) {
	a, ra := neu(t)
	a.Must(ra.Gruenden(a.Ctx, auftrag("g"), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1}))
	_, err := ra.Aufnehmen(a.Ctx, auftrag("b"), rechner.Rechner{Fingerabdruck: schluessel("b"), Platz: "platz-2", Till: "1", Rang: 2})
	a.Must(err)
	list, err := ra.Alle(a.Ctx)
	a.Must(err)
	if got := rechner.GleicheNummern(list); !slices.Equal(got, []string{"1"}) {
		t.Errorf("%q have two", got)
	}
	seen := map[string]bool{"1": true}
	for i, key := range []string{"n", "m", "o", "p"} {
		of := []string{"a", "b"}[i%2]
		till, err := ra.NeueNummern(a.Ctx, auftrag(key), schluessel(of))
		a.Must(err)
		if seen[till] || len(till) != 6 || !strings.HasPrefix(till, "1") {
			t.Errorf("%s of %s", till, of)
		}
		seen[till] = true
	}
	list, err = ra.Alle(a.Ctx)
	a.Must(err)
	if got := rechner.GleicheNummern(list); len(got) > 0 || list[0].Platz != "platz-1" || list[0].Rang != 1 {
		t.Errorf("%q have two; %+v", got, list)
	}
	if _, err := ra.NeueNummern(a.Ctx, auftrag("x"), schluessel("e")); fault.KindOf(err) != fault.NotFound {
		t.Errorf("of nobody: %v", err)
	}
	_, err = ra.Aufnehmen(a.Ctx, auftrag("f"), rechner.Rechner{
		Fingerabdruck: schluessel("f"), Platz: "fern", Till: "2x1x1x1", Rang: 3,
	})
	a.Must(err)
	if till, err := ra.NeueNummern(a.Ctx, auftrag("y"), schluessel("f")); err != nil || len(till) != 8 || till[0] != 'z' {
		t.Errorf("a long one becomes %s, %v", till, err)
	}
}
