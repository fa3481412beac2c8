// Package clock is the only source of time. Instants are UTC; civil days and
// times of day are computed for Europe/Berlin from the zone file shipped here,
// never from the machine's own zone.
package clock

import (
	_ "embed"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/domain/civil"
)

//go:embed berlin.tzif
var berlinFile []byte // tzdata 2025c, public domain

// Clock tells the time. Mono only rises and is unaffected by wall clock steps.
type Clock interface {
	Now() time.Time      // UTC
	Mono() time.Duration // since an arbitrary start
}

// Real is the machine's clock.
type Real struct{ start time.Time }

// NewReal returns the machine's clock.
func NewReal() *Real { return &Real{start: time.Now()} }

// Now returns the wall clock in UTC.
func (*Real) Now() time.Time { return time.Now().UTC() }

// Mono returns the time since the clock was made, by the monotonic clock.
func (r *Real) Mono() time.Duration { return time.Since(r.start) }

// Manual is a clock that stands still until it is moved, for tests and simulation.
type Manual struct{ wall, mono atomic.Int64 }

// NewManual returns a clock that stands at t.
func NewManual(t time.Time) *Manual {
	m := &Manual{}
	m.wall.Store(t.UnixNano())
	return m
}

// Now returns the time it was set to.
func (m *Manual) Now() time.Time { return time.Unix(0, m.wall.Load()).UTC() }

// Mono returns the time that was advanced so far.
func (m *Manual) Mono() time.Duration { return time.Duration(m.mono.Load()) }

// Advance moves wall and monotonic clock forward.
func (m *Manual) Advance(d time.Duration) {
	m.wall.Add(int64(d))
	m.mono.Add(int64(d))
}

// Set steps the wall clock only, as NTP or a hand would.
func (m *Manual) Set(t time.Time) { m.wall.Store(t.UnixNano()) }

// Berlin returns the zone of German law.
func Berlin() *time.Location { return berlin() }

// Today returns the civil day in Germany at the instant of c.
func Today(c Clock) civil.Day { return DayOf(c.Now()) }

// DayOf returns the civil day in Germany at t. A clock may be wrong by centuries: beyond
// the days there are, it is the first or last of them.
func DayOf(t time.Time) civil.Day {
	t = t.In(berlin())
	d, err := civil.New(t.Year(), int(t.Month()), t.Day())
	switch {
	case err == nil:
		return d
	case t.Year() < 2000:
		return civil.Must(1875, 1, 1)
	}
	return civil.Must(2199, 12, 31)
}

// TimeOfDay returns hour and minute in Germany at t.
func TimeOfDay(t time.Time) (hour, minute int) {
	t = t.In(berlin())
	return t.Hour(), t.Minute()
}
