package removed_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/sqlite/generation/removed"
)

// ordner is the folder of the generations of a machine of its own.
func ordner(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "katalog")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func lies(tb rapid.TB, dir string) removed.Counts {
	tb.Helper()
	z, err := removed.Read(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

// Three machines remove, read in, and hear of each other in any order: once all have heard of
// all, they say the same, and what was done last by somebody who knew of the rest is so.
func TestAlleSagenDasselbe(t *testing.T) {
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		var dirs [3]string
		for i := range dirs {
			n++
			dirs[i] = filepath.Join(t.TempDir(), fmt.Sprint(n), "katalog")
			if err := os.MkdirAll(dirs[i], 0o700); err != nil {
				r.Fatal(err)
			}
		}
		hear := func(a, b string) {
			if _, err := removed.Merge(a, lies(r, b)); err != nil {
				r.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 5).Draw(r, "steps") {
			dir := dirs[rapid.IntRange(0, 2).Draw(r, "machine")]
			if other := dirs[rapid.IntRange(0, 2).Draw(r, "other")]; other != dir {
				hear(dir, other)
				continue
			}
			id := rapid.SampledFrom([]string{"2026-11-15-00000000", "2026-12-01-11111111"}).Draw(r, "id")
			if err := removed.Note(dir, id, rapid.Bool().Draw(r, "removed")); err != nil {
				r.Fatal(err)
			}
		}
		for range 2 {
			for i := range dirs {
				hear(dirs[i], dirs[(i+1)%3])
			}
		}
		last := rapid.Bool().Draw(r, "last")
		if err := removed.Note(dirs[0], "2026-12-01-11111111", last); err != nil {
			r.Fatal(err)
		}
		for range 2 {
			for i := range dirs {
				hear(dirs[i], dirs[(i+2)%3])
				hear(dirs[i], dirs[(i+1)%3])
			}
		}
		for _, dir := range dirs {
			if z := lies(r, dir); !maps.Equal(z, lies(r, dirs[0])) || z.Is("2026-12-01-11111111") != last {
				r.Fatalf("%v, %v, want removed %v", z, lies(r, dirs[0]), last)
			}
		}
	})
}

// A machine where nothing was ever removed has no file; one that makes no sense counts as none.
func TestOhneDatei(t *testing.T) {
	dir := ordner(t)
	if err := removed.Note(dir, "2026-11-15-00000000", false); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(filepath.Dir(dir), removed.File)
	if _, err := os.Stat(name); err == nil {
		t.Error("a file for nothing")
	}
	if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := removed.Note(dir, "2026-11-15-00000000", true); err != nil || !lies(t, dir).Is("2026-11-15-00000000") {
		t.Errorf("%v %v", lies(t, dir), err)
	}
}
