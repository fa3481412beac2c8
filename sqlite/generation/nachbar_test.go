package generation_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/sqlite/generation/removed"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

func takeIn(t *testing.T, dir, folder string) error {
	t.Helper()
	_, err := generation.TakeIn(t.Context(), dir, folder, func() error { return nil })
	return err
}

// What another machine of the pharmacy has built is taken in once its key is known, and never
// else; what was changed on the way is not, nor does it take the place of what is there.
func TestVonEinemNachbarn(t *testing.T) {
	theirs, _, id := laden(t)
	mine := katalog(t)
	old := build(t, mine, 20260901, 90).ID
	fetched := filepath.Join(t.TempDir(), "x")
	kopiere(t, filepath.Join(theirs, id), fetched)
	if f, _ := errors.AsType[*fault.Fault](takeIn(t, mine, fetched)); f == nil || f.Code != "A-642" {
		t.Errorf("of an unknown key: %v", f)
	}
	keys, err := signatur.LiesBund([]byte(vertrauen.Public(theirs)))
	if err == nil {
		err = vertrauen.VertraueBund(mine, keys)
	}
	if err != nil || vertrauen.Public(mine) == vertrauen.Public(theirs) {
		t.Fatal("the own key is one more", err)
	}
	for _, file := range []string{"artikel.db", "suche.idx"} {
		bad := filepath.Join(t.TempDir(), "x")
		kopiere(t, filepath.Join(theirs, id), bad)
		aendere(t, filepath.Join(bad, file), func(s string) string { return s[:len(s)-1] + string(s[len(s)-1]^1) })
		if err := takeIn(t, mine, bad); fault.KindOf(err) != fault.Corrupt {
			t.Errorf("%s was changed: %v", file, err)
		}
	}
	if err := os.WriteFile(filepath.Join(fetched, "bericht.txt"), []byte("geprüft"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := takeIn(t, mine, fetched); err != nil {
		t.Fatal(err)
	}
	o, err := generation.OpenOrdner(mine)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	text, held, err := o.Bericht(id)
	if err != nil || held || text != "geprüft" || o.Verify(id) != nil || o.Verify(old) != nil {
		t.Errorf("%q %v %v", text, held, err)
	}
}

// A key that was withdrawn – its file emptied – does not come back from a neighbour.
func TestEntzogenerSchluessel(t *testing.T) {
	theirs, _, _ := laden(t)
	mine, _, _ := laden(t)
	keys, err := signatur.LiesBund([]byte(vertrauen.Public(theirs)))
	if err == nil {
		err = vertrauen.VertraueBund(mine, keys)
	}
	if err != nil {
		t.Fatal(err)
	}
	with := vertrauen.Public(mine)
	files, err := filepath.Glob(filepath.Join(mine, vertrauen.Dir, "*.pub"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.WriteFile(files[0], []byte("# gilt hier nicht mehr\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	without := vertrauen.Public(mine)
	if err := vertrauen.VertraueBund(mine, keys); err != nil || vertrauen.Public(mine) != without || with == without {
		t.Errorf("%q, then %q, %v", with, vertrauen.Public(mine), err)
	}
}

// Removing a whole generation is noted for the other machines, reading it in again as well;
// removing a damaged one is not: it comes back whole.
func TestEntfernenWirdVermerkt(t *testing.T) {
	dir, old, id := laden(t)
	gone := func(id string) bool {
		z, err := removed.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		return z.Is(id)
	}
	if err := generation.Remove(dir, id, heute); err != nil || !gone(id) {
		t.Errorf("removed: %v, %v", gone(id), err)
	}
	if again := build(t, dir, 20261115, 110).ID; again != id || gone(id) {
		t.Errorf("read in again: %v", gone(id))
	}
	aendere(t, filepath.Join(dir, old, "manifest.json"), func(s string) string { return strings.Replace(s, "schluessel", "schlüssel", 1) })
	if err := generation.Remove(dir, old, heute); err != nil || gone(old) {
		t.Errorf("a damaged one: %v, %v", gone(old), err)
	}
}
