package generation_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/sqlite/generation"
)

// today is the day on which generations are removed.
const today = 20261123

// A wrong generation is taken back: an open folder goes on with the one before at the
// next lookup, and what was open stays readable, also where it had not been read yet.
func TestRemove(t *testing.T) {
	dir := t.TempDir()
	right, wrong := build(t, dir, 20261101, 100), build(t, dir, 20261115, 50)
	o := open(t, dir)
	g, err := o.Am(today)
	if err != nil || g.Manifest().ID != wrong.ID {
		t.Fatalf("%v %v", g, err)
	}
	if err := generation.Remove(dir, wrong.ID, today); err != nil {
		t.Fatal(err)
	}
	if g, err := o.Am(today); err != nil || g.Manifest().ID != right.ID || len(o.Stoerungen()) != 0 {
		t.Errorf("%v %v %v", g, err, o.Stoerungen())
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if _, ok, err := g.Artikel(t.Context(), muster.OTCSchmerzmittel.PZN()); !ok || err != nil {
					t.Errorf("open when it was removed: %v %v", ok, err)
				}
			}
		})
	}
	all.Wait()
	onlyThere(t, dir, right.ID)
}

// onlyThere holds that the folder has the generation, the lock and nothing else.
func onlyThere(t *testing.T, dir, id string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || entries[0].Name() != id || entries[1].Name() != "bau.sperre" {
		t.Errorf("%v %v", entries, err)
	}
}

// The generation that nothing would replace today is not removed, nor one that is not
// there, nor anything outside of the folder.
func TestRemoveLehntAb(t *testing.T) {
	dir := t.TempDir()
	now, next := build(t, dir, 20261101, 100), build(t, dir, 20261201, 100)
	for id, want := range map[string]string{
		now.ID: "A-471", "2026-01-01-00000000": "A-418", "": "A-418", "..": "A-418", "../" + filepath.Base(dir): "A-418",
		"bau.sperre": "A-418", next.ID + "/": "A-418",
	} {
		if err := generation.Remove(dir, id, today); code(err) != want {
			t.Errorf("%q: %v instead of %s", id, err, want)
		}
	}
	if err := generation.Remove(dir, next.ID, today); err != nil {
		t.Errorf("one that is not valid yet: %v", err)
	}
	if err := generation.Remove(dir, now.ID, today); code(err) != "A-471" {
		t.Errorf("the last: %v", err)
	}
	if err := generation.Remove(dir, now.ID, 20260101); code(err) != "A-471" {
		t.Errorf("the last, before it is valid: %v", err)
	}
	if g, err := open(t, dir).Am(today); err != nil || g.Manifest().ID != now.ID {
		t.Errorf("%v %v", g, err)
	}
	long := strings.Repeat("a", 253) // a name that leaves no room for the prefix
	if err := os.Mkdir(filepath.Join(dir, long), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := generation.Remove(dir, long, today); code(err) != "A-472" {
		t.Errorf("a folder that cannot be renamed: %v", err)
	}
}

// A damaged generation can always be removed, and it does not count as a replacement.
func TestRemoveBeschaedigt(t *testing.T) {
	dir := t.TempDir()
	whole, broken := build(t, dir, 20261101, 100), build(t, dir, 20261115, 100)
	if err := os.Truncate(filepath.Join(dir, broken.ID, "artikel.db"), 100); err != nil {
		t.Fatal(err)
	}
	if err := generation.Remove(dir, whole.ID, today); code(err) != "A-471" {
		t.Errorf("only a damaged one would be left: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, broken.ID, "manifest.json")); err != nil {
		t.Fatal(err)
	}
	if err := generation.Remove(dir, broken.ID, today); err != nil {
		t.Error(err)
	}
	if err := os.Truncate(filepath.Join(dir, whole.ID, "suche.idx"), 100); err != nil {
		t.Fatal(err)
	}
	if err := generation.Remove(dir, whole.ID, today); err != nil {
		t.Errorf("a damaged one that is the last: %v", err)
	}
}

// A removal that was broken off behind the rename has happened; the next build or
// removal clears the rest away.
func TestRemoveAbgebrochen(t *testing.T) {
	dir := t.TempDir()
	right, wrong := build(t, dir, 20261101, 100), build(t, dir, 20261115, 50)
	if err := os.Rename(filepath.Join(dir, wrong.ID), filepath.Join(dir, "bau-"+wrong.ID)); err != nil {
		t.Fatal(err)
	}
	if g, err := open(t, dir).Am(today); err != nil || g.Manifest().ID != right.ID {
		t.Errorf("%v %v", g, err)
	}
	build(t, dir, 20261115, 50)
	if err := generation.Remove(dir, wrong.ID, today); err != nil {
		t.Error(err)
	}
	onlyThere(t, dir, right.ID)
}

// While a catalogue is built none is removed: the one could take the replacement of the
// other for granted.
func TestRemoveBeimBau(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, 20261101, 100)
	wrong := build(t, dir, 20261115, 50)
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: 60})
	within := catalogue.Quelle{Artikel: func(yield func(catalogue.Zeile, error) bool) {
		if err := generation.Remove(dir, wrong.ID, today); code(err) != "A-430" {
			t.Errorf("removed during a build: %v", err)
		}
		if _, err := os.Stat(filepath.Join(dir, "bau.sperre-journal")); err == nil {
			t.Error("the lock takes room: on a full disk nothing could be removed")
		}
		q.Artikel(yield)
	}}
	if _, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20261116}, within, nil); err != nil {
		t.Error(err)
	}
}

