package clock_test

import (
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// The civil day changes at midnight in Germany, summer and winter, and never
// with UTC. Instants: tzdata 2025c.
func TestDayOf(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-11-22T22:59:59Z": "2026-11-22",
		"2026-11-22T23:00:00Z": "2026-11-23",
		"2026-07-01T21:59:59Z": "2026-07-01",
		"2026-07-01T22:00:00Z": "2026-07-02",
		"2027-03-28T00:59:59Z": "2027-03-28",
		"2026-12-31T23:00:00Z": "2027-01-01",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := clock.DayOf(at).String(); got != want {
			t.Errorf("%s is %s, want %s", instant, got, want)
		}
	}
}

func TestTimeOfDayAtTheSpringTransition(t *testing.T) {
	before := time.Date(2027, 3, 28, 0, 59, 59, 0, time.UTC)
	if h, m := clock.TimeOfDay(before); h != 1 || m != 59 {
		t.Errorf("before: %d:%d", h, m)
	}
	if h, m := clock.TimeOfDay(before.Add(time.Second)); h != 3 || m != 0 {
		t.Errorf("after: %d:%d", h, m)
	}
}

func TestManual(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	c.Advance(time.Hour)
	c.Set(time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC))
	if c.Mono() != time.Hour || c.Now().Year() != 2016 {
		t.Errorf("mono %v, now %v", c.Mono(), c.Now())
	}
}

// A clock that is wrong by centuries is no reason to panic.
func TestDayOfAWrongClock(t *testing.T) {
	for year, want := range map[int]string{1601: "1875-01-01", 2262: "2199-12-31", 9999: "2199-12-31"} {
		if got := clock.DayOf(time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)).String(); got != want {
			t.Errorf("%d is %s, want %s", year, got, want)
		}
	}
}
