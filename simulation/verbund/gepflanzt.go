package verbund

import (
	"context"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/simulation/disk"
)

func faultless() disk.Faults { return disk.Faults{} }

func (g *Regeln) rang() Rang {
	if g.Rang != nil {
		return g.Rang
	}
	return Bester
}

func (g *Regeln) plan() zeitplan {
	switch {
	case g.Cron:
		return cron{}
	case g.Plus24:
		return &plus24{}
	}
	return jeTag{}
}

func (g *Regeln) projektionen() []journal.Projection {
	list := alle.Projections()
	if !g.NachUhr {
		return list
	}
	for i, p := range list {
		if p.Name() == (haus.Projection{}).Name() {
			list[i] = nachUhr{p}
		}
	}
	return list
}

// nachUhr is a planted fault: a read model whose last writer is the one with the latest
// wall clock.
type nachUhr struct{ journal.Projection }

// Apply implements journal.Projection.
func (p nachUhr) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	r.Lamport = uint64(r.Wall)
	return p.Projection.Apply(tx, r, e)
}

// sieh is one look of the machine whether a job is due; only the one that leads does it.
func (m *rechner) sieh(ctx context.Context) {
	if m.l.feierabend {
		return
	}
	m.l.nach(takt, m.sieh)
	if m.leben == nil || m.blank || m.eltern() >= 0 {
		return
	}
	now := m.uhr.Now()
	day, key := m.plan.faellig(now, func(key string) bool { _, ok := m.inhalt[key]; return ok })
	if key != "" && !m.hat(key) {
		_, err := m.leben.store.Append(ctx, journal.Act{
			Key: key, Input: day, Actor: "system", Wall: now, Decide: func(journal.Rows) ([]journal.Event, error) {
				return []journal.Event{event.EinstellungGesetzt{Schluessel: jobName + day.String(), Wert: "erledigt"}}, nil
			},
		})
		m.l.sage("%d runs the job %s: %s", m.nr, key, code(err))
		if m.nachher(ctx); err != nil {
			return
		}
	}
	m.versaeumt(now)
}

func (m *rechner) hat(key string) bool { _, ok := m.inhalt[key]; return ok }

// versaeumt holds that the job of a day has run when a machine that leads, with a right
// clock, has looked within two hours after it was due.
func (m *rechner) versaeumt(now time.Time) {
	if m.leben == nil || m.uhr.abweichung() > 5*time.Minute {
		return
	}
	day := letzterTag(now)
	h, minute := clock.TimeOfDay(now)
	if minute += 60 * h; minute < 60*jobStunde+jobMinute || minute > 60*(jobStunde+2)+jobMinute {
		return
	}
	if len(m.l.jobs[day.String()]) == 0 {
		m.l.fehler("the job of %s has not run at %02d:%02d", day, minute/60, minute%60)
	}
}
