package verkauf_test

import (
	"testing"

	"github.com/offizin/offizin/workflow/verkauf"
)

// BenchmarkBezahlen is the paying of a cart of three lines, one on a prescription,
// without disk.
func BenchmarkBezahlen(b *testing.B) {
	x := neu(b, mittags)
	for b.Loop() {
		b.StopTimer()
		id := x.beginne()
		r := x.nimm(id, x.muster(ramipril))
		x.auf(id, ramipril, r, 0)
		x.scan(id, ibu)
		x.scan(id, bonbon)
		z := x.genau(id)
		b.StartTimer()
		if _, err := x.Bezahlen(x.ctx, x.a(), id, z); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScan is one scan into a cart, with the view that follows.
func BenchmarkScan(b *testing.B) {
	x := neu(b, mittags)
	id := x.beginne()
	n := 0
	for b.Loop() {
		if n++; n%200 == 0 {
			id = x.beginne()
		}
		if _, _, err := x.Scan(x.ctx, x.a(), id, string(ibu)); err != nil {
			b.Fatal(err)
		}
	}
}

// The work of a sale does not grow with what was sold before, nor with the carts that
// lie about.
func TestVerkaufWaechstNicht(t *testing.T) {
	x := neu(t, mittags)
	for range 50 {
		id := x.beginne()
		x.scan(id, ibu)
	}
	one := func() float64 {
		id := x.beginne()
		x.scan(id, ibu)
		return testing.AllocsPerRun(1, func() {
			if v, err := x.Aktuell(x.ctx); err != nil || v.Vorgang.ID != id {
				t.Fatal(v.Vorgang.ID, err)
			}
		})
	}
	before := one()
	for range 300 {
		id := x.beginne()
		x.scan(id, ibu)
		if _, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 398}); err != nil {
			t.Fatal(err)
		}
	}
	if after := one(); after > before*2 {
		t.Errorf("%v allocations for the current cart, then %v", before, after)
	}
}
