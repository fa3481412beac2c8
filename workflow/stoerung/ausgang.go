package stoerung

import (
	"fmt"
	"time"
)

// ausgangAlter is how long an errand to the outside may wait before somebody should look.
const ausgangAlter = 15 * time.Minute

// Ausgang is how the outbox stands.
type Ausgang struct {
	Wartet, Gescheitert, Unbekannt int
	Seit                           time.Time // of the oldest that waits, UTC; zero: none
	Fehler                         error
}

func (s *Service) ausgang(a Ausgang) Glied {
	const id, name, ausweg = "ausgang", "Aufträge nach außen", "Störungen, Alt G: dort wiederholen oder verwerfen."
	switch old := s.kern.Clock.Now().Sub(a.Seit); {
	case a.Fehler != nil:
		return bad(id, name, Warnung, "S-651",
			"Die Aufträge nach außen lassen sich nicht lesen – starten Sie Offizin neu.", "")
	case a.Gescheitert > 0:
		return bad(id, name, Warnung, "S-652",
			fmt.Sprintf("%d Aufträge nach außen sind gescheitert – entscheiden Sie, was geschieht.", a.Gescheitert), ausweg)
	case a.Unbekannt > 0:
		return bad(id, name, Warnung, "S-653",
			fmt.Sprintf("%d Aufträge nach außen kennt diese Version nicht – bringen Sie alle Rechner auf denselben Stand.",
				a.Unbekannt), "")
	case a.Wartet > 0 && old > ausgangAlter:
		return bad(id, name, Warnung, "S-654", fmt.Sprintf(
			"%d Aufträge warten, der älteste seit %d Minuten – prüfen Sie das Internet.", a.Wartet, int(old.Minutes())), ausweg)
	case a.Wartet > 0:
		return gut(id, name, fmt.Sprintf("%d Aufträge gehen gerade hinaus.", a.Wartet))
	}
	return gut(id, name, "Nichts wartet darauf, hinauszugehen.")
}
