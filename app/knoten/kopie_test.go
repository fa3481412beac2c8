package knoten_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
)

// The folder of a machine is copied to a second one, and both go on: each says so while the other writes.
// The machine that has neither says nothing, and one that was only put back does not either.
func TestKopierterOrdner(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	b.nenne(t.Context(), "davor", "Rosen")
	bald(t, "a has it", 5*time.Second, func() bool { return a.name(t.Context()) == "Rosen" })
	b.stop()
	if err := os.CopyFS(filepath.Join(dir, "c"), os.DirFS(b.dir)); err != nil {
		t.Fatal(err)
	}
	b = starte(t, b.dir, b.addr, knoten.Options{})
	b.nenne(t.Context(), "b0", "Tulpen")
	bald(t, "a has it", 5*time.Second, func() bool { return a.name(t.Context()) == "Tulpen" })
	b.stop()
	c := starte(t, filepath.Join(dir, "c"), "127.0.0.1:0", knoten.Options{}) // as if it was put back
	c.nenne(t.Context(), "c0", "Nelken")
	bald(t, "c goes on under a new name", 10*time.Second, func() bool { return c.stand().Twin != "" })
	time.Sleep(12 * time.Second)
	if g := c.glied("geschichte"); g.Code != "" {
		t.Errorf("nobody else is at work: %+v", g)
	}
	b = starte(t, b.dir, b.addr, knoten.Options{})
	n := 0
	bald(t, "both say it", 40*time.Second, func() bool {
		n++
		b.nenne(t.Context(), "b"+strconv.Itoa(n), "Rosen "+strconv.Itoa(n))
		c.nenne(t.Context(), "c"+strconv.Itoa(n), "Nelken "+strconv.Itoa(n))
		time.Sleep(200 * time.Millisecond)
		return b.glied("geschichte").Code == "S-659" && c.glied("geschichte").Code == "S-659"
	})
	if g := a.glied("geschichte"); g.Code != "" {
		t.Errorf("%+v", g)
	}
}
