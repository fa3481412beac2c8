package generation_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/sqlite/generation"
)

// mitRoh builds a generation of the 15th from a source that keeps its raw data; a text of none
// keeps none.
func mitRoh(t *testing.T, dir string, n int, text string, mit ...generation.Option) (catalogue.Manifest, error) {
	t.Helper()
	q := quelle(n)
	if text != "" {
		q.Rohdaten = roh(text)
	}
	return generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20261115, Gebaut: "2026-11-01T0" + text + "Z"}, q, nil, mit...)
}

func basis(t *testing.T, dir string) string {
	t.Helper()
	b, err := generation.OpenBasis(dir, 20261115)
	if err != nil {
		return code(err)
	}
	defer b.Close()
	text, err := io.ReadAll(b.Rohdaten)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Changes are refused on a generation that a person has taken out, and on one that the gate
// holds: whatever was wrong with it would be in the next one, too. Of two for one day the
// one that holds is the base.
func TestBasisZurueckgenommen(t *testing.T) {
	dir := katalog(t)
	build(t, dir, 20261001, 100)
	m, err := mitRoh(t, dir, 110, "erste")
	if err != nil || basis(t, dir) != "erste" {
		t.Fatal(err)
	}
	if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if got := basis(t, dir); got != "A-650" {
		t.Errorf("taken out: %s", got)
	}
	if _, err := mitRoh(t, dir, 111, "zweite"); err != nil {
		t.Fatal(err)
	}
	if got := basis(t, dir); got != "zweite" {
		t.Errorf("the other one holds: %s", got)
	}
	if _, err := generation.Activate(dir, m.ID, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if got := basis(t, dir); got != "erste" {
		t.Errorf("chosen again: %s", got)
	}
}

func TestBasisInQuarantaene(t *testing.T) {
	dir := katalog(t)
	old := build(t, dir, 20261001, 100)
	m, err := mitRoh(t, dir, 110, "erste", generation.Geprueft(
		func(context.Context, *generation.Generation) (generation.Urteil, error) {
			return generation.Urteil{Bericht: "x\n", Hindert: true}, nil
		}))
	if code(err) != "A-621" {
		t.Fatal(err)
	}
	if got := basis(t, dir); got != "A-651" {
		t.Errorf("in quarantine: %s", got)
	}
	gilt(t, open(t, dir), old.ID)
	if _, err := generation.Activate(dir, m.ID, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if got := basis(t, dir); got != "erste" {
		t.Errorf("released: %s", got)
	}
}

// The same generation built again from a source that keeps its raw data gets them, and stays
// for the rest what it was; a kill between file and manifest means nothing.
func TestRohdatenNachgereicht(t *testing.T) {
	dir := katalog(t)
	m, err := mitRoh(t, dir, 110, "")
	if err != nil || basis(t, dir) != "A-455" {
		t.Fatal(err)
	}
	stray := filepath.Join(dir, m.ID, "quelle.k2")
	for _, name := range []string{stray, filepath.Join(dir, m.ID, ".manifest.json-12")} {
		if err := os.WriteFile(name, []byte("halb"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	till := open(t, dir)
	gilt(t, till, m.ID)
	if got := basis(t, dir); got != "A-455" {
		t.Errorf("a file that no manifest names: %s", got)
	}
	for _, text := range []string{"ganz", "spaeter"} { // what is there stays
		again, err := mitRoh(t, dir, 110, text)
		if err != nil || again.ID != m.ID || basis(t, dir) != "ganz" {
			t.Errorf("%s: %v, %s", text, err, basis(t, dir))
		}
	}
	o := open(t, dir)
	if list := o.Generationen(); len(list) != 1 || list[0] != m {
		t.Errorf("%+v, want %+v", list, m)
	}
	if err := o.Verify(m.ID); err != nil {
		t.Error(err)
	}
	gilt(t, till, m.ID)
	entries, err := os.ReadDir(filepath.Join(dir, m.ID))
	if err != nil || len(entries) != 4 {
		t.Errorf("%v, %v", entries, err)
	}
}

// What a killed choice has left beside the selection goes with the next one.
func TestResteDerAuswahl(t *testing.T) {
	dir, _, _ := laden(t)
	left := filepath.Join(dir, ".auswahl.json-4711")
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("it is still there")
	}
}

// Of a generation with a list laid on, the day of its delivery counts, not the day of the list.
func TestBasisMitListeZurueckgenommen(t *testing.T) {
	dir := katalog(t)
	build(t, dir, 20261001, 100)
	q := quelle(110)
	q.Rohdaten = roh("mit Liste")
	m := catalogue.Manifest{GueltigAb: 20261120, Stand: 20261115, Gebaut: "2026-11-01T00:00Z"}
	if _, err := generation.Build(t.Context(), dir, m, q, nil); err != nil || basis(t, dir) != "mit Liste" {
		t.Fatal(err)
	}
	if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if got := basis(t, dir); got != "A-650" {
		t.Errorf("taken out: %s", got)
	}
}
