package verbund

import (
	"context"
	"time"

	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/simulation/disk"
)

// stoere lets the next thing go wrong, and plans the one after it.
func (l *lauf) stoere(context.Context) {
	if l.feierabend {
		return
	}
	m := l.rechner[l.r.IntN(len(l.rechner))]
	switch k := l.r.IntN(22); {
	case k < 6:
		m.schneide()
	case k < 9:
		l.sage("%d is killed", m.nr)
		m.stirb(false)
		l.nach(l.pause(), m.starte)
	case k < 13:
		l.trenne(m)
	case k < 15:
		m.stelleUhr()
	case k < 16:
		m.fuelle()
	case k < 18:
		m.kopiere()
	case k < 19:
		l.kopierter(m).spielZurueck()
	case k < 20:
		m.verliere()
	default:
		l.verreise()
	}
	l.Stoerungen++
	l.nach(l.zufall(l.tempo/4, 3*l.tempo), l.stoere)
}

// pause is how long something is off: mostly a minute, sometimes hours.
func (l *lauf) pause() time.Duration {
	if l.eins(4) {
		return l.zufall(time.Minute, 5*time.Hour)
	}
	return l.zufall(time.Second, time.Minute)
}

// schneide lets the power go at one of the next operations of the disk.
func (m *rechner) schneide() {
	if m.leben != nil {
		m.disk.Set(disk.Faults{CutAt: 1 + m.l.r.IntN(250)})
	}
}

// fuelle leaves hardly any room on the disk, for a while.
func (m *rechner) fuelle() {
	if m.leben == nil {
		return
	}
	m.l.sage("%d has a full disk", m.nr)
	m.disk.Set(disk.Faults{Capacity: m.disk.Used() + int64(m.l.r.IntN(20_000))})
	m.l.nach(m.l.pause(), func(context.Context) {
		if !m.disk.Dead() {
			m.disk.Set(disk.Faults{})
		}
	})
}

// trenne cuts wires: between two, one way only, or all of one machine; for seconds or weeks.
func (l *lauf) trenne(m *rechner) {
	d := []time.Duration{3 * time.Second, time.Minute, time.Hour, 14 * langerTag}[l.r.IntN(4)]
	one, all := l.eins(3), l.eins(2)
	for _, o := range l.rechner {
		if o == m || !all && !l.eins(2) {
			continue
		}
		l.netz.schnitt[m.nr][o.nr] = true
		if !one {
			l.netz.schnitt[o.nr][m.nr] = true
		}
	}
	l.sage("%d is cut off for %s, one way %t", m.nr, d, one)
	l.nach(l.zufall(d/2, d), func(ctx context.Context) {
		for _, o := range l.rechner {
			l.netz.schnitt[m.nr][o.nr], l.netz.schnitt[o.nr][m.nr] = false, false
		}
		m.klingle(ctx)
	})
}

// stelleUhr sets a clock wrong, for a while.
func (m *rechner) stelleUhr() {
	d := []time.Duration{time.Hour, langerTag, 3652 * langerTag}[m.l.r.IntN(3)]
	if m.l.eins(2) {
		d = -d
	}
	m.uhr.falsch = d
	m.l.sage("%d has a clock that is wrong by %s", m.nr, d)
	m.l.nach(m.l.zufall(time.Minute, 12*time.Hour), func(context.Context) { m.uhr.falsch = 0 })
}

// verliere takes the disk away; the machine comes back with an empty one. As nothing says
// which numbers of Bons the lost one gave out, its till gets another name.
func (m *rechner) verliere() {
	if m.platte >= 2 || m.blank || len(m.l.rechner) < 2 {
		return
	}
	m.l.sage("%d loses its disk", m.nr)
	m.verlust()
	m.stirb(true)
	m.l.PlattenVerloren++
	m.ersetze(disk.Copy{}, seal.Key{byte(m.nr + 1), byte(m.platte + 1)})
	m.blank, m.till, m.alt = true, m.till+"b", nil
}

// spielZurueck puts an old copy of the disk back; the machine does not know.
func (m *rechner) spielZurueck() {
	if len(m.kopien) == 0 || m.blank || m.platte >= 2 {
		return
	}
	k := m.kopien[m.l.r.IntN(len(m.kopien))]
	m.l.sage("%d gets an old copy of its disk", m.nr)
	m.verlust()
	m.stirb(true)
	m.l.Zurueckgespielt++
	m.ersetze(k.disk, k.key)
	m.till, m.alt = k.till, &k
	m.l.unsicher[m.till] = true
}

// kopiere copies the disk of a running machine.
func (m *rechner) kopiere() {
	if m.leben != nil && !m.blank {
		self := m.leben.store.Self()
		m.kopien = append(m.kopien, kopie{m.disk.Copy(), m.key, m.till, self, m.gelesen[self]})
		m.l.sage("%d is copied", m.nr)
	}
}

// kopierter is a machine of which there is an old copy, if there is one.
func (l *lauf) kopierter(m *rechner) *rechner {
	for range l.rechner {
		if len(m.kopien) > 0 {
			break
		}
		m = l.rechner[(m.nr+1)%len(l.rechner)]
	}
	return m
}

func (m *rechner) ersetze(c disk.Copy, key seal.Key) {
	m.platte++
	m.disk.Put(c)
	m.key = key
	m.vergiss()
	m.l.nach(m.l.pause(), m.starte)
}

// verlust counts exactly what goes with the disk: acts that are durable nowhere else. They
// were booked and not safe; one that the machine called safe must not be among them, unless
// another disk was lost in the meantime.
func (m *rechner) verlust() {
	l, up := m.l, uint64(0)
	if lb := m.leben; lb != nil {
		up = lb.server.Copies.Up(lb.store.Self())
	}
	for _, key := range l.zusagen {
		seq, hier := m.inhalt[key]
		if !hier || l.woanders(m, key) {
			continue
		}
		l.verloren[key] = true
		l.MitPlatte++
		if seq > 0 && seq <= up && !l.platteSeit(m) {
			l.fehler("act %s of machine %d was called safe, and no other machine has it", key, m.nr)
		}
	}
	m.verlorenUm = l.jetzt
}

// woanders reports whether another machine has the act durably.
func (l *lauf) woanders(m *rechner, key string) bool {
	for _, o := range l.rechner {
		if _, ok := o.inhalt[key]; ok && o != m {
			return true
		}
	}
	return false
}

// platteSeit reports whether another machine lost its disk since the program of this began.
func (l *lauf) platteSeit(m *rechner) bool {
	for _, o := range l.rechner {
		if o != m && o.platte > 0 && o.verlorenUm >= m.leben.seit {
			return true
		}
	}
	return false
}
