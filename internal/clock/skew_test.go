package clock_test

import (
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// Warn at more than 60 s, red at more than 5 min, whichever clock is ahead.
func TestJudgeSkew(t *testing.T) {
	ours := time.Date(2027, 10, 31, 0, 59, 30, 0, time.UTC) // the hour that comes twice is one hour in UTC
	for d, want := range map[time.Duration]clock.Abweichung{
		0: clock.Gleich, time.Minute: clock.Gleich, time.Minute + 1: clock.Merklich, 5 * time.Minute: clock.Merklich,
		5*time.Minute + 1: clock.Falsch, time.Hour: clock.Falsch, 20 * 365 * 24 * time.Hour: clock.Falsch,
	} {
		for _, theirs := range []time.Time{ours.Add(d), ours.Add(-d)} {
			if got := clock.JudgeSkew(ours, theirs); got != want {
				t.Errorf("%v: %v, want %v", theirs.Sub(ours), got, want)
			}
		}
	}
	if clock.JudgeSkew(ours, time.Time{}) != clock.Falsch {
		t.Error("a clock of the year 1")
	}
}
