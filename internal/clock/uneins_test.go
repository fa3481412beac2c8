package clock_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/internal/clock"
)

// raum is the machines of a pharmacy that hear each other's clocks twice a second.
type raum struct {
	t      rapid.TB
	wahr   time.Time
	platz  []*platz
	getrnt bool // the network is cut: nobody hears anybody
}

type platz struct {
	rang int
	uhr  *clock.Manual
	g    *clock.Guarded
	aus  bool
	fuer bool // it leads
}

// neu are machines whose clocks are wrong by so much; the first one leads.
func neu(t rapid.TB, at time.Time, wrong ...time.Duration) *raum {
	x := &raum{t: t, wahr: at}
	for i, d := range wrong {
		m := clock.NewManual(at.Add(d))
		x.platz = append(x.platz, &platz{rang: i + 1, uhr: m, g: clock.NewGuarded(m, clock.Merk{}), fuer: i == 0})
	}
	return x
}

func (x *raum) weiter(d time.Duration) {
	x.wahr = x.wahr.Add(d)
	for _, p := range x.platz {
		p.uhr.Advance(d)
	}
	for range 3 { // who follows whom settles
		for _, p := range x.platz {
			if !p.aus {
				p.g.Vergleichen(p.meint(), x.andere(p))
			}
		}
	}
}

func (p *platz) meint() clock.Meinung {
	m := p.g.Meinung()
	m.Platz, m.Rang, m.Fuehrt = fmt.Sprint("platz-", p.rang), p.rang, p.fuer
	return m
}

func (x *raum) andere(p *platz) (list []clock.Meinung) {
	for _, o := range x.platz {
		if o != p && !o.aus && !x.getrnt {
			list = append(list, o.meint())
		}
	}
	return list
}

// neustart is a power cut of so long; the clock goes on.
func (x *raum) neustart(p *platz, d time.Duration) {
	m := p.g.Merk()
	p.aus = true
	x.weiter(d)
	p.aus, p.g = false, clock.NewGuarded(p.uhr, m)
}

// geht fails unless the time that counts on each machine is wrong by so much.
func (x *raum) geht(what string, want ...time.Duration) {
	if h, ok := x.t.(interface{ Helper() }); ok {
		h.Helper()
	}
	for i, p := range x.platz {
		if got := p.g.Now().Sub(x.wahr); !p.aus && (got-want[i]).Abs() > time.Minute {
			x.t.Errorf("%s: platz-%d is wrong by %v, want %v: %+v", what, i+1, got, want[i], p.g.Stand())
		}
	}
}

// Two machines: the time of the lead counts when they are more than five minutes apart, and a person is asked at the
// other one. What cannot be is not followed.
func TestUneinsZwei(t *testing.T) {
	const year = 365 * day
	for _, c := range []struct {
		lead, other, want time.Duration
		verdacht          clock.Verdacht
	}{
		{0, 0, 0, clock.Kein},
		{0, 5 * time.Minute, 5 * time.Minute, clock.Kein},
		{0, -5 * time.Minute, -5 * time.Minute, clock.Kein},
		{0, 5*time.Minute + time.Second, 0, clock.Uneins},
		{0, -5*time.Minute - time.Second, 0, clock.Uneins},
		{0, time.Hour, 0, clock.Uneins},
		{0, -time.Hour, 0, clock.Uneins},
		{0, 2 * day, 0, clock.Uneins},
		{0, -2 * day, 0, clock.Uneins},
		{0, 34 * day, 0, clock.Uneins},
		{0, 10 * year, 0, clock.Uneins},           // a new folder believes any later time, but not against the lead
		{0, -3 * year, 0, clock.Uneins},           // before this program was made
		{2 * day, 0, 2 * day, clock.Uneins},       // the lead is the wrong one: red, and a person decides
		{-2 * day, 0, -2 * day, clock.Uneins},     //
		{36 * day, 0, 0, clock.Kein},              // too far ahead to be followed
		{10 * year, 0, 0, clock.Kein},             //
		{-3 * year, 0, 0, clock.Kein},             // the lead does not believe itself
		{-3 * year, 2 * day, 2 * day, clock.Kein}, // and follows the other, right or wrong
	} {
		x := neu(t, noon, c.lead, c.other)
		lead := c.lead
		if lead == -3*year {
			lead = c.want
		}
		x.weiter(time.Second)
		x.geht(fmt.Sprintf("%+v", c), lead, c.want)
		if s := x.platz[1].g.Stand(); s.Verdacht != c.verdacht || s.Zweifelhaft() != (c.verdacht == clock.Uneins) {
			t.Errorf("%+v: %+v", c, s)
		}
	}
}

