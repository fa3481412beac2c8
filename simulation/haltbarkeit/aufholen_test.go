package haltbarkeit_test

import (
	"testing"

	"github.com/offizin/offizin/simulation/haltbarkeit"
)

// A machine that catches up stores many batches in one transaction, and the power goes, or the
// program dies, at any moment (ADR 0032): what was acknowledged is there, rows are those of a fresh
// fold at each start, and what is missing comes.
func TestAufholen(t *testing.T) { haelt(t, holeAuf, "amid catching up") }

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
