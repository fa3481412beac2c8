package clock_test

import (
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

const day = 24 * time.Hour

var noon = time.Date(2027, 3, 27, 11, 0, 0, 0, time.UTC)

// What a step of the machine's clock while the program runs does; ADR 0018.
func TestGuardedStep(t *testing.T) {
	for _, c := range []struct {
		step     time.Duration
		verdacht clock.Verdacht
		believed bool
	}{
		{0, clock.Kein, true},
		{time.Second, clock.Kein, true},
		{-time.Second, clock.Kein, true},
		{-5 * time.Minute, clock.Kein, true},
		{-5*time.Minute - time.Second, clock.Zurueck, false},
		{-time.Hour, clock.Zurueck, false},
		{time.Hour, clock.Kein, true}, // suspended through the hour of the transition
		{16 * time.Hour, clock.Kein, true},
		{16*time.Hour + time.Second, clock.Sprung, true},
		{day, clock.Sprung, true},
		{35 * day, clock.Sprung, true},
		{35*day + time.Second, clock.Voraus, false},
		{-day, clock.Zurueck, false},
		{3653 * day, clock.Voraus, false},
		{-3653 * day, clock.Zurueck, false},
	} {
		m := clock.NewManual(noon)
		g := clock.NewGuarded(m, clock.Merk{})
		m.Advance(time.Minute)
		m.Set(m.Now().Add(c.step))
		m.Advance(time.Minute)
		want := noon.Add(2 * time.Minute)
		if c.believed {
			want = want.Add(c.step)
		}
		if s := g.Stand(); s.Verdacht != c.verdacht || !s.Gilt.Equal(want) || s.Zweifelhaft() == c.believed {
			t.Errorf("%v: %+v, want %v and %s", c.step, s, want, c.verdacht)
		}
	}
}

// What a program finds that was off, with the highest time seen in its folder.
func TestGuardedStart(t *testing.T) {
	for _, c := range []struct {
		machine  string
		verdacht clock.Verdacht
	}{
		{"1970-01-01T00:00:03Z", clock.Zurueck}, // dead battery
		{"2000-01-01T00:00:03Z", clock.Zurueck},
		{"2038-01-19T03:14:08Z", clock.Voraus},
		{"2027-03-27T10:00:00Z", clock.Zurueck}, // an hour back
		{"2027-03-26T11:00:00Z", clock.Zurueck},
		{"2027-03-27T10:55:00Z", clock.Kein},
		{"2027-03-29T06:00:00Z", clock.Kein}, // off from Saturday to Monday
		{"2027-04-30T06:00:00Z", clock.Kein}, // closed for four weeks
		{"2027-05-02T06:00:00Z", clock.Voraus},
	} {
		at, err := time.Parse(time.RFC3339, c.machine)
		if err != nil {
			t.Fatal(err)
		}
		s := clock.NewGuarded(clock.NewManual(at), clock.Merk{Hoechste: noon}).Stand()
		if s.Verdacht != c.verdacht || s.Zweifelhaft() && !s.Gilt.Equal(noon) {
			t.Errorf("%s: %+v, want %q", c.machine, s, c.verdacht)
		}
	}
}

// An empty folder knows nothing but when the program was made: any later time is believed,
// an earlier one is not.
func TestGuardedFirstStart(t *testing.T) {
	if s := clock.NewGuarded(clock.NewManual(noon.AddDate(5, 0, 0)), clock.Merk{}).Stand(); s.Verdacht != clock.Kein {
		t.Errorf("%+v", s)
	}
	s := clock.NewGuarded(clock.NewManual(time.Unix(0, 0).UTC()), clock.Merk{}).Stand()
	if s.Verdacht != clock.Zurueck || s.Gilt.Format("2006-01-02") != "2026-01-01" {
		t.Errorf("%+v", s)
	}
}

// In doubt, time goes on by the monotonic clock only, a restart takes it up, and NTP ends
// the doubt; that there was one is known until a person has seen it.
func TestGuardedDeadBattery(t *testing.T) {
	m := clock.NewManual(time.Unix(0, 0).UTC())
	g := clock.NewGuarded(m, clock.Merk{Hoechste: noon})
	m.Advance(2 * time.Hour)
	if got := g.Now(); !got.Equal(noon.Add(2 * time.Hour)) {
		t.Fatalf("after two hours: %v", got)
	}
	g = clock.NewGuarded(m, g.Stand().Merk) // restarted
	m.Advance(time.Hour)
	if got := g.Now(); !got.Equal(noon.Add(3 * time.Hour)) {
		t.Fatalf("after a restart: %v", got)
	}
	m.Set(noon.Add(20 * time.Hour))
	s := g.Stand()
	if s.Verdacht != clock.Gewesen || !s.Gilt.Equal(noon.Add(20*time.Hour)) || !s.Seit.Equal(noon) || !s.Bis.Equal(s.Gilt) {
		t.Errorf("NTP came: %+v", s)
	}
	g.Confirm()
	if s := g.Stand(); s.Verdacht != clock.Kein {
		t.Errorf("confirmed: %+v", s)
	}
}

// One wrong jump poisons nothing: +10 years are not believed and leave no trace; if a person
// confirms them, going back is one confirmation, too.
func TestGuardedTenYears(t *testing.T) {
	m := clock.NewManual(noon)
	g := clock.NewGuarded(m, clock.Merk{})
	m.Set(noon.AddDate(10, 0, 0))
	if s := g.Stand(); s.Verdacht != clock.Voraus || !s.Hoechste.Equal(noon) {
		t.Fatalf("%+v", s)
	}
	m.Set(noon)
	if s := g.Stand(); !s.Gilt.Equal(noon) || s.Zweifelhaft() {
		t.Fatalf("set right again: %+v", s)
	}
	m.Set(noon.AddDate(10, 0, 0))
	if old := g.Confirm(); old.Verdacht != clock.Voraus || g.Now().Year() != 2037 {
		t.Fatalf("confirmed: %+v, %v", old, g.Now())
	}
	m.Set(noon)
	if s := g.Stand(); s.Verdacht != clock.Zurueck || s.Gilt.Year() != 2037 {
		t.Fatalf("back: %+v", s)
	}
	g.Confirm()
	if s := g.Stand(); s.Verdacht != clock.Kein || !s.Gilt.Equal(noon) || !s.Hoechste.Equal(noon) {
		t.Errorf("back and confirmed: %+v", s)
	}
}

// Both nights of the change are ordinary ones: UTC neither jumps nor comes twice.
func TestGuardedThroughTransitions(t *testing.T) {
	for _, start := range []time.Time{noon, time.Date(2027, 10, 30, 11, 0, 0, 0, time.UTC)} {
		m := clock.NewManual(start)
		g := clock.NewGuarded(m, clock.Merk{})
		for range 24 * 60 {
			m.Advance(time.Minute)
			if s := g.Stand(); s.Verdacht != clock.Kein || !s.Gilt.Equal(m.Now()) {
				t.Fatalf("%v: %+v", m.Now(), s)
			}
		}
	}
}

// The memory of the time is lost, the journal still knows it.
func TestGuardedAtLeast(t *testing.T) {
	g := clock.NewGuarded(clock.NewManual(time.Unix(0, 0).UTC()), clock.Merk{})
	g.AtLeast(noon)
	if s := g.Stand(); s.Verdacht != clock.Zurueck || !s.Gilt.Equal(noon) {
		t.Errorf("%+v", s)
	}
	g = clock.NewGuarded(clock.NewManual(noon.Add(36*day)), clock.Merk{})
	g.AtLeast(noon)
	if s := g.Stand(); s.Verdacht != clock.Voraus || !s.Gilt.Equal(noon) {
		t.Errorf("%+v", s)
	}
	m := clock.NewManual(noon.Add(day))
	g = clock.NewGuarded(m, clock.Merk{})
	g.AtLeast(noon)
	if s := g.Stand(); s.Verdacht != clock.Kein || !s.Gilt.Equal(m.Now()) {
		t.Errorf("%+v", s)
	}
}
