package knoten_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/workflow"
)

// A rank that somebody gave a machine stays, also if the machine could not write it beside its journal: full disk,
// or ended in the same moment.
func TestRangBleibt(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	file := filepath.Join(a.dir, knoten.Dir, "rechner.json")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	self, err := a.Rechner.Alle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = a.Rechner.RangSetzen(t.Context(), workflow.Auftrag{Key: "r", Actor: "AB"}, self[0].Fingerabdruck, 7)
	if err != nil {
		t.Fatal(err)
	}
	bald(t, "it has heard of it", 5*time.Second, func() bool {
		b, err := os.ReadFile(file)
		return err == nil && !bytes.Equal(b, before) && a.stand().Rang == 7
	})
	a.stop()
	if err := os.WriteFile(file, before, 0o600); err != nil {
		t.Fatal(err)
	}
	a = starte(t, a.dir, a.addr, knoten.Options{})
	if self, err = a.Rechner.Alle(context.Background()); err != nil || self[0].Rang != 7 {
		t.Errorf("rank %d, %v", self[0].Rang, err)
	}
}
