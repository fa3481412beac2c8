package knoten_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
)

// The machine that leads answers and can write nothing any more: full disk, or its folder is gone. What one of the
// others writes comes to the third all the same, and is safe there.
func TestFuehrenderSchreibtNichtMehr(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	bald(t, "all know each other", 5*time.Second, func() bool {
		return b.stand().Folgt == "platz-1" && c.stand().Folgt == "platz-1" && len(b.stand().Rechner) == 2 && len(c.stand().Rechner) == 2
	})
	db := filepath.Join(a.dir, "journal.db")
	if err := os.Rename(db, db+".weg"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.Rename(db+".weg", db); err != nil {
			t.Error(err)
		}
	}()
	b.nenne(ctx, "n1", "Rosen-Apotheke")
	bald(t, "written on b, read on c", 15*time.Second, func() bool { return c.name(ctx) == "Rosen-Apotheke" })
	bald(t, "safe", 2*time.Second, func() bool { st := b.stand(); return st.Sicher == st.Seq })
}
