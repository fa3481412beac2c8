package generation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
)

func build(t *testing.T, dir string, ab civil.Day, n int) catalogue.Manifest {
	t.Helper()
	return buildAt(t, dir, ab, n, "")
}

func buildAt(t *testing.T, dir string, ab civil.Day, n int, gebaut string) catalogue.Manifest {
	t.Helper()
	m, err := generation.Build(t.Context(), dir, catalogue.Manifest{Quelle: "Muster", GueltigAb: ab, Gebaut: gebaut},
		muster.Quelle(muster.Options{Seed: 1, Artikel: n}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func open(t *testing.T, dir string) *generation.Ordner {
	t.Helper()
	o, err := generation.OpenOrdner(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}

// A generation on disk answers every question as the same articles in memory do.
func TestWieImSpeicher(t *testing.T) {
	dir := t.TempDir()
	m := build(t, dir, 20260101, 2000)
	disk, err := open(t, dir).Am(20260101)
	if err != nil {
		t.Fatal(err)
	}
	want, err := memory.New(m, muster.Quelle(muster.Options{Seed: 1, Artikel: 2000}))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want.Manifest(), disk.Manifest()); d != "" {
		t.Error(d)
	}
	for _, q := range []string{"ibu 400", "ramipril 5 mg", "ibuprofne", "zzzzzz", "a", "20 st n1"} {
		a, b := hits(t, want, q), hits(t, disk, q)
		if d := cmp.Diff(a, b); d != "" {
			t.Errorf("search %q: %s", q, d)
		}
	}
	for _, n := range []int{-1, 0, 3, 2500} {
		a, err := want.Beliebteste(t.Context(), n)
		b, err2 := disk.Beliebteste(t.Context(), n)
		if d := cmp.Diff(a, b); d != "" || err != nil || err2 != nil || len(a) != max(0, min(n, 2000)) {
			t.Errorf("the first %d: %d, %v, %v, %s", n, len(a), err, err2, d)
		}
	}
	for _, b := range muster.Bekannt() {
		same(t, want, disk, b.Artikel.PZN)
	}
	if d := cmp.Diff(walk(t, want), walk(t, disk)); d != "" {
		t.Error(d)
	}
}

func walk(t *testing.T, g catalogue.Generation) []catalogue.Zeile {
	t.Helper()
	var list []catalogue.Zeile
	for z, err := range g.Alle(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, z)
	}
	return list
}

// A walk over all articles comes by rising PZN, may be left, and ends when nobody waits
// for it any more; the catalogue answers on.
func TestAlle(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, 20260101, 300)
	g, err := open(t, dir).Am(20260101)
	if err != nil {
		t.Fatal(err)
	}
	list := walk(t, g)
	rising := func(a, b catalogue.Zeile) int { return strings.Compare(string(a.Artikel.PZN), string(b.Artikel.PZN)) }
	if len(list) != 300 || !slices.IsSortedFunc(list, rising) {
		t.Errorf("%d articles", len(list))
	}
	for range 6 { // more often than there are readers
		for range g.Alle(t.Context()) {
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range g.Alle(ctx) {
		n++
		if cancel(); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if n != 2 {
		t.Errorf("%d rows of a walk that was called off after the first", n)
	}
	if _, ok, err := g.Artikel(t.Context(), list[0].Artikel.PZN); !ok || err != nil {
		t.Error(ok, err)
	}
}

func hits(t *testing.T, g catalogue.Generation, q string) []catalogue.Treffer {
	t.Helper()
	list, err := g.Suche(t.Context(), catalogue.Anfrage{Text: q})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

func same(t *testing.T, a, b catalogue.Generation, pzn kennung.PZN) {
	t.Helper()
	ctx := t.Context()
	x, okX, errX := a.Artikel(ctx, pzn)
	y, okY, errY := b.Artikel(ctx, pzn)
	if okX != okY || errors.Join(errX, errY) != nil || cmp.Diff(x, y) != "" {
		t.Errorf("%s: %v %v %v %s", pzn, okX, okY, errors.Join(errX, errY), cmp.Diff(x, y))
	}
	g1, err1 := a.Gleiche(ctx, pzn)
	g2, err2 := b.Gleiche(ctx, pzn)
	if d := cmp.Diff(g1, g2); d != "" || errors.Join(err1, err2) != nil {
		t.Errorf("%s: %v %s", pzn, errors.Join(err1, err2), d)
	}
	for _, v := range muster.IKs() {
		c1, _ := a.Vertrag(ctx, v.IK, pzn)
		c2, err := b.Vertrag(ctx, v.IK, pzn)
		if d := cmp.Diff(c1, c2); d != "" || err != nil {
			t.Errorf("contract of %s for %s: %v %s", v.IK, pzn, err, d)
		}
	}
}

// The civil day chooses the generation: the day before, the day, the day after.
func TestTagWaehlt(t *testing.T) {
	dir := t.TempDir()
	if _, err := open(t, dir).Am(20261123); code(err) != "A-103" {
		t.Errorf("an empty folder: %v", err)
	}
	first, second := build(t, dir, 20261101, 100), build(t, dir, 20261201, 120)
	o := open(t, dir)
	for day, want := range map[civil.Day]string{
		20251231: first.ID, 20261130: first.ID, 20261201: second.ID, 20261202: second.ID,
	} {
		g, err := o.Am(day)
		if err != nil || g.Manifest().ID != want {
			t.Errorf("%s: %v %v", day, g, err)
		}
	}
	if again := build(t, dir, 20261101, 100); again.ID != first.ID {
		t.Errorf("the same generation twice: %s and %s", again.ID, first.ID)
	}
	if list := o.Generationen(); len(list) != 2 || list[0].ID != second.ID {
		t.Errorf("%v", list)
	}
}

// A damaged generation is named, and the one before it goes on.
func TestBeschaedigt(t *testing.T) {
	dir := t.TempDir()
	first, second := build(t, dir, 20261101, 100), build(t, dir, 20261201, 100)
	for _, name := range []string{"suche.idx", "artikel.db"} {
		file := filepath.Join(dir, second.ID, name)
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, whole[:len(whole)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		o := open(t, dir)
		g, err := o.Am(20261215)
		if err != nil || g.Manifest().ID != first.ID || len(o.Stoerungen()) != 1 || code(o.Stoerungen()[0]) != "A-416" {
			t.Errorf("%s: %v %v %v", name, g, err, o.Stoerungen())
		}
		flipped := append([]byte(nil), whole...)
		flipped[len(flipped)/2] ^= 1
		if err := os.WriteFile(file, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := open(t, dir).Verify(second.ID); code(err) != "A-416" {
			t.Errorf("%s changed: %v", name, err)
		}
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := open(t, dir).Verify(second.ID); err != nil {
		t.Error(err)
	}
	if err := open(t, dir).Verify("2026-01-01-00000000"); code(err) != "A-418" {
		t.Error(err)
	}
}

// What breaks off leaves nothing that counts, and the next build clears it away.
func TestAbbruch(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := catalogue.Manifest{Quelle: "Muster", GueltigAb: 20261201}
	if _, err := generation.Build(ctx, dir, m, muster.Quelle(muster.Options{Seed: 1, Artikel: 3000}), nil); err == nil {
		t.Error("built although it was cancelled")
	}
	if err := os.Mkdir(filepath.Join(dir, "bau-1"), 0o700); err != nil { // of a program that was killed
		t.Fatal(err)
	}
	build(t, dir, 20261201, 100)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || entries[1].Name() != "bau.sperre" {
		t.Errorf("%v %v", entries, err)
	}
	empty := catalogue.QuelleAus(nil, nil)
	if _, err := generation.Build(t.Context(), dir, m, empty, nil); code(err) != "A-412" {
		t.Errorf("an empty source: %v", err)
	}
	a := muster.Bekannt()[0].Artikel
	twice := catalogue.QuelleAus([]catalogue.Zeile{{Artikel: a}, {Artikel: a}}, nil)
	if _, err := generation.Build(t.Context(), dir, m, twice, nil); code(err) != "A-413" {
		t.Errorf("a PZN twice: %v", err)
	}
	if _, err := generation.Build(t.Context(), dir, catalogue.Manifest{}, empty, nil); code(err) != "A-411" {
		t.Errorf("no day: %v", err)
	}
}

// Two imports at once: the second is refused and leaves the first alone.
func TestZweiZugleich(t *testing.T) {
	dir := t.TempDir()
	m := catalogue.Manifest{Quelle: "Muster", GueltigAb: 20261201}
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: 100})
	within := catalogue.Quelle{Artikel: func(yield func(catalogue.Zeile, error) bool) {
		if _, err := generation.Build(t.Context(), dir, m, q, nil); code(err) != "A-430" {
			t.Errorf("a second build while one runs: %v", err)
		}
		q.Artikel(yield)
	}}
	if _, err := generation.Build(t.Context(), dir, m, within, nil); err != nil {
		t.Error(err)
	}
	if _, err := generation.Build(t.Context(), dir, m, q, nil); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}

// Clearing up takes the lock of a build for some milliseconds, again and again at a bad time:
// a build that begins then is late, and never refused.
func TestBauBeimRaeumen(t *testing.T) {
	dir := t.TempDir()
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: 20})
	done := make(chan struct{})
	var clearing sync.WaitGroup
	clearing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			rest := os.WriteFile(filepath.Join(dir, "bau-rest"), nil, 0o600)
			if err := errors.Join(rest, generation.Raeume(dir)); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range 20 {
		m := catalogue.Manifest{Quelle: "Muster", GueltigAb: civil.Day(20261101 + i)}
		if _, err := generation.Build(t.Context(), dir, m, q, nil); err != nil {
			t.Error(err)
		}
	}
	close(done)
	clearing.Wait()
}

func BenchmarkArtikel(b *testing.B) {
	dir := b.TempDir()
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: 20_000})
	if _, err := generation.Build(b.Context(), dir, catalogue.Manifest{GueltigAb: 20260101}, q, nil); err != nil {
		b.Fatal(err)
	}
	o, err := generation.OpenOrdner(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	g, err := o.Am(20260101)
	if err != nil {
		b.Fatal(err)
	}
	list := muster.Bekannt()
	i := 0
	for b.Loop() {
		if _, ok, err := g.Artikel(b.Context(), list[i%len(list)].Artikel.PZN); err != nil || !ok {
			b.Fatal(ok, err)
		}
		i++
	}
}
