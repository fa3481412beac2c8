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
