package tagesarbeit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/tagesarbeiten"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/tagesarbeit"
)

// lauf is a machine with jobs at several times of the day; ran is what they did, in order.
type lauf struct {
	Ctx   context.Context
	Uhr   *clock.Manual
	Kern  *workflow.Kern
	t     *testing.T
	s     *tagesarbeit.Service
	leads bool
	fails error
	ran   []string
}

// zeiten are at, inside and beside the hour that is missing or comes twice, and midnight.
var zeiten = [][2]int{{0, 0}, {1, 59}, {2, 0}, {2, 30}, {3, 0}, {4, 45}, {23, 59}}

func neu(t *testing.T, at time.Time) *lauf {
	uhr := clock.NewManual(at)
	store := memory.New(memory.Options{Clock: uhr, Projections: []journal.Projection{tagesarbeiten.Projection{}}})
	x := &lauf{Ctx: t.Context(), Uhr: uhr, Kern: &workflow.Kern{Store: store, Clock: uhr, Platz: "platz-1"}, t: t, leads: true}
	x.restart()
	return x
}

func (x *lauf) restart() {
	var list []tagesarbeit.Arbeit
	for _, z := range zeiten {
		name := fmt.Sprintf("a%02d%02d", z[0], z[1])
		list = append(list, tagesarbeit.Arbeit{Name: name, Stunde: z[0], Minute: z[1], Tun: x.tun(name)})
	}
	list = append(list, tagesarbeit.Arbeit{Name: "alle", Stunde: 5, GanzeApotheke: true, Tun: x.tun("alle")})
	x.s = tagesarbeit.New(x.Kern, list, func() bool { return x.leads }, slog.New(slog.DiscardHandler))
}

func (x *lauf) tun(name string) func(context.Context, civil.Day) error {
	return func(_ context.Context, tag civil.Day) error {
		if x.fails != nil {
			return x.fails
		}
		x.ran = append(x.ran, name+" "+tag.String())
		return nil
	}
}

// geht lets time pass as the loop would; where no job is near it sleeps five minutes, which a
// busy machine could do, too.
func (x *lauf) geht(d time.Duration) {
	for end := x.Uhr.Mono() + d; x.Uhr.Mono() < end; {
		wait := x.s.Schritt(x.Ctx)
		if wait < time.Second || wait > 30*time.Second {
			x.t.Fatalf("at %v it sleeps %v", x.Uhr.Now(), wait)
		}
		if h, _ := clock.TimeOfDay(x.Uhr.Now()); wait == 30*time.Second && (h == 0 || h > 5 && h < 23) {
			wait = 5 * time.Minute
		}
		x.Uhr.Advance(wait)
	}
}

// einmal checks that every job of the day ran once, and nothing twice.
func (x *lauf) einmal(tag civil.Day) {
	x.t.Helper()
	for _, z := range zeiten {
		want := fmt.Sprintf("a%02d%02d %s", z[0], z[1], tag)
		if n := zaehle(x.ran, want); n != 1 {
			x.t.Errorf("%s ran %d times", want, n)
		}
	}
	x.nichtsDoppelt()
}

func (x *lauf) nichtsDoppelt() {
	x.t.Helper()
	for _, r := range x.ran {
		if n := zaehle(x.ran, r); n != 1 {
			x.t.Fatalf("%s ran %d times", r, n)
		}
	}
}

func zaehle(list []string, s string) (n int) {
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

// uebergaenge are the days on which the clocks change in Berlin, found in the zone file.
func uebergaenge(from, to int) (days []civil.Day) {
	offset := func(d civil.Day) int {
		_, o := time.Date(d.Year(), time.Month(d.Month()), d.DayOfMonth(), 12, 0, 0, 0, clock.Berlin()).Zone()
		return o
	}
	for d := civil.Must(from, 1, 1); d.Year() <= to; d = d.AddDays(1) {
		if offset(d) != offset(d.AddDays(-1)) {
			days = append(days, d)
		}
	}
	return days
}

// mittags is noon of a day in Berlin.
func mittags(d civil.Day) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.DayOfMonth(), 12, 0, 0, 0, clock.Berlin())
}

// Every transition 1980 to 2038: each job once on the day, in the order of its time, whether
// the program runs through the night, is off for the hour, or sleeps through it.
func TestJederUebergang(t *testing.T) {
	days := uebergaenge(1980, 2038)
	if len(days) != 118 {
		t.Fatalf("%d transitions, want two a year", len(days))
	}
	for i, d := range days {
		if testing.Short() && d.Year()%9 != 0 {
			continue
		}
		for _, how := range []string{"an", "aus", "ruhe"} {
			x := neu(t, mittags(d.AddDays(-1)))
			x.geht(13*time.Hour + time.Duration(i%3)*10*time.Minute) // to 01:00 or so, a quarter past at times
			switch how {
			case "aus":
				x.Uhr.Advance(150 * time.Minute)
				x.restart()
			case "ruhe":
				x.Uhr.Set(x.Uhr.Now().Add(150 * time.Minute))
			}
			x.geht(24 * time.Hour)
			x.einmal(d)
			if !slices.IsSortedFunc(nurTag(x.ran, d), func(a, b string) int { return zeit(a) - zeit(b) }) {
				t.Errorf("%s %s: %v", d, how, x.ran)
			}
			if t.Failed() {
				t.Fatalf("%s %s: %v", d, how, x.ran)
			}
		}
	}
}