// Three machines: who stands alone is wrong, the lead too. If all differ the lead counts.
func TestUneinsDrei(t *testing.T) {
	const h, d = time.Hour, day
	for _, c := range []struct{ wrong, want [3]time.Duration }{
		{[3]time.Duration{0, 0, 2 * d}, [3]time.Duration{}},
		{[3]time.Duration{0, -h, 0}, [3]time.Duration{}},
		{[3]time.Duration{2 * d, 0, 0}, [3]time.Duration{}},
		{[3]time.Duration{-2 * d, 0, time.Minute}, [3]time.Duration{}},
		{[3]time.Duration{0, 2 * d, -3 * d}, [3]time.Duration{}},
		{[3]time.Duration{2 * d, 0, -h}, [3]time.Duration{2 * d, 2 * d, 2 * d}},
		{[3]time.Duration{0, 4 * time.Minute, 8 * time.Minute}, [3]time.Duration{0, 4 * time.Minute, 8 * time.Minute}},
		{[3]time.Duration{-20000 * d, 0, h}, [3]time.Duration{}}, // a dead battery has no say
		{[3]time.Duration{-20000 * d, -20000 * d, 0}, [3]time.Duration{}},
	} {
		x := neu(t, noon, c.wrong[:]...)
		for range 3 {
			x.weiter(time.Second)
		}
		x.geht(fmt.Sprint(c.wrong), c.want[:]...)
	}
}

// A wrong lead pulls one machine along until a third comes that agrees with it; and nobody changes his mind because
// another one leads.
func TestUneinsDritterKommt(t *testing.T) {
	x := neu(t, noon, 2*day, 0, 0)
	a, b, c := x.platz[0], x.platz[1], x.platz[2]
	c.aus = true
	x.weiter(time.Second)
	x.geht("two", 2*day, 2*day)
	a.aus, a.fuer, b.fuer = true, false, true
	x.weiter(day)
	x.geht("the lead is off", 0, 2*day)
	a.aus = false
	x.weiter(time.Second)
	x.geht("and back", 2*day, 2*day)
	c.aus = false
	x.weiter(time.Second)
	x.geht("three", 0, 0, 0)
	if s := b.g.Stand(); s.Verdacht != clock.Gewesen || !s.Bis.Equal(b.uhr.Now()) || s.Seit.Sub(noon).Round(time.Minute) != 2*day {
		t.Errorf("%+v", s)
	}
	a.fuer, b.fuer = true, false
	x.weiter(time.Minute)
	x.geht("the wrong one leads again", 0, 0, 0)
}

// A lead that changes changes no time: not if the new one goes by the clock of another, nor if as many agree with
// either side, nor if those that are left have different clocks.
func TestUneinsFuehrungWechselt(t *testing.T) {
	x := neu(t, noon, 0, 0, 2*day, 2*day)
	x.weiter(time.Second)
	x.geht("four", 0, 0, 0, 0)
	x.platz[0].fuer, x.platz[2].fuer = false, true
	x.weiter(time.Second)
	x.geht("one that follows leads", 0, 0, 0, 0)

	x = neu(t, noon, 0, 2*day, -3*day)
	x.weiter(time.Second)
	x.platz[0].aus, x.platz[1].fuer = true, true
	x.weiter(30 * time.Hour)
	x.geht("the one with the right clock is off", 0, 0, 0)
}

