package clock

import (
	"sync"
	"time"
)

// The limits of a Guarded clock, decided in ADR 0018.
const (
	genau = 5 * time.Minute // a step up to this is a correction, as by NTP
	ruhe  = 16 * time.Hour  // a program that was suspended for one night wakes within
	pause = 35 * 24 * time.Hour
	erste = 1_767_225_600 // Unix second of 2026-01-01: this program cannot have run before
)

// Verdacht is what is wrong with the machine's clock.
type Verdacht string

// The suspicions. Zurueck, Voraus and Uneins mean that the machine is not believed now.
const (
	Kein    Verdacht = ""
	Zurueck Verdacht = "zurueck" // it stands before the highest time seen
	Voraus  Verdacht = "voraus"  // it ran ahead by more than pause
	Sprung  Verdacht = "sprung"  // it is believed, but ran ahead by more than ruhe while the program ran
	Gewesen Verdacht = "gewesen" // it is believed again after one of those
	Uneins  Verdacht = "uneins"  // the clocks of other machines say another time, which counts
)

// Merk is what a Guarded clock keeps over a restart. Times are UTC.
type Merk struct {
	Hoechste time.Time `json:"hoechste"` // highest time seen
	Verdacht Verdacht  `json:"verdacht"`
	Seit     time.Time `json:"seit"` // when the suspicion began, by the time that was used then
	Bis      time.Time `json:"bis"`  // when the machine was believed again; zero: not yet

	Vorbild    Vorbild `json:"vorbild,omitzero"`
	Bestaetigt bool    `json:"bestaetigt,omitempty"` // a person said that it is right although others say another time
}

// zweifelt reports whether the machine does not believe its own clock.
func (m Merk) zweifelt() bool { return m.Verdacht == Zurueck || m.Verdacht == Voraus }

// Stand is what a Guarded clock thinks at one moment.
type Stand struct {
	Merk

	Rechner time.Time // what the machine's clock says, UTC
	Gilt    time.Time // what counts, UTC
}

// Zweifelhaft reports whether the machine's clock is not believed.
func (s Stand) Zweifelhaft() bool { return s.zweifelt() || s.Verdacht == Uneins }

// Guarded tells the machine's time as long as it can be right. Otherwise it goes on from the
// last time that was believed, by the monotonic clock, until a person confirms or the
// machine's clock can be right again. Safe for concurrent use.
type Guarded struct {
	machine Clock

	mu    sync.Mutex
	merk  Merk
	last  time.Time     // the last time that was believed
	mono  time.Duration // when that was
	fresh bool          // nothing was believed since the start: the program may have been off for long

	neu    bool          // nothing was known at the start, and nobody has borne out the machine's clock since
	folgt  time.Duration // when Vorbild.Gilt was
	anders bool          // the other machines' clocks said another time when they were asked last
}

// NewGuarded returns a clock over that of the machine that goes on from what was kept before; without that
// it begins at the day on which this program was made.
func NewGuarded(machine Clock, m Merk) *Guarded {
	if floor := time.Unix(erste, 0).UTC(); m.Hoechste.Before(floor) {
		m.Hoechste = floor
	}
	g := &Guarded{machine: machine, merk: m, last: m.Hoechste.UTC(), mono: machine.Mono(), fresh: true}
	g.neu = g.first()
	g.weiter()
	return g
}

// Now implements Clock.
func (g *Guarded) Now() time.Time { return g.Stand().Gilt }

// Mono implements Clock.
func (g *Guarded) Mono() time.Duration { return g.machine.Mono() }

// Stand looks at the clock.
func (g *Guarded) Stand() Stand {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stand(g.machine.Now(), g.machine.Mono())
}

func (g *Guarded) stand(wall time.Time, mono time.Duration) Stand {
	s := Stand{Rechner: wall, Gilt: g.zeit(wall, mono)}
	if s.Merk = g.merk; s.Vorbild.Von != "" {
		s.Verdacht, s.Seit, s.Bis = Uneins, s.Vorbild.Seit, time.Time{}
	}
	return s
}

// Merk is what must be kept over a restart.
func (g *Guarded) Merk() Merk {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stand(g.machine.Now(), g.machine.Mono())
	return g.merk
}

// Meinung is what the machine's clock says, and whether that counts.
func (g *Guarded) Meinung() Meinung {
	g.mu.Lock()
	defer g.mu.Unlock()
	wall := g.machine.Now()
	g.stand(wall, g.machine.Mono())
	return Meinung{Zeit: wall, Zweifel: g.merk.zweifelt(), Uneins: g.merk.Vorbild.Von != ""}
}

// judge decides whether the wall clock is believed and returns the time that counts.
func (g *Guarded) judge(wall time.Time, mono time.Duration) time.Time {
	due := g.last.Add(mono - g.mono)
	ahead := wall.Sub(due)
	switch {
	case ahead < -genau || wall.Before(g.merk.Hoechste.Add(-genau)):
		return g.doubt(Zurueck, due)
	case ahead > pause && !g.first():
		return g.doubt(Voraus, due)
	case g.merk.zweifelt():
		g.merk.Verdacht, g.merk.Bis = Gewesen, wall
	case ahead > ruhe && !g.fresh && g.merk.Verdacht == Kein:
		g.merk.Verdacht, g.merk.Seit, g.merk.Bis = Sprung, due, wall
	}
	g.believe(wall, mono)
	return wall
}

// first reports whether nothing is known but when this program was made.
func (g *Guarded) first() bool { return g.fresh && g.merk.Hoechste.Unix() == erste }

func (g *Guarded) believe(wall time.Time, mono time.Duration) {
	g.last, g.mono, g.fresh = wall, mono, false
	if wall.After(g.merk.Hoechste) {
		g.merk.Hoechste = wall
	}
}

// doubt goes on without the machine's clock.
func (g *Guarded) doubt(v Verdacht, due time.Time) time.Time {
	if !g.merk.zweifelt() {
		g.merk.Seit = due
	}
	g.merk.Verdacht, g.merk.Bis = v, time.Time{}
	if due.After(g.merk.Hoechste) {
		g.merk.Hoechste = due
	}
	return due
}

// AtLeast makes the clock know a time that was seen by somebody else: the newest record of a
// journal whose own memory of the time is lost.
func (g *Guarded) AtLeast(t time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.Unix() > erste && g.neu || t.After(g.merk.Hoechste) { // or nothing was known when its clock was believed
		g.neu = false
		g.merk.Hoechste, g.last, g.mono, g.fresh = t.UTC(), t.UTC(), g.machine.Mono(), true
	}
}

// Confirm believes the machine's clock, whatever was seen before; a person says that it is
// right. It returns what was thought until then.
func (g *Guarded) Confirm() Stand {
	g.mu.Lock()
	defer g.mu.Unlock()
	wall, mono := g.machine.Now(), g.machine.Mono()
	old := g.stand(wall, mono)
	g.merk = Merk{Hoechste: wall, Bestaetigt: g.anders || old.Verdacht == Uneins}
	g.neu = false
	g.believe(wall, mono)
	return old
}
