package merkzettel_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/app/merkzettel"
	"github.com/offizin/offizin/domain/tse"
)

// What was written down is there after a restart, also if the last line was cut off; the file does not
// grow for ever.
func TestZettel(t *testing.T) {
	name := filepath.Join(t.TempDir(), merkzettel.Datei)
	z := merkzettel.Open(name)
	for n := range uint64(4500) {
		if err := z.Merken("v", tse.Beginn{Transaktion: n, Seriennummer: "a"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Merken("w", tse.Beginn{Transaktion: 7, Seriennummer: "b"}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil || len(data) > 200_000 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	if err := os.WriteFile(name, append(data, `{"tse":"b","transak`...), 0o600); err != nil {
		t.Fatal(err)
	}
	z = merkzettel.Open(name)
	for _, c := range []struct {
		serie string
		nr    uint64
		want  string
	}{{"b", 7, "w"}, {"a", 4499, "v"}, {"a", 1, ""}, {"c", 7, ""}} {
		if got, ok := z.Vorgang(c.serie, c.nr); got != c.want || ok != (c.want != "") {
			t.Errorf("%s %d: %q", c.serie, c.nr, got)
		}
	}
	if err := os.WriteFile(name, []byte("\x00\x00{]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := merkzettel.Open(name).Vorgang("b", 7); ok {
		t.Error("known from a damaged file")
	}
	if _, ok := merkzettel.Open(filepath.Join(name, "none")).Vorgang("b", 7); ok {
		t.Error("known from no file")
	}
}
