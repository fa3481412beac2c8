package generation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/sqlite/generation"
)

// geprueft builds with a check that says hold or pass; it returns the error of Build.
func geprueft(t *testing.T, dir string, ab civil.Day, n int, u generation.Urteil, look func(*generation.Generation)) (catalogue.Manifest, error) {
	t.Helper()
	return generation.Build(t.Context(), dir, catalogue.Manifest{Quelle: "Muster", GueltigAb: ab},
		muster.Quelle(muster.Options{Seed: 1, Artikel: n}), nil,
		generation.Geprueft(func(_ context.Context, neu *generation.Generation) (generation.Urteil, error) {
			if look != nil {
				look(neu)
			}
			return u, nil
		}))
}

// While the gate looks at it, and when it has held it, a generation is not there: neither
// for a program that runs beside the build nor for the next that starts.
func TestQuarantaene(t *testing.T) {
	dir := t.TempDir()
	old := build(t, dir, 20261101, 100)
	till := open(t, dir)
	m, err := geprueft(t, dir, 20261115, 110, generation.Urteil{Bericht: "schlecht\n", Hindert: true}, func(neu *generation.Generation) {
		g, err := till.Am(20261120)
		if err != nil || g.Manifest().ID != old.ID || neu.Manifest().Artikel != 110 {
			t.Errorf("during the check: %v", err)
		}
	})
	if !errors.Is(err, generation.ErrQuarantaene) || code(err) != "A-621" {
		t.Fatalf("%v", err)
	}
	for _, o := range []*generation.Ordner{till, open(t, dir)} {
		g, err := o.Am(20261120)
		if err != nil || g.Manifest().ID != old.ID || len(o.Generationen()) != 1 || len(o.Stoerungen()) != 0 {
			t.Errorf("%v, %v, %v", err, o.Generationen(), o.Stoerungen())
		}
		if list := o.Quarantaene(); len(list) != 1 || list[0].ID != m.ID || list[0].Artikel != 110 {
			t.Errorf("%v", list)
		}
		if text, held, err := o.Bericht(m.ID); text != "schlecht\n" || !held || err != nil {
			t.Errorf("%q, %v, %v", text, held, err)
		}
	}
	// Once more is the same folder with the new report; let pass, it is there and no longer held.
	if _, err := geprueft(t, dir, 20261115, 110, generation.Urteil{Bericht: "noch\n", Hindert: true}, nil); code(err) != "A-621" {
		t.Errorf("%v", err)
	}
	if _, err := geprueft(t, dir, 20261115, 110, generation.Urteil{Bericht: "gut\n"}, nil); err != nil {
		t.Error(err)
	}
	if g, err := till.Am(20261120); err != nil || g.Manifest().ID != m.ID || len(till.Quarantaene()) != 0 {
		t.Errorf("%v, %v", err, till.Quarantaene())
	}
	if text, held, err := till.Bericht(m.ID); text != "gut\n" || held || err != nil {
		t.Errorf("%q, %v, %v", text, held, err)
	}
	if _, _, err := till.Bericht(old.ID); code(err) != "A-622" {
		t.Errorf("%v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "bau-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What is there already is not asked about again, and is not taken away.
func TestSchonDa(t *testing.T) {
	dir := t.TempDir()
	m := build(t, dir, 20261101, 100)
	_, err := geprueft(t, dir, 20261101, 100, generation.Urteil{Hindert: true}, func(*generation.Generation) { t.Error("asked") })
	if _, statErr := os.Stat(filepath.Join(dir, m.ID)); err != nil || statErr != nil {
		t.Errorf("%v, %v", err, statErr)
	}
}

// A check that cannot be finished leaves nothing.
func TestPruefungBricht(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("disk")
	_, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20261101},
		muster.Quelle(muster.Options{Seed: 1, Artikel: 100}), nil,
		generation.Geprueft(func(context.Context, *generation.Generation) (generation.Urteil, error) {
			return generation.Urteil{}, broken
		}))
	left, _ := filepath.Glob(filepath.Join(dir, "*2026*"))
	if more, _ := filepath.Glob(filepath.Join(dir, "bau-*")); !errors.Is(err, broken) || len(left)+len(more) != 0 {
		t.Errorf("%v, %v, %v", err, left, more)
	}
}

// What is held can be removed.
func TestQuarantaeneEntfernt(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, 20261101, 100)
	m, _ := geprueft(t, dir, 20261115, 110, generation.Urteil{Hindert: true}, nil)
	if err := generation.Remove(dir, m.ID, 20261120); err != nil {
		t.Error(err)
	}
	if o := open(t, dir); len(o.Quarantaene()) != 0 || len(o.Generationen()) != 1 {
		t.Errorf("%v, %v", o.Quarantaene(), o.Generationen())
	}
}

// Each article of the new generation once, in order of PZN, beside the same of the old one.
func TestPaare(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, 20261101, 200)
	alt, err := open(t, dir).Am(20261101)
	if err != nil {
		t.Fatal(err)
	}
	same, changed, fresh, last := 0, 0, 0, ""
	check := func(neu *generation.Generation) {
		before, _ := alt.(*generation.Generation)
		for p, err := range generation.Paare(t.Context(), neu, before) {
			if err != nil {
				t.Fatal(err)
			}
			if string(p.Neu.PZN) <= last {
				t.Errorf("%s after %s", p.Neu.PZN, last)
			}
			last = string(p.Neu.PZN)
			pruefePaar(t, alt, neu, p)
			switch {
			case p.Gleich:
				same++
			case p.Bekannt:
				changed++
			default:
				fresh++
			}
		}
		for p, err := range generation.Paare(t.Context(), neu, nil) {
			if err != nil || p.Bekannt {
				t.Fatalf("without a generation before: %+v, %v", p, err)
			}
		}
	}
	_, err = generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20261115},
		muster.Quelle(muster.Options{Seed: 1, Artikel: 300, Ausgabe: 1}), nil,
		generation.Geprueft(func(_ context.Context, neu *generation.Generation) (generation.Urteil, error) {
			check(neu)
			return generation.Urteil{}, nil
		}))
	if err != nil || same+changed+fresh != 300 || same == 0 || changed == 0 || fresh == 0 {
		t.Errorf("%v: %d the same, %d changed, %d new", err, same, changed, fresh)
	}
}

func pruefePaar(t *testing.T, alt, neu catalogue.Generation, p gate.Paar) {
	t.Helper()
	old, was, err := alt.Artikel(t.Context(), p.Neu.PZN)
	now, is, err2 := neu.Artikel(t.Context(), p.Neu.PZN)
	switch {
	case err != nil || err2 != nil || !is || was != p.Bekannt || p.Gleich != (was && old == now):
		t.Errorf("%s: %+v, %v, %v", p.Neu.PZN, p, err, err2)
	case !p.Gleich && p.Neu != now, p.Bekannt && !p.Gleich && p.Alt != old:
		t.Errorf("%s: %+v", p.Neu.PZN, p)
	}
}
