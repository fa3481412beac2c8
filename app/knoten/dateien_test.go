package knoten_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/katalogwahl"
)

func (m *laufend) heute() civil.Day { return clock.Today(clock.NewReal()) }

func (m *laufend) katalogDir() string { return filepath.Join(m.dir, "katalog") }

// importiere builds a catalogue in the folder of a machine, as offizin catalogue import does.
func (m *laufend) importiere(seed uint64, ab civil.Day) string { return m.importiereN(seed, ab, 120) }

func (m *laufend) importiereN(seed uint64, ab civil.Day, n int) string {
	m.t.Helper()
	q := muster.Quelle(muster.Options{Seed: seed, Artikel: n})
	got, err := generation.Build(context.Background(), m.katalogDir(), catalogue.Manifest{
		Quelle: "Test", GueltigAb: ab, Gebaut: clock.NewReal().Now().Format(time.RFC3339Nano),
	}, q, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	return got.ID
}

// gilt is the catalogue that holds today on a machine, if an article of it can be read.
func (m *laufend) gilt() string {
	g, err := m.Katalog.Am(m.heute())
	if err != nil {
		return ""
	}
	list, err := g.Beliebteste(context.Background(), 1)
	if err != nil || len(list) != 1 {
		return ""
	}
	return g.Manifest().ID
}

func (m *laufend) hat(id string) bool {
	return slices.ContainsFunc(m.Katalog.Generationen(), func(x catalogue.Manifest) bool { return x.ID == id })
}

func alle(list []*laufend, f func(*laufend) bool) func() bool {
	return func() bool { return !slices.ContainsFunc(list, func(m *laufend) bool { return !f(m) }) }
}

func drei(t *testing.T) (a, b, c *laufend) {
	t.Helper()
	dir := t.TempDir()
	a = starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	return a, a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
}

// A catalogue that is read in on one machine can be sold from on all of them within seconds,
// without a restart: on the lead, on one that follows, and on one that joins later with an
// empty disk (issue 4).
func TestKatalogAufAllenRechnern(t *testing.T) {
	a, b, c := drei(t)
	all := []*laufend{a, b, c}
	for i, m := range all {
		id := m.importiere(uint64(i)+1, m.heute())
		took := bald(t, "all sell from "+id, 10*time.Second, alle(all, func(m *laufend) bool { return m.gilt() == id }))
		t.Logf("read in on machine %d, on all after %s", i+1, took)
	}
	future := a.importiere(9, a.heute().AddDays(10))
	d := a.dazu(filepath.Join(filepath.Dir(a.dir), "d"))
	bald(t, "a blank machine becomes complete", 10*time.Second, func() bool {
		return d.gilt() == a.gilt() && d.hat(future) && len(d.Katalog.Generationen()) == 4
	})
	bald(t, "nothing is lacking anywhere", 5*time.Second, alle(append(all, d), func(m *laufend) bool {
		st := m.stand()
		return len(st.Fehlt) == 0 && st.Progress == "" && !slices.ContainsFunc(st.Rechner, func(r node.Anderer) bool { return len(r.Fehlt) > 0 })
	}))
	if rest, _ := os.ReadDir(filepath.Join(d.dir, knoten.IncomingDir)); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
}

// What is removed on one machine goes on all, and does not come back; read in again it does.
// What is lost without having been removed comes back.
func TestEntfernterKatalogKommtNichtWieder(t *testing.T) {
	a, b, c := drei(t)
	all := []*laufend{a, b, c}
	first := a.importiere(1, a.heute().AddDays(-14))
	second := b.importiere(2, b.heute())
	bald(t, "all have both", 10*time.Second, alle(all, func(m *laufend) bool { return m.hat(first) && m.gilt() == second }))
	if err := generation.Remove(c.katalogDir(), second, c.heute()); err != nil {
		t.Fatal(err)
	}
	bald(t, "gone everywhere", 10*time.Second, alle(all, func(m *laufend) bool { return m.gilt() == first && !m.hat(second) }))
	time.Sleep(2 * time.Second)
	if !alle(all, func(m *laufend) bool { return !m.hat(second) })() {
		t.Error("a removed catalogue came back")
	}
	a.importiere(2, a.heute())
	bald(t, "read in again, all have it", 10*time.Second, alle(all, func(m *laufend) bool { return m.gilt() == second }))
	if err := os.RemoveAll(filepath.Join(b.katalogDir(), second)); err != nil {
		t.Fatal(err)
	}
	bald(t, "what was lost comes back", 10*time.Second, func() bool { return b.gilt() == second })
}

// What the gate holds on one machine stays there; released by a choice, all have it.
func TestQuarantaeneBleibtBisZurFreigabe(t *testing.T) {
	a, b, c := drei(t)
	all := []*laufend{a, b, c}
	first := a.importiere(1, a.heute().AddDays(-1))
	bald(t, "all have the first", 10*time.Second, alle(all, func(m *laufend) bool { return m.gilt() == first }))
	held, err := generation.Build(t.Context(), b.katalogDir(), catalogue.Manifest{
		Quelle: "Test", GueltigAb: b.heute(), Gebaut: "2026-01-01T00:00:00Z",
	}, muster.Quelle(muster.Options{Seed: 5, Artikel: 130}), nil, generation.Geprueft(
		func(context.Context, *generation.Generation) (generation.Urteil, error) {
			return generation.Urteil{Bericht: "zu viel anders", Hindert: true}, nil
		}))
	if !errors.Is(err, generation.ErrQuarantaene) {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	if a.hat(held.ID) || c.hat(held.ID) {
		t.Error("what the gate holds has travelled")
	}
	b.waehle("frei", katalogwahl.Eingabe{Art: catalogue.Freigegeben, Katalog: held.ID, Grund: "geprüft"})
	bald(t, "released, all have it", 10*time.Second, alle(all, func(m *laufend) bool { return m.gilt() == held.ID }))
	for _, m := range all {
		if text, _, err := m.Katalog.Bericht(held.ID); err != nil || text == "" {
			t.Errorf("the report does not travel: %v", err)
		}
	}
}

// waehle chooses as the page does.
func (m *laufend) waehle(key string, e katalogwahl.Eingabe) {
	m.t.Helper()
	ctx := context.Background()
	v, err := m.Dienste.Katalogwahl.Vorschau(ctx, e)
	if err == nil {
		e.Digest = v.Digest()
		_, err = m.Dienste.Katalogwahl.Waehlen(ctx, workflow.Auftrag{Key: key, Actor: "AB"}, e)
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

// A choice made on one machine holds on all of them while they run, also on one that gets the
// catalogue later.
func TestWahlGiltAufAllenRechnern(t *testing.T) {
	a, b, c := drei(t)
	all := []*laufend{a, b, c}
	first := a.importiere(1, a.heute().AddDays(-14))
	second := a.importiere(2, a.heute())
	bald(t, "all have both", 10*time.Second, alle(all, func(m *laufend) bool { return m.hat(first) && m.gilt() == second }))
	b.waehle("zurueck", katalogwahl.Eingabe{Art: catalogue.Zurueckgenommen, Grund: "falsche Preise"})
	bald(t, "taken back everywhere", 5*time.Second, alle(all, func(m *laufend) bool { return m.gilt() == first }))
	d := a.dazu(filepath.Join(filepath.Dir(a.dir), "d"))
	bald(t, "taken back on one that came later", 10*time.Second, func() bool {
		return d.gilt() == first && len(d.Katalog.Ausgelassen()) == 1
	})
	time.Sleep(time.Second)
	if d.gilt() != first {
		t.Errorf("a machine that came later sells from %s", d.gilt())
	}
	c.waehle("wieder", katalogwahl.Eingabe{Art: catalogue.Aktiviert, Katalog: second, Grund: "doch richtig"})
	bald(t, "and back", 5*time.Second, alle(append(all, d), func(m *laufend) bool { return m.gilt() == second }))
}
