package knoten_test

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/workflow"
)

// A machine that is off gets another rank, and comes back under another address before it has heard of that: the
// others reach it there, and it has its new rank.
func TestRangUndAdresseZugleich(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "both know each other", 5*time.Second, func() bool { return len(a.stand().Rechner) == 1 && a.stand().Rechner[0].Gleich })
	b.stop()
	for i := range 20 {
		a.nenne(ctx, "n"+strconv.Itoa(i), "Rosen-Apotheke "+strconv.Itoa(i))
	}
	if err := a.Dienste.Rechner.Rang(ctx, workflow.Auftrag{Key: "r", Actor: "AB"}, "platz-2", 7); err != nil {
		t.Fatal(err)
	}
	b = starte(t, b.dir, "127.0.0.1:0", knoten.Options{})
	bald(t, "both are as they should be", 10*time.Second, func() bool {
		one := a.stand().Rechner[0]
		return one.Adresse == b.addr && one.Erreichbar && one.Rang == 7 && b.stand().Rang == 7
	})
}
