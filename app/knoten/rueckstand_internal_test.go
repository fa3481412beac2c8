package knoten

import (
	"runtime/debug"
	"testing"
)

// However many machines this one takes records in from: when all have come, garbage is collected
// as before.
func TestRueckstand(t *testing.T) {
	percent := debug.SetGCPercent(70)
	defer debug.SetGCPercent(percent)
	r := &rueckstand{}
	for i, kommt := range []bool{true, true, false, false, true, false} {
		r.melde(kommt)
		if gross := i != 3 && i != 5; r.gross() != gross {
			t.Errorf("%d: behind %t", i, r.gross())
		}
	}
	if n := debug.SetGCPercent(70); n != 70 {
		t.Errorf("garbage is collected at %d per cent", n)
	}
}
