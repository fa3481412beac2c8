package platte_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/platte"
)

func TestFrei(t *testing.T) {
	frei, gesamt, err := platte.Frei(t.TempDir())
	if err != nil || frei <= 0 || gesamt < frei {
		t.Errorf("%d of %d, %v", frei, gesamt, err)
	}
	if _, _, err := platte.Frei(filepath.Join(t.TempDir(), "gibt es nicht")); err == nil {
		t.Error("a missing folder must be said")
	}
}

func TestSchreibtest(t *testing.T) {
	dir := t.TempDir()
	if d, err := platte.Schreibtest(dir, clock.NewReal()); err != nil || d <= 0 {
		t.Errorf("%v, %v", d, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := platte.Schreibtest(filepath.Join(dir, "gibt es nicht"), clock.NewReal()); err == nil {
		t.Error("a missing folder must be said")
	}
}

// A file is replaced as a whole, or stays; nothing is left beside it.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "x.json")
	for _, text := range []string{"eins", "zwei"} {
		if err := platte.Replace(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(name); string(b) != text || err != nil {
			t.Errorf("%q, %v", b, err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := platte.Replace(filepath.Join(dir, "folder"), []byte("drei")); err == nil {
		t.Error("a folder was replaced")
	}
	if list, _ := os.ReadDir(dir); len(list) != 2 {
		t.Errorf("left behind: %v", list)
	}
}
