package generation_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/sqlite/generation"
)

var vermerk = generation.Vermerk{Zeit: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC), Grund: "falsche Preise"}

const heute civil.Day = 20261120

// am is the generation that a till takes on a day.
func am(t *testing.T, o *generation.Ordner, day civil.Day) string {
	t.Helper()
	g, err := o.Am(day)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Suche(t.Context(), catalogue.Anfrage{Text: "ibu"}); err != nil {
		t.Fatal(err)
	}
	return g.Manifest().ID
}

// Going back takes out what holds today, in a program that runs; what comes later comes.
func TestRollback(t *testing.T) {
	dir := t.TempDir()
	oct, nov, dec := build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID, build(t, dir, 20261201, 102).ID
	till := open(t, dir)
	before, err := till.Am(heute)
	if err != nil || before.Manifest().ID != nov {
		t.Fatal(err)
	}
	gone, now, err := generation.Rollback(dir, heute, vermerk)
	if err != nil || gone.ID != nov || now.ID != oct {
		t.Fatalf("%s, %s, %v", gone.ID, now.ID, err)
	}
	for _, o := range []*generation.Ordner{till, open(t, dir)} {
		if a, b := am(t, o, heute), am(t, o, 20261201); a != oct || b != dec {
			t.Errorf("today %s, in December %s", a, b)
		}
		if out := o.Ausgelassen(); len(out) != 1 || out[0].ID != nov || len(o.Generationen()) != 2 {
			t.Errorf("%v", out)
		}
		if err := o.Verify(nov); err != nil {
			t.Errorf("what is taken out stays whole: %v", err)
		}
	}
	if _, err := before.Suche(t.Context(), catalogue.Anfrage{Text: "ibu"}); err != nil {
		t.Errorf("a search that had begun: %v", err)
	}
	if _, _, err := generation.Rollback(dir, heute, vermerk); code(err) != "A-626" || am(t, till, heute) != oct {
		t.Errorf("nothing is left before it: %v", err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "auswahl.json"))
	if err != nil || !strings.Contains(string(b), nov) || !strings.Contains(string(b), "falsche Preise") {
		t.Errorf("%v\n%s", err, b)
	}
}

// An older generation holds again, whatever stood before it; taken in again, the day decides
// as if nothing had been.
func TestActivate(t *testing.T) {
	dir := t.TempDir()
	sep, oct, nov, dec := build(t, dir, 20260901, 99).ID, build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID,
		build(t, dir, 20261201, 102).ID
	till := open(t, dir)
	for _, c := range []struct {
		id, today, december string
		out                 int
	}{
		{sep, sep, dec, 2},
		{sep, sep, dec, 2}, // once more changes nothing
		{oct, oct, dec, 1},
		{nov, nov, dec, 0},
		{dec, nov, dec, 0}, // it begins later, and nothing stands before it
	} {
		m, err := generation.Activate(dir, c.id, heute, vermerk)
		if err != nil || m.ID != c.id {
			t.Fatalf("%s: %v", c.id, err)
		}
		if a, b := am(t, till, heute), am(t, till, 20261201); a != c.today || b != c.december || len(till.Ausgelassen()) != c.out {
			t.Errorf("%s: today %s, in December %s, %d taken out", c.id, a, b, len(till.Ausgelassen()))
		}
	}
	if _, err := generation.Activate(dir, "2026-01-01-00000000", heute, vermerk); code(err) != "A-418" {
		t.Errorf("%v", err)
	}
	if err := os.Remove(filepath.Join(dir, oct, "suche.idx")); err != nil {
		t.Fatal(err)
	}
	if _, err := generation.Activate(dir, oct, heute, vermerk); code(err) != "A-416" || am(t, till, heute) != nov {
		t.Errorf("a damaged one is not chosen: %v", err)
	}
}

