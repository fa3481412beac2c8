package verbund

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/tagesarbeit"
)

// zeitplan is the scheduler of one life of the program: that of the program, or a planted one.
type zeitplan interface {
	// Schritt does what is due now, and says how long to sleep at most.
	Schritt(ctx context.Context) time.Duration
	// Zustand says how every job stands.
	Zustand(ctx context.Context) ([]tagesarbeit.Stand, error)
}

// plan returns the scheduler of a life. A planted one takes the place of the loop; what is told
// of late jobs stays that of the program.
func (lb *leben) plan(g *Regeln) zeitplan {
	arbeiten := lb.arbeiten()
	wirklich := tagesarbeit.New(lb.kern, arbeiten, lb.fuehrt, lb.log)
	switch {
	case g.Cron:
		return &cron{wirklich, lb, arbeiten}
	case g.Plus24:
		return &plus24{wirklich, lb, arbeiten, map[string]time.Time{}}
	}
	return wirklich
}

// cron is a planted fault: it compares the hands of the clock.
type cron struct {
	*tagesarbeit.Service
	lb       *leben
	arbeiten []tagesarbeit.Arbeit
}

// Schritt implements zeitplan.
func (c *cron) Schritt(ctx context.Context) time.Duration {
	for _, a := range c.arbeiten {
		now := c.lb.kern.Clock.Now()
		h, m := clock.TimeOfDay(now)
		if h == a.Stunde && m >= a.Minute && m < a.Minute+int(takt/time.Minute) {
			c.lb.gepflanzt(ctx, a, clock.DayOf(now), now.Format("20060102T1504"))
		}
	}
	return schlaf
}

// langerTag is what a planted fault takes for a day.
const langerTag = 1440 * time.Minute

// plus24 is a planted fault: it takes a day for 24 hours.
type plus24 struct {
	*tagesarbeit.Service
	lb       *leben
	arbeiten []tagesarbeit.Arbeit
	next     map[string]time.Time
}

// Schritt implements zeitplan.
func (p *plus24) Schritt(ctx context.Context) time.Duration {
	for _, a := range p.arbeiten {
		now := p.lb.kern.Clock.Now()
		if p.next[a.Name].IsZero() {
			day := letzterTag(a, now)
			p.next[a.Name] = um(a, day)
			if p.lb.r.erledigt[p.lb.arbeitstag(a, day)] {
				p.next[a.Name] = um(a, day).Add(langerTag)
			}
		}
		if next := p.next[a.Name]; !now.Before(next) {
			p.next[a.Name] = next.Add(langerTag)
			p.lb.gepflanzt(ctx, a, clock.DayOf(next), clock.DayOf(next).String())
		}
	}
	return schlaf
}

// gepflanzt does and records a job as a planted scheduler has it.
func (lb *leben) gepflanzt(ctx context.Context, a tagesarbeit.Arbeit, tag civil.Day, lauf string) {
	e := event.TagesarbeitErledigt{Arbeit: a.Name, Platz: lb.platz(a), Tag: tag}
	key := "tagesarbeit/" + e.Arbeit + "/" + e.Platz + "/" + lauf
	if lb.r.hat(key) || a.GanzeApotheke && !lb.fuehrt() || a.Tun(ctx, tag) != nil {
		return
	}
	_, err := lb.kern.Do(ctx, workflow.Auftrag{Key: key, Actor: "SYSTEM"}, e, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{e}, nil
	})
	lb.r.l.sage("%d records %s: %s", lb.r.nr, key, code(err))
}