// What a person said was of the clock as it was: once the battery is dead the lead counts again.
func TestUneinsBestaetigtUndTot(t *testing.T) {
	x := neu(t, noon, 0, 2*day)
	x.weiter(time.Second)
	x.platz[1].g.Confirm()
	x.weiter(time.Second)
	x.geht("confirmed", 0, 2*day)
	x.platz[1].uhr.Set(time.Unix(0, 0))
	x.neustart(x.platz[1], time.Hour)
	x.weiter(time.Second)
	x.geht("dead", 0, 0)
}

// The lead of two was wrong, and is set right: it has been further already and doubts itself, but both clocks agree
// again. Only if all have been further a person must say so.
func TestUneinsFuehrungGestellt(t *testing.T) {
	for _, wrong := range []time.Duration{2 * day, time.Hour, -time.Hour, -2 * day} {
		x := neu(t, noon, wrong, 0)
		x.weiter(time.Hour)
		x.geht("wrong", wrong, wrong)
		x.platz[0].uhr.Set(x.wahr)
		x.weiter(time.Second)
		x.geht("set right", 0, 0)
	}
	x := neu(t, noon, 2*day, 2*day)
	x.weiter(time.Hour)
	for _, p := range x.platz {
		p.uhr.Set(x.wahr)
	}
	x.weiter(time.Second)
	x.geht("both set right", 2*day, 2*day)
	x.platz[1].g.Confirm()
	x.weiter(time.Second)
	x.geht("and one confirmed", 0, 0)
}

// A lead that is set right by minutes takes those along that follow it.
func TestUneinsGestellt(t *testing.T) {
	x := neu(t, noon, 4*time.Minute, 2*day)
	x.weiter(time.Second)
	x.platz[0].uhr.Set(x.wahr)
	x.weiter(time.Second)
	x.geht("set right", 0, 0)
}

// Nobody can be asked: the offset stays, by the monotonic clock and over a restart, until a person confirms.
func TestUneinsAllein(t *testing.T) {
	for _, wrong := range []time.Duration{2 * day, -2 * day, time.Hour, -time.Hour, 300 * day} {
		for _, end := range []string{"confirmed", "set right", "set right while it was off", "the battery died"} {
			x := neu(t, noon, 0, wrong)
			b := x.platz[1]
			x.weiter(time.Second)
			x.getrnt = true
			x.weiter(30 * time.Hour)
			x.neustart(b, 14*time.Hour)
			x.weiter(time.Minute)
			x.geht(fmt.Sprint(wrong, " restarted"), 0, 0)
			switch want := time.Duration(0); end {
			case "confirmed":
				b.g.Confirm()
				x.weiter(time.Minute)
				x.geht(end, 0, wrong)
				x.getrnt = false
				x.weiter(time.Hour)
				x.geht(end+" against the lead", 0, wrong)
				x.neustart(b, time.Hour)
				x.weiter(time.Hour)
				x.geht(end+" and restarted", 0, wrong)
				b.uhr.Set(x.wahr)
				if wrong > 0 {
					want = wrong // it has been there already: not believed by itself
				}
				x.getrnt = true
				x.weiter(time.Second)
				x.geht(end+" and then set right alone", 0, want)
				x.getrnt = false
				x.weiter(time.Second)
				x.geht(end+" and then set right", 0, 0)
				if b.g.Stand().Bestaetigt {
					t.Error("a confirmation outlives what it was about")
				}
			case "set right":
				b.uhr.Set(x.wahr.Add(3 * time.Minute))
				x.weiter(time.Second)
				if s := b.g.Stand(); s.Verdacht != clock.Gewesen || !s.Gilt.Equal(b.uhr.Now()) || !s.Hoechste.Equal(s.Gilt) {
					t.Errorf("%v %s: %+v", wrong, end, s)
				}
			case "set right while it was off":
				b.uhr.Set(x.wahr)
				x.neustart(b, time.Hour)
				x.getrnt = false
				x.weiter(time.Second)
				x.geht(end, 0, 0)
			case "the battery died":
				b.uhr.Set(time.Unix(0, 0))
				x.neustart(b, time.Hour)
				x.weiter(time.Second)
				x.geht(end, 0, -time.Hour) // as long as it was off
				x.getrnt = false
				x.weiter(time.Second)
				x.geht(end+", not alone", 0, 0)
			}
		}
	}
}

