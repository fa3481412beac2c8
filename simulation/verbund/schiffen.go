package verbund

import (
	"context"
	"time"

	"github.com/offizin/offizin/journal"
)

// The pauses after a round that failed. Weeks without the others shall not take weeks.
const (
	letztePause = 30 * time.Minute
	nachsehen   = 2 * time.Hour // how often a machine asks without being told
)

// eltern is whose child the machine is now; −1: it leads.
func (m *rechner) eltern() int {
	da := make([]bool, len(m.l.rechner))
	for i, o := range m.l.rechner {
		da[i] = i != m.nr && o.leben != nil && m.l.netz.frei(m.nr, i)
	}
	return m.l.regeln.rang()(Lage{Selbst: m.nr, Erreichbar: da, Gleich: m.leben.gleich})
}

// bald has a round done after a time, unless one is due before.
func (lb *leben) bald(d time.Duration) {
	l := lb.r.l
	wann := l.jetzt + d
	if lb.faellig != 0 && lb.faellig <= wann {
		return
	}
	lb.faellig = wann
	l.nach(d, func(ctx context.Context) {
		if lb.faellig != wann || lb.r.leben != lb {
			return // another was due before
		}
		lb.faellig = 0
		if p := lb.r.eltern(); p >= 0 {
			lb.runde(ctx, l.rechner[p])
		}
	})
}

// runde ships to and from another machine; others go on meanwhile.
func (lb *leben) runde(ctx context.Context, parent *rechner) {
	l, m := lb.r.l, lb.r
	if lb.syncs {
		lb.bald(l.zufall(time.Second, 3*time.Second))
		return
	}
	lb.syncs = true
	c, w := lb.kind(parent)
	l.gehe(ctx, func(g *gang) {
		w.g = g
		st, err := c.Sync(ctx)
		lb.syncs = false
		l.sage("%d with %d: %d up, %d down, reborn %t, forks %v, keys %s, %s",
			m.nr, parent.nr, st.Pushed, st.Pulled, st.Reborn, st.Forks, code(st.Keys), code(err))
		if m.leben != lb {
			return
		}
		m.nachher(ctx)
		if m.leben != lb {
			return
		}
		if st.Reborn {
			l.Wiedergeburten++
			m.alt = nil
			m.vergiss() // numbers have changed
			m.lies(ctx)
			m.klingle(ctx)
		}
		if err != nil || st.Keys != nil {
			lb.bald(lb.pause)
			lb.pause = min(2*lb.pause, letztePause)
			return
		}
		lb.erfolg(parent)
		for _, o := range st.Forks {
			l.rueckfragen(o, m, parent)
		}
	})
}

// erfolg is what follows a round that succeeded.
func (lb *leben) erfolg(parent *rechner) {
	m := lb.r
	lb.pause = time.Second
	if !lb.gleich {
		lb.gleich = true
		lb.bald(time.Second) // perhaps it leads now, or has a better parent
	}
	for _, o := range []*rechner{m, parent} { // both hold the same now
		if o.blank && o.leben != nil {
			o.blank = false
			m.l.sage("%d is filled again", o.nr)
		}
	}
	lb.bald(nachsehen)
}

// rueckfragen has the machine whose log has two histories ask, a little later, those that hold one: only it can
// settle that. In the program it finds out itself, as all machines ask each other what they have of their logs.
func (l *lauf) rueckfragen(o journal.Origin, halter ...*rechner) {
	if l.regeln.OhneRueckfrage {
		return
	}
	for _, own := range l.rechner {
		for _, h := range halter {
			if own.eigen(o) && own != h {
				l.nach(l.zufall(time.Second, 3*time.Second), func(ctx context.Context) { own.frage(ctx, o, h) })
			}
		}
	}
}

// frage has a round with another machine, when it can.
func (m *rechner) frage(ctx context.Context, o journal.Origin, h *rechner) {
	switch {
	case m.leben == nil || h.leben == nil || !m.l.netz.frei(m.nr, h.nr): // the next round of others tells again
	case m.leben.syncs:
		m.l.rueckfragen(o, h)
	default:
		m.leben.runde(ctx, h)
	}
}
