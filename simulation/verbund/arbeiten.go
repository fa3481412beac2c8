package verbund

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/simulation/disk"
	"github.com/offizin/offizin/workflow/tagesarbeit"
)

const (
	takt   = 10 * time.Minute // how often a machine looks where nothing is near: it is busy
	schlaf = 30 * time.Second // how long the loop of the program sleeps at most
	spaet  = 2 * time.Hour    // after that a job that is not done is told
)

// errArbeit is a job that fails.
var errArbeit = errors.New("the job fails")

// arbeitsplan is a job of the pharmacy and one of each machine, in the hour that one night does not
// have and another has twice: no real job is so badly placed.
func arbeitsplan() []tagesarbeit.Arbeit {
	return []tagesarbeit.Arbeit{
		{Name: "abschluss", Stunde: 2, Minute: 30, GanzeApotheke: true},
		{Name: "pruefung", Stunde: 2, Minute: 0},
	}
}

// arbeiten are the jobs of a life of the program.
func (lb *leben) arbeiten() []tagesarbeit.Arbeit {
	list := arbeitsplan()
	for i, a := range list {
		list[i].Tun = func(ctx context.Context, tag civil.Day) error { return lb.tue(ctx, a, tag) }
	}
	return list
}

// fuehrt reports whether the machine leads.
func (lb *leben) fuehrt() bool { return lb.r.leben == lb && lb.r.eltern() < 0 }

func (lb *leben) platz(a tagesarbeit.Arbeit) string {
	if a.GanzeApotheke {
		return ""
	}
	return lb.kern.Platz
}

// arbeitstag is a job of one civil day.
func (lb *leben) arbeitstag(a tagesarbeit.Arbeit, tag civil.Day) string {
	return strings.Join([]string{a.Name, lb.platz(a), tag.String()}, "/")
}

// tue is the work of a job. The power may go, or the program end, before it is recorded: then it is
// done again, and else never.
func (lb *leben) tue(ctx context.Context, a tagesarbeit.Arbeit, tag civil.Day) error {
	m, l, was := lb.r, lb.r.l, lb.arbeitstag(a, tag)
	if l.getan[was]++; l.getan[was] > 1 {
		l.Repeated++
	}
	l.sage("%d does %s", m.nr, was)
	if m.erledigt[was] {
		m.vergiss() // what was read may have been left since
		if m.liesWeiter(ctx); m.erledigt[was] {
			l.fehler("machine %d does %s, and has the record that it was done", m.nr, was)
		}
	}
	switch l.r.IntN(12) {
	case 0, 1:
		m.disk.Set(disk.Faults{CutAt: 1 + l.r.IntN(12)})
	case 2:
		l.sage("%d is killed", m.nr)
		m.stirb(false)
		l.nach(l.pause(), m.starte)
	case 3:
		return errArbeit
	}
	return nil
}

// sieh is one look of the program at what is due.
func (lb *leben) sieh(ctx context.Context) {
	m, l := lb.r, lb.r.l
	if l.feierabend || m.leben != lb {
		return
	}
	wait := schlaf
	if !m.blank {
		wait = lb.zeitplan.Schritt(lb.ctx) //nolint:contextcheck // it ends with the program, not with the look
		if m.nachher(ctx); m.leben != lb {
			return
		}
		for _, a := range arbeitsplan() {
			lb.versaeumt(ctx, a)
		}
		lb.schicke(0) // it may lead now
		if l.eins(24) {
			lb.entscheide(ctx)
		}
	}
	if wait == schlaf {
		wait = takt
	}
	l.nach(wait, lb.sieh)
}

// letzterTag is the last civil day for which a job is due.
func letzterTag(a tagesarbeit.Arbeit, now time.Time) civil.Day {
	day := clock.DayOf(now)
	if h, m := clock.TimeOfDay(now); h < a.Stunde || h == a.Stunde && m < a.Minute {
		return day.AddDays(-1)
	}
	return day
}

// um is when a job is due.
func um(a tagesarbeit.Arbeit, day civil.Day) time.Time {
	return time.Date(day.Year(), time.Month(day.Month()), day.DayOfMonth(), a.Stunde, a.Minute, 0, 0, clock.Berlin())
}

// versaeumt holds that the job of a day is done as soon as a machine that has to do it, with a right
// clock, has looked within two hours after it was due – or has failed, and that is told; and
// that what is not done later is told by every machine.
func (lb *leben) versaeumt(ctx context.Context, a tagesarbeit.Arbeit) {
	m, now := lb.r, lb.r.uhr.Now()
	due := letzterTag(a, now)
	done := m.erledigt[lb.arbeitstag(a, due)] || m.erledigt[lb.arbeitstag(a, clock.DayOf(now))]
	if done || m.uhr.abweichung() > 5*time.Minute {
		return
	}
	st, err := lb.stand(ctx, a)
	if err != nil || st.Verspaetet() {
		if err == nil {
			m.l.Gemeldet++
		}
		return
	}
	late := now.Sub(um(a, due))
	switch {
	case late <= spaet && (!a.GanzeApotheke || lb.fuehrt()):
		m.l.fehler("machine %d has not done %s, %s after it was due", m.nr, lb.arbeitstag(a, due), late)
	case min(late, m.uhr.Mono()-lb.begann) > spaet && (due == clock.DayOf(now) || m.jemals(lb.arbeitstag(a, 0))):
		m.l.fehler("machine %d does not tell that %s is not done", m.nr, lb.arbeitstag(a, due))
	}
}

// stand is what the program says of a job.
func (lb *leben) stand(ctx context.Context, a tagesarbeit.Arbeit) (tagesarbeit.Stand, error) {
	list, err := lb.zeitplan.Zustand(ctx)
	for _, st := range list {
		if st.Name == a.Name {
			return st, err
		}
	}
	return tagesarbeit.Stand{}, err
}

// jemals reports whether a job was ever done: one that never was begins today.
func (m *rechner) jemals(was string) bool {
	prefix := was[:strings.LastIndexByte(was, '/')+1]
	for done := range m.erledigt {
		if strings.HasPrefix(done, prefix) {
			return true
		}
	}
	return false
}

// gelaufen notes the record of a job: once per civil day, and not before its time.
func (m *rechner) gelaufen(e event.TagesarbeitErledigt, r journal.Record) {
	l := m.l
	was := strings.Join([]string{e.Arbeit, e.Platz, e.Tag.String()}, "/")
	m.erledigt[was] = true
	if l.jobs[was] == nil {
		l.jobs[was] = map[string]bool{}
	}
	key, _, _ := journal.SplitKey(r.Key)
	if l.jobs[was][key] {
		return
	}
	l.jobs[was][key] = true
	l.Jobs++
	if len(l.jobs[was]) > 1 {
		l.fehler("%s is recorded %d times", was, len(l.jobs[was]))
	}
	for _, a := range arbeitsplan() {
		if a.Name == e.Arbeit && letzterTag(a, time.Unix(0, r.Wall).UTC()) < e.Tag {
			l.fehler("%s was done before its time", was)
		}
	}
}