// A lead that is wrong leaves no trace on the other once it is set right, however often it jumped.
func TestUneinsVergiftetNichts(t *testing.T) {
	x := neu(t, noon, 0, 0)
	a, b := x.platz[0], x.platz[1]
	x.weiter(time.Minute)
	for _, d := range []time.Duration{2 * day, -2 * day, 30 * day, -time.Hour, 20 * day, 10 * 365 * day} {
		a.uhr.Set(x.wahr.Add(d))
		a.g.Confirm()
		x.weiter(time.Hour)
		if h := b.g.Merk().Hoechste; h.After(x.wahr) {
			t.Errorf("%v: highest time seen %v at %v", d, h, x.wahr)
		}
	}
	a.uhr.Set(x.wahr)
	a.g.Confirm()
	x.weiter(time.Second)
	x.geht("set right", 0, 0)
	m := b.g.Merk()
	if m.Hoechste.After(x.wahr) || m.Vorbild != (clock.Vorbild{}) || m.Verdacht != clock.Gewesen {
		t.Errorf("%+v", m)
	}
}

// Two that are about five minutes apart do not change their mind each second.
func TestUneinsFlattertNicht(t *testing.T) {
	x := neu(t, noon, 0, 5*time.Minute)
	a, b := x.platz[0], x.platz[1]
	changes := 0
	for i := range 600 {
		a.uhr.Set(x.wahr.Add(time.Duration(i%3-1) * time.Second))
		x.wahr = x.wahr.Add(time.Second)
		a.uhr.Advance(time.Second)
		b.uhr.Advance(time.Second)
		if b.g.Vergleichen(b.meint(), x.andere(b)) {
			changes++
		}
	}
	if changes != 1 {
		t.Errorf("%d changes", changes)
	}
}

// Through both nights of the change, and with a machine that takes civil time for UTC in one of them: it follows, and
// all civil days are those of the lead.
func TestUneinsUmstellung(t *testing.T) {
	for _, start := range []time.Time{
		time.Date(2027, 3, 27, 22, 0, 0, 0, time.UTC), time.Date(2027, 10, 30, 21, 0, 0, 0, time.UTC),
	} {
		x := neu(t, start, 0, 0, time.Hour)
		for range 6 * 60 {
			x.weiter(time.Minute)
			x.geht(x.wahr.String(), 0, 0, 0)
			for _, p := range x.platz {
				if clock.Today(p.g) != clock.DayOf(x.wahr) {
					t.Fatalf("%v: platz-%d has %v", x.wahr, p.rang, clock.Today(p.g))
				}
			}
		}
		if s := x.platz[0].g.Stand(); s.Verdacht != clock.Kein {
			t.Errorf("the lead: %+v", s)
		}
	}
}