// Building a generation again that was damaged repairs it.
func TestBauErsetztBeschaedigte(t *testing.T) {
	dir := t.TempDir()
	m := build(t, dir, 20261101, 100)
	for _, name := range []string{"artikel.db", "suche.idx", "manifest.json"} {
		if err := os.Truncate(filepath.Join(dir, m.ID, name), 100); err != nil {
			t.Fatal(err)
		}
		build(t, dir, 20261101, 100)
		if err := open(t, dir).Verify(m.ID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	onlyThere(t, dir, m.ID)
}

// Of two generations for the same day the one that was built later is valid: it corrects
// the other.
func TestKorrekturAmSelbenTag(t *testing.T) {
	for _, order := range [][]int{{100, 120}, {120, 100}} {
		dir := t.TempDir()
		var last catalogue.Manifest
		for i, n := range order {
			m := catalogue.Manifest{GueltigAb: 20261101, Gebaut: []string{"2026-10-30T08:00:00Z", "2026-10-30T09:00:00Z"}[i]}
			var err error
			if last, err = generation.Build(t.Context(), dir, m, muster.Quelle(muster.Options{Seed: 1, Artikel: n}), nil); err != nil {
				t.Fatal(err)
			}
		}
		if g, err := open(t, dir).Am(today); err != nil || g.Manifest().ID != last.ID {
			t.Errorf("%d articles: %v", order[1], err)
		}
	}
}

// The folder may be called anything: no sign of its name means something to SQLite or to
// the search for what broken builds have left.
func TestOrdnername(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "Daten [1] #2 %41", "katalog")
	stranger := filepath.Join(above, "Daten 1 #2 %41", "katalog", "bau-1")
	for _, d := range []string{stranger, filepath.Join(dir, "bau-1")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	right := build(t, dir, 20261101, 100)
	if err := generation.Remove(dir, build(t, dir, 20261115, 50).ID, today); err != nil {
		t.Error(err)
	}
	onlyThere(t, dir, right.ID)
	if _, err := os.Stat(stranger); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(above); err != nil || len(entries) != 2 {
		t.Errorf("%v %v", entries, err)
	}
	if _, err := open(t, dir).Am(today); err != nil {
		t.Error(err)
	}
}
