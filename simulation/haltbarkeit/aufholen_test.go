package haltbarkeit_test

import (
	"testing"

	"github.com/offizin/offizin/simulation/haltbarkeit"
)

// A machine that catches up stores one group of records while the next is folded, and the power goes,
// or the program dies, at any moment (ADR 0032): what was acknowledged is there, rows are those of
// a fresh fold at each start, and what is missing comes.
func TestAufholen(t *testing.T) {
	all := haltbarkeit.Ergebnis{}
	list := neubauSeeds(t)
	for _, seed := range list {
		e := holeAuf(t, seed, haltbarkeit.Regeln{})
		if !e.Gut() {
			t.Fatalf("seed %d: %s", seed, e)
		}
		all.Add(e)
	}
	t.Logf("%s, %d ends amid catching up", all, all.Mitten)
	if len(list) > 5 && all.Mitten < len(list) {
		t.Errorf("only %d of %d ends were amid catching up", all.Mitten, all.Schnitte)
	}
}

// The same seed plays the same run.
func TestAufholenWiederholbar(t *testing.T) {
	for seed := range uint64(3) {
		a, b := holeAuf(t, seed, haltbarkeit.Regeln{}), holeAuf(t, seed, haltbarkeit.Regeln{})
		if a.String() != b.String() || a.Mitten != b.Mitten {
			t.Errorf("seed %d: %s, then %s", seed, a, b)
		}
	}
}

// Records that are acknowledged before they are durable are found.
func TestAufholenGepflanzt(t *testing.T) {
	for seed := range uint64(20) {
		if !holeAuf(t, seed, haltbarkeit.Regeln{Unsafe: "NORMAL"}).Gut() {
			t.Logf("found with seed %d", seed)
			return
		}
	}
	t.Error("not found")
}

func holeAuf(t *testing.T, seed uint64, g haltbarkeit.Regeln) haltbarkeit.Ergebnis {
	t.Helper()
	e, err := haltbarkeit.Aufholen(t.Context(), seed, t.TempDir(), g)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return e
}