// Whatever clocks, network and people do: two of three that go right and hear each other keep the true time, the third
// joins them when it hears both and no person has decided, and nobody's highest time is one that its own clock did not
// show.
func TestUneinsImmer(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		step := rapid.SampledFrom([]time.Duration{
			-day, -2 * time.Hour, -time.Hour, -6 * time.Minute, -time.Minute, time.Minute, 6 * time.Minute, time.Hour, day, 40 * day, 3653 * day,
		})
		x := neu(r, noon, 0, 0, rapid.SampledFrom([]time.Duration{0, day, -day, -20000 * day, 300 * day}).Draw(r, "wrong"))
		bad := x.platz[rapid.IntRange(0, 2).Draw(r, "bad")]
		bad.uhr.Set(x.platz[2].uhr.Now())
		if bad != x.platz[2] {
			x.platz[2].uhr.Set(x.wahr)
			x.platz[2].g.Confirm()
		}
		x.weiter(time.Second) // after a restart even a new machine is led back by 35 days at most
		top, decided := bad.uhr.Now(), false
		for range rapid.IntRange(1, 20).Draw(r, "events") {
			switch rapid.IntRange(0, 6).Draw(r, "event") {
			case 0:
				bad.uhr.Set(bad.uhr.Now().Add(step.Draw(r, "step")))
			case 1:
				x.getrnt = !x.getrnt
			case 2:
				x.neustart(bad, time.Hour)
			case 3:
				bad.g.Confirm()
				decided = true
			case 4:
				for i := range x.platz {
					x.platz[i].fuer = i == rapid.IntRange(0, 2).Draw(r, "lead")
				}
			default:
			}
			x.weiter(time.Minute)
			if at := bad.uhr.Now(); at.After(top) {
				top = at
			}
			for _, p := range x.platz {
				if off := p.g.Now().Sub(x.wahr).Abs(); p != bad && off > 0 {
					r.Fatalf("platz-%d goes right and is %v off: %+v", p.rang, off, p.g.Stand())
				}
				if h := p.g.Merk().Hoechste; h.After(x.wahr) && (p != bad || h.After(top.Add(25*time.Hour))) {
					r.Fatalf("platz-%d: highest time %v", p.rang, h)
				}
			}
			if off := bad.g.Now().Sub(x.wahr).Abs(); !decided && !x.getrnt && off > 5*time.Minute {
				r.Fatalf("the wrong one hears both and is %v off: %+v", off, bad.g.Stand())
			}
		}
	})
}

// However wrong all clocks were, whoever followed whom and whatever was confirmed: when all are set right and hear each
// other, all have the true time again, unless each of them doubts its own clock.
func TestUneinsEnde(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		wrong := rapid.SampledFrom([]time.Duration{0, 0, -2 * day, -day, -time.Hour, -4 * time.Minute, 4 * time.Minute, time.Hour, day, 2 * day, 60 * day, -20000 * day})
		x := neu(r, noon, rapid.SliceOfN(wrong, 2, 4).Draw(r, "wrong")...)
		for range rapid.IntRange(0, 15).Draw(r, "events") {
			i := rapid.IntRange(0, len(x.platz)-1).Draw(r, "machine")
			switch p := x.platz[i]; rapid.IntRange(0, 5).Draw(r, "event") {
			case 0:
				p.uhr.Set(x.wahr.Add(wrong.Draw(r, "by")))
			case 1:
				x.getrnt = !x.getrnt
			case 2:
				x.neustart(p, 10*time.Hour)
			case 3:
				p.g.Confirm()
			case 4:
				p.aus = !p.aus
			default:
				for j := range x.platz {
					x.platz[j].fuer = i == j
				}
			}
			x.weiter(time.Minute)
		}
		x.getrnt = false
		all := true
		for _, p := range x.platz {
			p.aus = false
			p.uhr.Set(x.wahr)
			all = all && p.g.Meinung().Zweifel
		}
		x.weiter(time.Second)
		x.weiter(time.Second)
		for i, p := range x.platz {
			if s := p.g.Stand(); !all && (!s.Gilt.Equal(x.wahr) || s.Zweifelhaft() || s.Bestaetigt) {
				r.Fatalf("platz-%d has %v at %v: %+v", i+1, s.Gilt, x.wahr, s)
			}
		}
	})
}
