package generation_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/sqlite/generation"
)

// zeilen are invented articles by rising PZN, of which some have a group, and one has a
// popularity beyond the range of the index.
func zeilen(t *testing.T, n int) (list []catalogue.Zeile) {
	t.Helper()
	for z, err := range muster.Quelle(muster.Options{Seed: 1, Artikel: n}).Artikel {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, z)
	}
	list[0].Beliebtheit = -3
	slices.SortFunc(list, func(a, b catalogue.Zeile) int {
		return strings.Compare(string(a.Artikel.PZN), string(b.Artikel.PZN))
	})
	return list
}

func ausZeilen(t *testing.T, list []catalogue.Zeile) (dir string, m catalogue.Manifest) {
	t.Helper()
	dir = t.TempDir()
	m, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20260101}, catalogue.QuelleAus(list, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

// The same articles are the same generation, in whatever order a source has them, and come
// out as they went in.
func TestReihenfolgeDerQuelle(t *testing.T) {
	sorted := zeilen(t, 3000)
	dir, want := ausZeilen(t, sorted)
	for seed := range uint64(2) {
		other := slices.Clone(sorted)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if _, m := ausZeilen(t, other); m.ID != want.ID || m.SHA256 != want.SHA256 {
			t.Errorf("in another order: %s, not %s", m.ID, want.ID)
		}
	}
	g, err := open(t, dir).Am(20260101)
	if err != nil {
		t.Fatal(err)
	}
	if got := walk(t, g); !slices.Equal(got, sorted) {
		t.Error("other articles came out than went in")
	}
	if left, _ := os.ReadDir(filepath.Join(dir, want.ID)); len(left) != 3 {
		t.Errorf("more than the files of a generation: %v", left)
	}
}

// Two rows of one PZN are refused however far apart they stand; the error of a source, and
// one of an article, end the build whatever is still on its way.
func TestFehlerDerQuelle(t *testing.T) {
	list := zeilen(t, 2000)
	broken := errors.New("broken source")
	double := append(slices.Clone(list), list[3])
	without := slices.Clone(list)
	without[700].Artikel = artikel.Artikel{PZN: "123"}
	for name, c := range map[string]struct {
		q    catalogue.Quelle
		code string
		err  error
	}{
		"double":  {q: catalogue.QuelleAus(double, nil), code: "A-413"},
		"no PZN":  {q: catalogue.QuelleAus(without, nil)},
		"no rows": {q: catalogue.QuelleAus(nil, nil), code: "A-412"},
		"broken": {err: broken, q: catalogue.Quelle{Artikel: func(yield func(catalogue.Zeile, error) bool) {
			for _, z := range list {
				if !yield(z, nil) {
					return
				}
			}
			yield(catalogue.Zeile{}, broken)
		}}},
	} {
		dir := t.TempDir()
		_, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20260101}, c.q, nil)
		if err == nil || code(err) != c.code || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 1 {
			t.Errorf("%s: left behind: %v", name, left)
		}
	}
}

// Progress rises to the number of articles, half while the source is read and half while
// the database is written; a build can be called off in both halves.
func TestFortschrittInZweiHaelften(t *testing.T) {
	list := zeilen(t, 6000)
	bau := func(ctx context.Context, progress func(int)) error {
		_, err := generation.Build(ctx, t.TempDir(), catalogue.Manifest{GueltigAb: 20260101},
			catalogue.QuelleAus(list, nil), progress)
		return err
	}
	var seen []int
	if err := bau(t.Context(), func(n int) { seen = append(seen, n) }); err != nil {
		t.Fatal(err)
	}
	if want := []int{500, 1000, 1500, 2000, 2500, 3000, 3000, 3500, 4000, 4500, 5000, 5500}; !slices.Equal(seen, want) {
		t.Errorf("%v", seen)
	}
	for _, at := range []int{1500, 4500} {
		ctx, cancel := context.WithCancel(t.Context())
		last := 0
		err := bau(ctx, func(n int) {
			if last = n; n == at {
				cancel()
			}
		})
		if cancel(); !errors.Is(err, context.Canceled) || last != at {
			t.Errorf("called off at %d: went on to %d, %v", at, last, err)
		}
	}
}