func nurTag(ran []string, d civil.Day) (list []string) {
	for _, r := range ran {
		if r[0] == 'a' && r[1] != 'l' && r[len(r)-10:] == d.String() {
			list = append(list, r)
		}
	}
	return list
}

func zeit(r string) int {
	var n int
	_, _ = fmt.Sscanf(r, "a%d", &n)
	return n
}

// Steps of the clock at any moment of days that matter: no job of a day runs twice, and every
// day that was passed wholly or reached has each of its jobs.
func TestUhrGestellt(t *testing.T) {
	tage := []civil.Day{
		20260329, 20261025, 20270328, 20271031, 20280229, 20270228, 20270301, 20261231, 20270101, 20280101, 20380119, 20380328,
	}
	const day = 24 * time.Hour
	if testing.Short() {
		tage = tage[2:5]
	}
	for _, d := range tage {
		for _, step := range []time.Duration{time.Second, time.Minute, time.Hour, day, 3653 * day} {
			for _, sign := range []time.Duration{1, -1} {
				for _, hour := range []time.Duration{10, 13, 14, 15} { // 22:00 to 03:00
					x := neu(t, mittags(d.AddDays(-1)))
					x.geht(hour * time.Hour)
					x.Uhr.Set(x.Uhr.Now().Add(sign * step))
					x.geht(3 * time.Hour)
					x.Uhr.Set(x.Uhr.Now().Add(-sign * step)) // set right again
					x.geht(36*time.Hour - hour*time.Hour)
					x.einmal(d)
					if t.Failed() {
						t.Fatalf("%s %v at %v h: %v", d, sign*step, 12+hour, x.ran)
					}
				}
			}
		}
	}
}

// A year off is made up for once, for the last day, and a new pharmacy has nothing to make up.
func TestNachholen(t *testing.T) {
	x := neu(t, mittags(20261123))
	x.s.Schritt(x.Ctx)
	if want := []string{
		"a0000 2026-11-23", "a0159 2026-11-23", "a0200 2026-11-23", "a0230 2026-11-23", "a0300 2026-11-23", "a0445 2026-11-23",
		"alle 2026-11-23",
	}; !slices.Equal(x.ran, want) {
		t.Errorf("the first day: %v", x.ran)
	}
	x.geht(13 * time.Hour)
	x.ran = nil
	x.Uhr.Advance(365 * 24 * time.Hour)
	x.restart()
	x.s.Schritt(x.Ctx) // 01:00 of 2027-11-24
	if want := []string{
		"a0000 2027-11-24", "a0159 2027-11-23", "a0200 2027-11-23", "a0230 2027-11-23", "a0300 2027-11-23", "a0445 2027-11-23",
		"a2359 2027-11-23", "alle 2027-11-23",
	}; !slices.Equal(x.ran, want) {
		t.Errorf("after a year: %v", x.ran)
	}
	x.geht(5 * time.Hour)
	x.nichtsDoppelt()
}

// What fails is tried again after 1, 2, 4 … 60 minutes, is told, and ends with success.
func TestWasScheitert(t *testing.T) {
	x := neu(t, mittags(20261123))
	x.fails = errors.New("disk full")
	x.geht(time.Hour)
	list, err := x.s.Zustand(x.Ctx)
	if err != nil || list[5].Versuche != 6 || !errors.Is(list[5].Fehler, x.fails) || list[5].Offen != 20261123 || !list[5].Verspaetet() {
		t.Errorf("%+v %v", list[5], err)
	}
	x.fails = nil
	x.geht(time.Hour)
	list, err = x.s.Zustand(x.Ctx)
	if err != nil || list[5].Versuche != 0 || list[5].Fehler != nil || list[5].Zuletzt != 20261123 || list[5].Verspaetet() {
		t.Errorf("%+v %v", list[5], err)
	}
	x.nichtsDoppelt()
}

// Switched on in the morning, nothing is late before the program has had its time.
func TestNachDemStartNichtVerspaetet(t *testing.T) {
	x := neu(t, mittags(20261123))
	x.geht(time.Hour)
	x.Uhr.Advance(20 * time.Hour) // to 09:00
	x.restart()
	for _, c := range []struct {
		after time.Duration
		late  bool
	}{{0, false}, {2 * time.Hour, false}, {time.Second, true}} {
		x.Uhr.Advance(c.after)
		list, err := x.s.Zustand(x.Ctx)
		if err != nil || list[5].Offen != 20261124 || list[5].Verspaetet() != c.late {
			t.Errorf("%v after: %+v %v", c.after, list[5], err)
		}
	}
}

// A job of the whole pharmacy is done by who leads; hours without one are told.
func TestNurWerFuehrt(t *testing.T) {
	x := neu(t, mittags(20261122))
	x.geht(14 * time.Hour)
	x.leads = false
	x.geht(6 * time.Hour)
	list, err := x.s.Zustand(x.Ctx)
	if alle := list[len(list)-1]; err != nil || zaehle(x.ran, "alle 2026-11-23") != 0 || alle.Offen != 20261123 || !alle.Verspaetet() {
		t.Errorf("%+v %v", alle, err)
	}
	x.leads = true
	x.geht(time.Hour)
	if zaehle(x.ran, "alle 2026-11-23") != 1 || zaehle(x.ran, "a0445 2026-11-23") != 1 {
		t.Errorf("%v", x.ran)
	}
}
