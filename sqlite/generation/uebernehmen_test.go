package generation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// A generation of another machine is taken in whole and with the signature that it has; what
// is refused leaves nothing, and the one before goes on.
func TestUebernehmen(t *testing.T) {
	hub := katalog(t)
	m, err := mitRoh(t, hub, 110, "roh")
	if err != nil {
		t.Fatal(err)
	}
	line, _, err := generation.Schluessel(hub)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code string
		vertraut   bool
		tun        func(folder string)
	}{
		{"as it is", "", true, func(string) {}},
		{"under another name", "", true, func(string) {}},
		{"a key that nobody trusts", "A-642", false, func(string) {}},
		{"not signed", "A-641", true, func(f string) { unsigniert(t, filepath.Dir(f), filepath.Base(f)) }},
		{"altered", "A-643", true, func(f string) {
			aendere(t, filepath.Join(f, "manifest.json"), func(s string) string { return strings.Replace(s, "110", "111", 1) })
		}},
		{"cut off on the way", "A-416", true, func(f string) {
			if err := os.Truncate(filepath.Join(f, "artikel.db"), 9000); err != nil {
				t.Fatal(err)
			}
		}},
		{"other articles", "A-416", true, func(f string) {
			aendere(t, filepath.Join(f, "artikel.db"), func(s string) string { return strings.Replace(s, `"avp":1`, `"avp":2`, 1) })
		}},
		{"a file is missing", "A-416", true, func(f string) {
			if err := os.Remove(filepath.Join(f, "suche.idx")); err != nil {
				t.Fatal(err)
			}
		}},
		{"other raw data", "A-416", true, func(f string) {
			aendere(t, filepath.Join(f, "quelle.k2"), strings.ToUpper)
		}},
		{"no manifest", "A-416", true, func(f string) {
			if err := os.WriteFile(filepath.Join(f, "manifest.json"), []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		dir := katalog(t)
		old := build(t, dir, 20261001, 100).ID
		if c.vertraut {
			if _, err := vertrauen.Vertraue(dir, []byte(line)); err != nil {
				t.Fatal(err)
			}
		}
		till := open(t, dir)
		stick := filepath.Join(t.TempDir(), m.ID)
		kopiere(t, filepath.Join(hub, m.ID), stick)
		if c.tun(stick); c.name == "under another name" {
			if err := os.Rename(stick, stick+" (2)"); err != nil {
				t.Fatal(err)
			}
			stick += " (2)"
		}
		got, err := generation.Uebernehmen(t.Context(), dir, stick)
		want := old
		if c.code == "" {
			want = m.ID
		}
		if code(err) != c.code || c.code == "" && got != m || !generation.Ist(stick) {
			t.Errorf("%s: %v, %+v", c.name, err, got)
		}
		gilt(t, till, want)
		if left, _ := filepath.Glob(filepath.Join(dir, "bau-*")); len(left) > 0 || len(till.Generationen()) != map[bool]int{true: 2, false: 1}[c.code == ""] {
			t.Errorf("%s: left behind: %v, %v", c.name, left, till.Generationen())
		}
		if c.code == "" && basis(t, dir) != "roh" {
			t.Errorf("%s: the raw data are not there", c.name)
		}
	}
}

// Where nothing was ever built, a folder from outside is not adopted as what was there is.
func TestUebernehmenAlsErstes(t *testing.T) {
	hub, _, neu := laden(t)
	unsigniert(t, hub, neu)
	dir := katalog(t)
	if _, err := generation.ManifestOf(dir, filepath.Join(hub, neu)); code(err) != "A-641" {
		t.Errorf("%v", err)
	}
	if _, err := generation.Uebernehmen(t.Context(), dir, filepath.Join(hub, neu)); code(err) != "A-641" {
		t.Errorf("%v", err)
	}
	if o := open(t, dir); len(o.Generationen()) != 0 {
		t.Errorf("%v", o.Generationen())
	}
}

// It passes the gate as what was built here does.
func TestUebernehmenGeprueft(t *testing.T) {
	hub, _, neu := laden(t)
	line, _, err := generation.Schluessel(hub)
	if err != nil {
		t.Fatal(err)
	}
	dir := katalog(t)
	old := build(t, dir, 20261001, 100).ID
	if _, err := vertrauen.Vertraue(dir, []byte(line)); err != nil {
		t.Fatal(err)
	}
	_, err = generation.Uebernehmen(t.Context(), dir, filepath.Join(hub, neu), generation.Geprueft(
		func(_ context.Context, g *generation.Generation) (generation.Urteil, error) {
			return generation.Urteil{Bericht: g.Manifest().ID, Hindert: true}, nil
		}))
	if !errors.Is(err, generation.ErrQuarantaene) {
		t.Errorf("%v", err)
	}
	gilt(t, open(t, dir), old)
	if _, err := generation.Activate(dir, neu, heute, vermerk); err != nil {
		t.Errorf("released: %v", err)
	}
	gilt(t, open(t, dir), neu)
}
