package merkzettel_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/app/merkzettel"
)

// What was remembered is known after the next start; of another till, another TSE, or out of a damaged file
// nothing is, and then nobody can say.
func TestSpur(t *testing.T) {
	name := filepath.Join(t.TempDir(), merkzettel.SpurDatei)
	is := func(serie, tse string, nr uint64, known, begun bool) {
		t.Helper()
		if k, b := merkzettel.OpenSpur(name).Kennt(serie, tse, nr); k != known || b != begun {
			t.Errorf("%s at %s, %d: %v %v", serie, tse, nr, k, b)
		}
	}
	is("A", "t", 0, false, false)
	for nr := range uint64(30) {
		if err := merkzettel.OpenSpur(name).Merken("A", "t", nr); err != nil {
			t.Fatal(err)
		}
	}
	is("A", "t", 29, true, true)
	is("A", "t", 10, true, true)
	is("A", "t", 9, false, true) // long ago
	is("B", "t", 29, false, false)
	is("A", "u", 29, false, false)
	if err := merkzettel.OpenSpur(name).Merken("B", "t", 1); err != nil {
		t.Fatal(err)
	}
	is("A", "t", 29, false, false)
	is("B", "t", 1, true, true)
	if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	is("B", "t", 1, false, false)
}
