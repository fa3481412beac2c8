// Package civil holds calendar days. Law knows no time of day: prices, ages and
// deadlines turn on the civil day in Germany.
package civil

import (
	"errors"
	"fmt"
	"time"
)

// Day is a calendar day written YYYYMMDD, so that days order as integers. The
// zero value means "not known".
type Day int32

// ErrDay reports text that is no calendar day between 1875 and 2199.
var ErrDay = errors.New("no calendar day")

// New returns the day or an error if there is no such day.
func New(year, month, day int) (Day, error) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1875 || year > 2199 || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return 0, ErrDay
	}
	return Day(year*10_000 + month*100 + day), nil
}

// Must returns the day; it panics if there is no such day. For constants.
func Must(year, month, day int) Day {
	d, err := New(year, month, day)
	if err != nil {
		panic(fmt.Sprintf("civil: %d-%d-%d: %v", year, month, day, err))
	}
	return d
}

// Year returns the year.
func (d Day) Year() int { return int(d) / 10_000 }

// Month returns the month, 1 to 12.
func (d Day) Month() int { return int(d) / 100 % 100 }

// DayOfMonth returns the day of the month, 1 to 31.
func (d Day) DayOfMonth() int { return int(d) % 100 }

// String formats the day as ISO 8601, "2026-11-23"; the zero day is "".
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year(), d.Month(), d.DayOfMonth())
}

// German formats the day as "23.11.2026"; the zero day is "".
func (d Day) German() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%02d.%02d.%04d", d.DayOfMonth(), d.Month(), d.Year())
}

// AddDays returns the day n days later, or earlier for negative n.
func (d Day) AddDays(n int) Day { return fromTime(d.utc().AddDate(0, 0, n)) }

// Sub returns the number of days from other to d.
func (d Day) Sub(other Day) int {
	return int(d.utc().Sub(other.utc()) / (24 * time.Hour))
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// AgeOn returns the age in completed years on the given day. Who is born on
// 29 February completes a year at the end of 28 February in common years and so
// is older from 1 March on (§§ 187(2), 188(2) BGB); everyone else from the
// birthday on. A person not yet born has age -1 or less.
func (d Day) AgeOn(on Day) int {
	age := on.Year() - d.Year()
	if int(on)%10_000 < int(d)%10_000 {
		age--
	}
	return age
}

// Valid reports whether d is a real calendar day in range.
func (d Day) Valid() bool {
	_, err := New(d.Year(), d.Month(), d.DayOfMonth())
	return err == nil
}

// MarshalText writes the day as ISO 8601.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads an ISO day; empty text is the zero day.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	day, err := Parse(string(b))
	*d = day
	return err
}

func (d Day) utc() time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.DayOfMonth(), 0, 0, 0, 0, time.UTC)
}

func fromTime(t time.Time) Day {
	return Day(t.Year()*10_000 + int(t.Month())*100 + t.Day())
}
