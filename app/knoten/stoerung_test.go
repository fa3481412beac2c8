package knoten_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/workflow/stoerung"
)

// glied is a link of a machine by its id.
func (m *laufend) glied(id string) stoerung.Glied {
	for _, g := range m.Dienste.Stoerung.Zustand(m.t.Context()).Glieder {
		if g.ID == id {
			return g
		}
	}
	return stoerung.Glied{}
}

// Three machines: each tells of the two others and of who leads. The lead dies: the others say
// so and who leads now, their sales are still on a second machine, and the last one left says
// that its sales lie there only. When the lead is back all is well again.
func TestStoerungenDreierRechner(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	if g := a.glied("sicherung"); g.Zustand != stoerung.Gut {
		t.Errorf("%+v", g)
	}
	bald(t, "all see each other", 10*time.Second, func() bool {
		for _, m := range []*laufend{b, c} {
			if m.glied("fuehrung").Text != "platz-1 führt." || m.glied("rechner-platz-1").Zustand != stoerung.Gut {
				return false
			}
		}
		return a.glied("rechner-platz-2").Zustand == stoerung.Gut && a.glied("rechner-platz-3").Zustand == stoerung.Gut
	})
	b.nenne(t.Context(), "n1", "Rosen-Apotheke")
	bald(t, "all of b is safe", 5*time.Second, func() bool { st := b.stand(); return st.Seq > 0 && st.Sicher == st.Seq })

	a.stop()
	bald(t, "b tells that a is gone and leads", 5*time.Second, func() bool {
		return b.glied("rechner-platz-1").Code == "S-610" && b.glied("fuehrung").Text == "Dieser Rechner (platz-2) führt."
	})
	if g := b.glied("sicherung"); g.Code != "" {
		t.Errorf("%+v", g)
	}
	c.stop()
	bald(t, "b is the last one", 5*time.Second, func() bool { return b.glied("sicherung").Code == "S-602" })

	a = starte(t, a.dir, a.addr, knoten.Options{})
	bald(t, "a is back", 10*time.Second, func() bool {
		return b.glied("rechner-platz-1").Code == "" && b.glied("sicherung").Code == ""
	})
	running, err := knoten.Find(b.dir) // what the command line hears
	if err != nil {
		t.Fatal(err)
	}
	if l, err := running.Lage(t.Context()); err != nil || len(l.Glieder) < 10 {
		t.Errorf("%+v, %v", l, err)
	}
	if files, err := running.Anleitungen(t.Context()); err != nil || len(files) != 4 {
		t.Errorf("%d instructions, %v", len(files), err)
	}
}

// A machine that was removed says in red that nothing it sells arrives anywhere.
func TestStoerungEntfernt(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "b follows", 5*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
	if err := a.Entfernen(t.Context(), "platz-2"); err != nil {
		t.Fatal(err)
	}
	bald(t, "b is refused", 10*time.Second, func() bool { return b.glied("rechner-platz-1").Code == "S-611" })
	if g := b.glied("sicherung"); g.Code != "S-601" {
		t.Errorf("%+v", g)
	}
}
