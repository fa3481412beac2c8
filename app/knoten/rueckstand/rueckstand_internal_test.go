package rueckstand

import (
	"runtime/debug"
	"testing"
)

// However many machines this one takes records in from: when all have come, garbage is collected
// as before.
func TestRueckstand(t *testing.T) {
	percent := debug.SetGCPercent(70)
	defer debug.SetGCPercent(percent)
	r := &Stand{}
	for i, kommt := range []bool{true, true, false, false, true, false} {
		r.Tell(kommt)
		if gross := i != 3 && i != 5; r.Behind() != gross {
			t.Errorf("%d: behind %t", i, r.Behind())
		}
	}
	if n := debug.SetGCPercent(70); n != 70 {
		t.Errorf("garbage is collected at %d per cent", n)
	}
}
