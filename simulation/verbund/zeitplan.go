package verbund

import (
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
)

// The job of the night: due every civil day at half past two, an hour that one night does
// not have and another has twice.
const (
	jobStunde, jobMinute = 2, 30
	takt                 = 10 * time.Minute // how often a machine looks
	jobName              = "abschluss-"
)

// zeitplan says which job is due. It is a small model of the real one: a job is keyed by
// job and civil day.
type zeitplan interface {
	beginne() // the program has begun
	// faellig returns the day whose job is to run now, with the key of the run; "" if none.
	faellig(now time.Time, da func(key string) bool) (civil.Day, string)
}

// jeTag runs a job when its civil time is reached and there is no run of that day yet.
type jeTag struct{}

func (jeTag) beginne() {}

func (jeTag) faellig(now time.Time, da func(string) bool) (civil.Day, string) {
	day := letzterTag(now)
	if key := jobName + day.String(); !da(key) {
		return day, key
	}
	return day, ""
}

// letzterTag is the last civil day whose job is due.
func letzterTag(now time.Time) civil.Day {
	day := clock.DayOf(now)
	if h, m := clock.TimeOfDay(now); h < jobStunde || h == jobStunde && m < jobMinute {
		return day.AddDays(-1)
	}
	return day
}

// cron is a planted fault: it compares the hands of the clock.
type cron struct{}

func (cron) beginne() {}

func (cron) faellig(now time.Time, _ func(string) bool) (civil.Day, string) {
	h, m := clock.TimeOfDay(now)
	if h != jobStunde || m < jobMinute || m >= jobMinute+int(takt/time.Minute) {
		return 0, ""
	}
	return clock.DayOf(now), jobName + now.Format("20060102T1504")
}

// langerTag is what a planted fault takes for a day.
const langerTag = 1440 * time.Minute

// plus24 is a planted fault: it takes a day for 24 hours.
type plus24 struct{ next time.Time }

func (p *plus24) beginne() { p.next = time.Time{} }

func (p *plus24) faellig(now time.Time, da func(string) bool) (civil.Day, string) {
	if p.next.IsZero() {
		day := letzterTag(now)
		p.next = time.Date(day.Year(), time.Month(day.Month()), day.DayOfMonth(), jobStunde, jobMinute, 0, 0, clock.Berlin())
		if da(jobName + day.String()) {
			p.next = p.next.Add(langerTag)
		}
	}
	if now.Before(p.next) {
		return 0, ""
	}
	day := clock.DayOf(p.next)
	p.next = p.next.Add(langerTag)
	return day, jobName + day.String()
}

// tagVon is the civil day of a run; false if the setting is of none.
func tagVon(schluessel string) (string, bool) { return strings.CutPrefix(schluessel, jobName) }
