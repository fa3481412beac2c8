package knoten_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
)

// Two machines that do not see each other each remove another one. As soon as they meet, both
// removals hold on both, and an authority vouches that was made after both: neither of the removed
// machines has its key.
func TestEntferntAufZweiSeiten(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c, d := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c")), a.dazu(filepath.Join(dir, "d"))
	bald(t, "b knows all", 10*time.Second, func() bool { return len(b.stand().Rechner) == 3 && b.stand().Folgt == "platz-1" })
	b.stop()
	c.stop()
	d.stop()
	if err := a.Entfernen(ctx, "platz-3"); err != nil {
		t.Fatal(err)
	}
	a.stop()
	b = starte(t, b.dir, b.addr, knoten.Options{})
	if err := b.Entfernen(ctx, "platz-4"); err != nil {
		t.Fatal(err)
	}
	a = starte(t, a.dir, a.addr, knoten.Options{})
	epoche := func(m *laufend) int {
		x, _, err := m.Rechner.Aussteller(ctx)
		if err != nil {
			t.Log(err)
		}
		return x.Epoche
	}
	bald(t, "one authority after both", 20*time.Second, func() bool { return epoche(a) == 4 && epoche(b) == 4 })
	for _, m := range []*laufend{a, b} {
		list, err := m.Rechner.Alle(ctx)
		out := 0
		for _, r := range list {
			if r.Entfernt {
				out++
			}
		}
		if err != nil || out != 2 {
			t.Errorf("%d removed, %v", out, err)
		}
	}
}
