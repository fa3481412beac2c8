// Package einspielung is reading a new catalogue in while the pharmacy sells: a process of
// its own builds it, this one shows how far it is, can stop it and keeps what became of it.
package einspielung

import (
	"fmt"
	"time"
)

// Phase is a part of a build.
type Phase string

// The phases, in their order.
const (
	Lesen   Phase = "lesen"   // the source is checked
	Bauen   Phase = "bauen"   // the files of the generation are written
	Pruefen Phase = "pruefen" // the gate compares it with the one before
)

// Zeile is one line, as JSON, that a build prints for the program that has started it.
type Zeile struct {
	Phase   Phase  `json:"phase,omitempty"`
	N       int    `json:"n,omitempty"`       // articles done in the phase
	Von     int    `json:"von,omitempty"`     // of so many; 0: not known
	Text    string `json:"text,omitempty"`    // what a person would read
	Katalog string `json:"katalog,omitempty"` // the generation that was built
}

// anteil is what the articles of a phase take of a whole import, in thousandths; measured
// with a delivery of 500,000 articles (ADR 0014).
func anteil(p Phase) int64 {
	switch p {
	case Lesen:
		return 340
	case Bauen:
		return 540
	case Pruefen:
		return 40
	}
	return 0
}

// spaeter is what comes after the last article of the phase: behind Bauen the index is
// written for 80 thousandths, which reports nothing.
func spaeter(p Phase) int64 {
	switch p {
	case Lesen:
		return 660
	case Bauen:
		return 120
	case Pruefen:
	}
	return 0
}

// Schaetzung says from what was reported how much of a build is done, and how long the rest
// will take at the pace of the present phase.
type Schaetzung struct {
	Phase  Phase // empty: nothing was reported yet
	N, Von int

	seit, zuletzt time.Duration // monotonic: begin of the phase, last report
}

// The least from which a pace is told.
const (
	mindestZeit   = 700 * time.Millisecond
	mindestAnteil = 100 // one hundredth
)

// Melde takes a report in; mono is the monotonic clock.
func (s *Schaetzung) Melde(z Zeile, mono time.Duration) {
	if z.Phase == "" {
		return
	}
	if z.Phase != s.Phase {
		s.seit = mono
	}
	s.Phase, s.N, s.Von, s.zuletzt = z.Phase, z.N, z.Von, mono
}

// Gesamt is how many articles the phase has; 0 is not known. A total taken from the catalogue
// before is none any more once more have come.
func (s *Schaetzung) Gesamt() int {
	if s.N > s.Von {
		return 0
	}
	return s.Von
}

// Promille is how much is done, 0 to 1000. It never falls within a build whose phases come
// in their order.
func (s *Schaetzung) Promille() int {
	done := 1000 - anteil(s.Phase) - spaeter(s.Phase)
	if s.Phase == "" {
		return 0
	}
	if s.Von > 0 {
		done += anteil(s.Phase) * int64(min(s.N, s.Von)) / int64(s.Von)
	}
	return int(done)
}

// Rest is how long the build will still take; false as long as nobody can tell.
func (s *Schaetzung) Rest() (time.Duration, bool) {
	took := s.zuletzt - s.seit
	if s.Von <= 0 || s.N <= 0 || took < mindestZeit || s.N < s.Von/mindestAnteil {
		return 0, false
	}
	phase := time.Duration(int64(took) / int64(s.N) * int64(max(s.N, s.Von)))
	return phase - took + time.Duration(int64(phase)/anteil(s.Phase)*spaeter(s.Phase)), true
}

// Wort is the phase for people.
func (p Phase) Wort() string {
	switch p {
	case Lesen:
		return "Quelle wird gelesen"
	case Bauen:
		return "Katalog wird gebaut"
	case Pruefen:
		return "Katalog wird geprüft"
	}
	return "Einspielen beginnt"
}

// Dauer is a time left in words, as exact as an estimate is.
func Dauer(d time.Duration) string {
	switch s := int64(d.Round(time.Second) / time.Second); {
	case s < 1:
		return "einen Augenblick"
	case s == 1:
		return "etwa 1 Sekunde"
	case s < 90:
		return fmt.Sprintf("etwa %d Sekunden", s)
	default:
		return fmt.Sprintf("etwa %d Minuten", (s+30)/60)
	}
}
