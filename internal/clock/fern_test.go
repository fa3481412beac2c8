package clock_test

import (
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// A machine that has known a time follows none that is more than 35 days before it: the clock of a new lead of March
// takes nobody there in November. A new machine knows none, and a lead that has led it ahead in steps leads it back.
func TestUneinsWeitZurueck(t *testing.T) {
	for _, c := range []struct {
		lead, want time.Duration
		verdacht   clock.Verdacht
	}{
		{-34 * day, -34 * day, clock.Uneins}, {-36 * day, 0, clock.Kein}, {-250 * day, 0, clock.Kein},
	} {
		for _, known := range []string{"kept", "newest record", "borne out", "confirmed"} {
			x := neu(t, noon, c.lead, 0)
			a, b := x.platz[0], x.platz[1]
			switch known {
			case "kept":
				b.g = clock.NewGuarded(b.uhr, b.g.Merk())
			case "newest record":
				b.g = clock.NewGuarded(b.uhr, clock.Merk{})
				b.g.AtLeast(noon.Add(-time.Hour))
				b.g.Now()
			case "borne out":
				a.uhr.Set(noon)
				x.weiter(time.Second)
				a.uhr.Set(x.wahr.Add(c.lead))
				a.g = clock.NewGuarded(a.uhr, clock.Merk{}) // another one
			case "confirmed":
				b.g.Confirm()
			}
			x.weiter(time.Second)
			x.geht(known, c.lead, c.want)
			if s := b.g.Stand(); s.Verdacht != c.verdacht {
				t.Errorf("%v %s: %+v", c.lead, known, s)
			}
		}
	}
	x := neu(t, noon, 0, 250*day)
	x.weiter(time.Second)
	x.geht("new", 0, 0)

	x = neu(t, noon, 0, -2*day)
	for _, d := range []time.Duration{20 * day, 40 * day, 0} {
		x.platz[0].uhr.Set(x.wahr.Add(d))
		x.platz[0].g.Confirm()
		x.weiter(time.Second)
		x.geht("in steps", d, d)
	}
}

// What a machine that starts alone cannot know: whether its slow clock was set right while it was off, or was off for as
// long. It adds the offset still, in doubt, until a person says otherwise or another machine answers.
func TestUneinsAlleinGestellt(t *testing.T) {
	for _, end := range []string{"confirmed", "heard"} {
		x := neu(t, noon, 0, -2*day)
		b := x.platz[1]
		x.weiter(time.Second)
		x.getrnt = true
		kept := b.g.Merk()
		b.uhr.Set(x.wahr)
		b.g = clock.NewGuarded(b.uhr, kept)
		x.geht("alone", 0, 2*day)
		if s := b.g.Stand(); s.Verdacht != clock.Uneins {
			t.Errorf("%+v", s)
		}
		if x.getrnt = end == "confirmed"; x.getrnt {
			b.g.Confirm()
		}
		x.weiter(time.Second)
		x.geht(end, 0, 0)
	}
}
