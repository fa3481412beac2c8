package generation_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/sqlite/generation"
)

// roh keeps a text as the raw data of a source.
func roh(text string) catalogue.Rohdaten {
	return func(w io.Writer) (func() error, error) {
		_, err := io.WriteString(w, text)
		return func() error { return nil }, err
	}
}

func artikelVon(list iter.Seq2[catalogue.Zeile, error]) iter.Seq2[artikel.Artikel, error] {
	return func(yield func(artikel.Artikel, error) bool) {
		for z, err := range list {
			if !yield(z.Artikel, err) {
				return
			}
		}
	}
}

// A generation that was made of another one and what changes answers as one that was built
// as a whole; a build that is broken off leaves nothing, and damage is not passed on.
func TestFortschreiben(t *testing.T) {
	dir := t.TempDir()
	first, second := civil.Must(2026, 11, 15), civil.Must(2026, 12, 1)
	old, now := muster.Quelle(muster.Options{Artikel: 1500}), muster.Quelle(muster.Options{Artikel: 1600, Ausgabe: 1})
	old.Rohdaten = roh("first")
	if _, err := generation.OpenBasis(filepath.Join(dir, "none"), first); err == nil || !strings.Contains(err.Error(), "A-455") {
		t.Errorf("%v", err)
	}
	m1, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: first}, old, nil)
	if err != nil {
		t.Fatal(err)
	}
	basis, err := generation.OpenBasis(dir, first)
	if err != nil {
		t.Fatal(err)
	}
	defer basis.Close()
	if b, err := io.ReadAll(basis.Rohdaten); string(b) != "first" || err != nil || basis.Bytes != 5 || basis.Artikel() != 1500 {
		t.Errorf("%q, %d, %d, %v", b, basis.Bytes, basis.Artikel(), err)
	}
	gone := kennung.PZN("")
	for z := range old.Artikel {
		gone = z.Artikel.PZN // the last
	}
	a := catalogue.Aenderungen{
		Artikel: func(yield func(artikel.Artikel, error) bool) {
			for x, err := range artikelVon(now.Artikel) {
				if x.PZN != gone && !yield(x, err) {
					return
				}
			}
		},
		Entfallen: []kennung.PZN{gone, "27580899"}, Vertraege: now.Vertraege, Rohdaten: roh("second"),
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := generation.Fortschreiben(ctx, dir, basis, catalogue.Manifest{GueltigAb: second}, a, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if list, err := filepath.Glob(filepath.Join(dir, "bau-*/*")); len(list) > 0 || err != nil {
		t.Errorf("%v, %v", list, err)
	}
	m2, err := generation.Fortschreiben(t.Context(), dir, basis, catalogue.Manifest{GueltigAb: second}, a, nil)
	if err != nil || m2.Artikel != 1599 {
		t.Fatalf("%+v, %v", m2, err)
	}

	whole := t.TempDir()
	if _, err := generation.Build(t.Context(), whole, catalogue.Manifest{GueltigAb: second}, now, nil); err != nil {
		t.Fatal(err)
	}
	g, w := oeffneAm(t, dir, second), oeffneAm(t, whole, second)
	for z := range now.Artikel {
		x, ok, err := g.Artikel(t.Context(), z.Artikel.PZN)
		if err != nil || ok != (x.PZN != gone && z.Artikel.PZN != gone) || ok && x != z.Artikel {
			t.Fatalf("got  %+v, %v, %v\nwant %+v", x, ok, err, z.Artikel)
		}
	}
	for v, err := range now.Vertraege {
		got, err2 := g.Vertrag(t.Context(), v.IK, v.PZN)
		if errors.Join(err, err2) != nil || got == nil || *got != v.Vertrag {
			t.Fatalf("%+v: %+v, %v", v, got, errors.Join(err, err2))
		}
	}
	for _, text := range []string{"ibu 400 20", "nordhaus", "metformin 1000", "ibuporfen", "1701"} {
		one, err1 := g.Suche(t.Context(), catalogue.Anfrage{Text: text, Limit: 200})
		two, err2 := w.Suche(t.Context(), catalogue.Anfrage{Text: text, Limit: 200})
		if errors.Join(err1, err2) != nil || len(one) == 0 || len(one) < len(two)-1 || len(one) > len(two) {
			t.Errorf("%s: %d hits, want %d; %v", text, len(one), len(two), errors.Join(err1, err2))
		}
	}

	name := filepath.Join(dir, m1.ID, "artikel.db")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := generation.Fortschreiben(t.Context(), dir, basis, catalogue.Manifest{GueltigAb: second}, a, nil); err == nil ||
		!strings.Contains(err.Error(), "A-416") {
		t.Errorf("the base is damaged: %v", err)
	}
}

func oeffneAm(t *testing.T, dir string, day civil.Day) catalogue.Generation {
	t.Helper()
	g, err := open(t, dir).Am(day)
	if err != nil {
		t.Fatal(err)
	}
	return g
}
