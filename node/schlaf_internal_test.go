package node

import (
	"fmt"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/node/rang"
)

// schlaefer is the last of some machines. What the others answer is put in; their clocks are right.
type schlaefer struct {
	*testing.T
	*Knoten
	uhr *clock.Manual
}

func neuerSchlaefer(t *testing.T, others int) *schlaefer {
	uhr := clock.NewManual(time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC))
	k := New(optionen(t, uhr, rang.Name{Rang: 9, Platz: "platz-9"}))
	t.Cleanup(k.stopAll)
	for i := range others {
		m := Mitglied{Name: rang.Name{Rang: i + 1, Platz: fmt.Sprint("platz-", i+1)}}
		k.sights[m.Platz] = &sight{
			Mitglied: m, http: k.client(m.Platz), stop: func() {}, answered: rang.Never, since: rang.Never, equal: rang.Never,
		}
	}
	return &schlaefer{T: t, Knoten: k, uhr: uhr}
}

// antworten lets all others say that their clocks show zeit.
func (x *schlaefer) antworten(asked moment, zeit time.Time) {
	for _, s := range x.sights {
		s.heard(wer{Platz: s.Platz, Rang: s.Rang, Fuehrt: s.Rang == 1, Rechner: zeit.UnixNano()}, asked, x.uhr.Mono())
	}
}

func (x *schlaefer) geht(what string) {
	x.Helper()
	x.order(x.Context())
	if s := x.opt.Clock.(*clock.Guarded).Stand(); s.Vorbild.Von != "" || !s.Gilt.Equal(x.uhr.Now()) {
		x.Errorf("%s: %+v", what, s)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.sights {
		if a := x.other(s, x.uhr.Mono()); a.Skew > 5 || a.Skew < -5 {
			x.Errorf("%s: %s is said to be %v s ahead", what, a.Platz, a.Skew)
		}
	}
}

// Suspended in the evening, woken in the morning: the monotonic clock stood still, so the last answers of the others
// seem to be of just now. They must not take this machine back to the evening; if they are off now nobody would correct
// it. That holds, too, for an answer that waited for it while it slept, and for two of three that would outvote it.
func TestSchlaf(t *testing.T) {
	for others := 1; others <= 2; others++ {
		for _, night := range []time.Duration{time.Hour, 12 * time.Hour, 60 * time.Hour} {
			x := neuerSchlaefer(t, others)
			x.antworten(x.moment(), x.uhr.Now())
			x.uhr.Advance(300 * time.Millisecond)
			x.geht("evening")
			asked, evening := x.moment(), x.uhr.Now()
			x.uhr.Set(evening.Add(night))
			x.geht("woken")
			x.antworten(asked, evening)
			x.geht("an answer of the evening")
			x.uhr.Advance(rang.Lost)
			x.geht("the others are off")
			x.antworten(x.moment(), x.uhr.Now())
			x.geht("they answer again")
		}
	}
}

// A clock that goes wrong is still found with the next answers, and one that is corrected by a second loses none.
func TestSchlafNichtVerwechselt(t *testing.T) {
	x := neuerSchlaefer(t, 1)
	right := x.uhr.Now()
	x.antworten(x.moment(), right)
	x.uhr.Set(right.Add(time.Second))
	x.geht("corrected")
	if here := x.moment(); !x.sights["platz-1"].gilt(here) {
		t.Error("an answer is lost over a correction")
	}
	x.uhr.Set(right.Add(48 * time.Hour))
	x.antworten(x.moment(), right)
	x.order(t.Context())
	if s := x.opt.Clock.(*clock.Guarded).Stand(); s.Vorbild.Von != "platz-1" || !s.Gilt.Equal(right) {
		t.Errorf("%+v", s)
	}
}