// Of two for the same day the later built holds, until the first is chosen.
func TestActivateGleicherTag(t *testing.T) {
	dir := t.TempDir()
	var ids []string
	for i, gebaut := range []string{"2026-11-10T08:00:00Z", "2026-11-10T09:00:00Z"} {
		ids = append(ids, buildAt(t, dir, 20261201, 100+i, gebaut).ID)
	}
	till := open(t, dir)
	if got := am(t, till, 20261201); got != ids[1] {
		t.Errorf("%s", got)
	}
	if _, err := generation.Activate(dir, ids[0], heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if got := am(t, till, 20261201); got != ids[0] {
		t.Errorf("%s", got)
	}
}

// What the gate held is released with a reason, and only so; a till sees it at once.
func TestFreigabe(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, 20261001, 100)
	m, err := geprueft(t, dir, 20261115, 110, generation.Urteil{Bericht: "schlecht\n", Hindert: true}, nil)
	if code(err) != "A-621" {
		t.Fatal(err)
	}
	till := open(t, dir)
	if _, err := generation.Activate(dir, m.ID, heute, generation.Vermerk{Grund: "  "}); code(err) != "A-627" {
		t.Errorf("%v", err)
	}
	if _, err := generation.Activate(dir, m.ID, heute, vermerk); err != nil || am(t, till, heute) != m.ID {
		t.Errorf("%v", err)
	}
	text, held, err := till.Bericht(m.ID)
	if err != nil || held || text != "schlecht\n\nVon Hand freigegeben am 20.11.2026 10:30: falsche Preise\n" {
		t.Errorf("%q, %v, %v", text, held, err)
	}
}

// A selection that nobody can read changes nothing in a program that runs; it is named.
func TestAuswahlUnlesbar(t *testing.T) {
	dir := t.TempDir()
	oct, nov := build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID
	till := open(t, dir)
	if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil || am(t, till, heute) != oct {
		t.Fatal(err)
	}
	for _, text := range []string{"{", "", `{"format":2}`} {
		if err := os.WriteFile(filepath.Join(dir, "auswahl.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := am(t, till, heute); got != oct || len(till.Stoerungen()) != 1 || code(till.Stoerungen()[0]) != "A-625" {
			t.Errorf("%q: %s, %v", text, got, till.Stoerungen())
		}
		if o := open(t, dir); am(t, o, heute) != nov || len(o.Stoerungen()) != 1 {
			t.Errorf("%q: a new start: %v", text, o.Stoerungen())
		}
	}
	if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil || am(t, till, heute) != oct || len(till.Stoerungen()) != 0 {
		t.Errorf("going back again writes it anew: %v, %v", err, till.Stoerungen())
	}
	if err := os.WriteFile(filepath.Join(dir, "auswahl.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := generation.Activate(dir, nov, heute, vermerk); err != nil || am(t, till, heute) != nov || len(till.Stoerungen()) != 0 {
		t.Errorf("so does choosing what a new start would take: %v, %v", err, till.Stoerungen())
	}
}

// What is removed is forgotten: read in again, it is new.
func TestEntferntVergisst(t *testing.T) {
	dir := t.TempDir()
	oct, nov := build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID
	if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if err := generation.Remove(dir, oct, heute); code(err) != "A-471" {
		t.Errorf("it is the only one that holds: %v", err)
	}
	if err := generation.Remove(dir, nov, heute); err != nil {
		t.Fatal(err)
	}
	build(t, dir, 20261115, 101)
	if o := open(t, dir); am(t, o, heute) != nov || len(o.Ausgelassen()) != 0 {
		t.Errorf("%v", o.Ausgelassen())
	}
}

// Selling never waits: while somebody goes to and fro, and a build holds its lock, every
// lookup is answered by one of the two.
func TestWahlNebenVerkauf(t *testing.T) {
	dir := t.TempDir()
	oct, nov := build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID
	till := open(t, dir)
	done := make(chan struct{})
	var sales sync.WaitGroup
	for range 2 {
		sales.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					if n == 0 {
						t.Error("nothing was sold")
					}
					return
				default:
				}
				g, err := till.Am(heute)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := g.Suche(t.Context(), catalogue.Anfrage{Text: "ibu"}); err != nil || g.Manifest().ID != oct && g.Manifest().ID != nov {
					t.Errorf("%s: %v", g.Manifest().ID, err)
					return
				}
			}
		})
	}
	_, err := geprueft(t, dir, 20261201, 102, generation.Urteil{}, func(*generation.Generation) { // the build waits for us
		for range 10 {
			if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil {
				t.Error(err)
			}
			if _, err := generation.Activate(dir, nov, heute, vermerk); err != nil {
				t.Error(err)
			}
		}
	})
	close(done)
	sales.Wait()
	if err != nil || am(t, till, heute) != nov {
		t.Error(err)
	}
}
