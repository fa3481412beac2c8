package generation_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/sqlite/generation"
)

// A generation that is built while the folder is open is there without a restart, and
// one whose folder is removed is gone.
func TestNeueGenerationOhneNeustart(t *testing.T) {
	dir := t.TempDir()
	o, err := generation.OpenOrdner(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	var last catalogue.Manifest
	for i, ab := range []civil.Day{20261101, 20261115} {
		last, err = generation.Build(context.Background(), dir, catalogue.Manifest{GueltigAb: ab},
			muster.Quelle(muster.Options{Seed: 1, Artikel: 50}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if g, err := o.Am(20261123); err != nil || g.Manifest().ID != last.ID {
			t.Errorf("after build %d: %v", i, err)
		}
	}
	if n := len(o.Generationen()); n != 2 {
		t.Errorf("%d generations", n)
	}
	if err := os.RemoveAll(filepath.Join(dir, last.ID)); err != nil {
		t.Fatal(err)
	}
	if g, err := o.Am(20261123); err != nil || g.Manifest().GueltigAb != 20261101 {
		t.Errorf("after its removal: %v", err)
	}
}
