package clock

import "time"

// The limits between clocks of several machines, decided in ADR 0039. More than genau apart, one of them is wrong.
const (
	einig    = 4 * time.Minute // within this they agree again: between the two nothing flaps
	merklich = time.Minute     // a clock that is followed is set right by more than this
)

// Meinung is what the clock of a machine says, by itself.
type Meinung struct {
	Platz   string
	Rang    int
	Zeit    time.Time // now
	Fuehrt  bool
	Zweifel bool // the machine does not believe it: it has no vote
	Uneins  bool // the machine goes by that of another: it counts if one more agrees
}

// vor reports whether m counts when as many agree with either: one that goes by itself, the lead, the better rank.
func (m Meinung) vor(o Meinung) bool {
	switch {
	case m.Uneins != o.Uneins:
		return o.Uneins
	case m.Fuehrt != o.Fuehrt:
		return m.Fuehrt
	case m.Rang != o.Rang:
		return m.Rang < o.Rang
	}
	return m.Platz < o.Platz
}

// massgeblich is the clock that the most agree with; false if no other machine says anything of use. It is pure:
// whoever sees the same comes to the same. A clock that is doubted has no vote, but one that agrees with it bears out
// one that follows another: so two go right again of which the wrong one was set right.
func massgeblich(ich Meinung, andere []Meinung) (best Meinung, ok bool) {
	all, most := append([]Meinung{ich}, andere...), 0
	for i, m := range all {
		votes, with, heard := 1, 0, i > 0
		for j, o := range all {
			if j == i {
				continue
			}
			heard = heard || !o.Zweifel
			if JudgeSkew(m.Zeit, o.Zeit) != Falsch {
				with++
				votes += stimme(o)
			}
		}
		if m.Zweifel || m.Uneins && with == 0 || !heard && with == 0 {
			continue
		}
		if votes > most || votes == most && m.vor(best) {
			best, most = m, votes
		}
	}
	return best, most > 0
}

// stimme is how much a clock counts that agrees with another.
func stimme(m Meinung) int {
	if m.Zweifel {
		return 0
	}
	return 1
}

// Vorbild is the clock of another machine that counts in place of this machine's.
type Vorbild struct {
	Von     string        `json:"von"`     // whose it is; empty: none
	Seit    time.Time     `json:"seit"`    // since when, by the time that counted then
	Gilt    time.Time     `json:"gilt"`    // what it showed when this was noted
	Abstand time.Duration `json:"abstand"` // how far this machine's was ahead of it then
}

// Vergleichen hears what this machine is among the others, and what the clocks of those say that answer. While this
// machine's time is more than 5 minutes from the one that counts, it goes on with that, by the monotonic clock; nothing
// of it stays in the highest time seen. It reports whether something has changed that must not be forgotten.
func (g *Guarded) Vergleichen(ich Meinung, andere []Meinung) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	wall, mono := g.machine.Now(), g.machine.Mono()
	before := g.merk
	gilt := g.zeit(wall, mono)
	ich.Zeit, ich.Zweifel, ich.Uneins = wall, g.merk.zweifelt(), g.merk.Vorbild.Von != ""
	m, ok := massgeblich(ich, andere)
	if g.anders = ok && JudgeSkew(wall, m.Zeit) == Falsch; ok {
		g.richte(m, gilt, wall, mono)
	}
	now := g.merk
	return before.Vorbild.Von != now.Vorbild.Von || before.Verdacht != now.Verdacht || before.Bestaetigt != now.Bestaetigt
}

// richte follows the clock of m, stops to, or leaves all as it is.
func (g *Guarded) richte(m Meinung, gilt, wall time.Time, mono time.Duration) {
	apart, follows := wall.Sub(m.Zeit).Abs(), g.merk.Vorbild.Von != ""
	g.neu = g.neu && apart > einig
	if apart <= einig && (follows || g.merk.zweifelt()) {
		g.stimmt(wall, mono)
		return
	}
	if apart <= einig || g.merk.zweifelt() { // a person said it of the clock as it was
		g.merk.Bestaetigt = false
	}
	limit := genau
	if follows {
		limit = merklich
	}
	if g.merk.Bestaetigt || gilt.Sub(m.Zeit).Abs() <= limit || !g.glaublich(m.Zeit, gilt) {
		return
	}
	seit := m.Zeit
	switch {
	case follows:
		seit = g.merk.Vorbild.Seit
	case g.merk.zweifelt() || g.merk.Verdacht == Gewesen:
		seit = g.merk.Seit
	}
	g.merk.Vorbild, g.folgt = Vorbild{Von: m.Platz, Seit: seit, Gilt: m.Zeit, Abstand: wall.Sub(m.Zeit)}, mono
}

// glaublich reports whether the time of another machine can be: as for that of this one, nothing before this program
// was made, nothing far ahead of what counts unless that is only what was known at the last end, and nothing far before
// it unless this machine is new: then only its own clock says so.
func (g *Guarded) glaublich(t, gilt time.Time) bool {
	if g.fresh && g.merk.Vorbild.Von == "" {
		return t.Unix() >= erste
	}
	low := gilt // or less: whom it follows may have gone ahead in steps
	if g.merk.Hoechste.Before(low) {
		low = g.merk.Hoechste
	}
	return t.Unix() >= erste && t.Sub(gilt) <= pause && (g.neu || low.Sub(t) <= pause)
}

// zeit is the time that counts.
func (g *Guarded) zeit(wall time.Time, mono time.Duration) time.Time {
	own := g.judge(wall, mono)
	v := &g.merk.Vorbild
	if v.Von == "" {
		return own
	}
	gilt := v.Gilt.Add(mono - g.folgt)
	if wall.Sub(gilt).Abs() <= einig { // set right, also while nobody can be asked
		g.stimmt(wall, mono)
		return wall
	}
	v.Gilt, v.Abstand, g.folgt = gilt, wall.Sub(gilt), mono
	return gilt
}

// stimmt believes the machine's clock again, whatever it showed before: another one agrees with it.
func (g *Guarded) stimmt(wall time.Time, mono time.Duration) {
	seit := g.merk.Seit
	if g.merk.Vorbild.Von != "" {
		seit = g.merk.Vorbild.Seit
	}
	g.merk = Merk{Hoechste: wall, Verdacht: Gewesen, Seit: seit, Bis: wall}
	g.believe(wall, mono)
}

// weiter goes on after a restart: while the program was off the machine's clock went on, if it can be believed; else
// time goes on from where it ended.
func (g *Guarded) weiter() {
	wall, mono := g.machine.Now(), g.machine.Mono()
	g.judge(wall, mono)
	v := &g.merk.Vorbild
	g.folgt = mono
	if v.Von != "" && !g.merk.zweifelt() {
		v.Gilt = wall.Add(-v.Abstand)
	}
}
