package platte_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/platte"
)

// Only what a killed Replace of that file has left is removed: no other file, no folder.
func TestReste(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"x.json", ".x.json-1", ".x.json-22", ".xy.json-1", "x.json-1", ".x.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".x.json-d"), 0o700); err != nil {
		t.Fatal(err)
	}
	platte.Reste(filepath.Join(dir, "x.json"))
	platte.Reste(filepath.Join(dir, "gibt es nicht", "x.json"))
	entries, err := os.ReadDir(dir)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if got := strings.Join(left, " "); err != nil || got != ".x.json .x.json-d .xy.json-1 x.json x.json-1" {
		t.Errorf("%s, %v", got, err)
	}
}
