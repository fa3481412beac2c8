package stoerung

import (
	"fmt"
	"time"

	"github.com/offizin/offizin/internal/wacht"
)

// teilAlter is for how long a part that was started anew is told of.
const teilAlter = 12 * time.Hour

// programm: a part that spun, or a process that computes without end.
func (s *Service) programm(l wacht.Lage) Glied {
	const id, name = "programm", "Programm"
	restart := "Offizin beenden und neu starten, wenn gerade niemand wartet; dabei geht nichts verloren."
	for _, t := range l.Teile {
		if t.Haengt {
			return bad(id, name, Gestoert, "U-121", "Der Programmteil „"+t.Name+
				"“ läuft im Kreis und lässt sich nicht anhalten – starten Sie Offizin neu.", restart)
		}
	}
	if l.Anteil > 0 {
		return bad(id, name, Warnung, "U-122", fmt.Sprintf("Offizin rechnet seit einer Minute ohne Pause (%d %% eines "+
			"Prozessorkerns) – starten Sie es neu, wenn es so bleibt.", l.Anteil), restart)
	}
	for _, t := range l.Teile {
		if s.kern.Clock.Mono()-t.Zuletzt < teilAlter {
			return bad(id, name, Warnung, "U-120", fmt.Sprintf("Der Programmteil „%s“ lief im Kreis und wurde neu gestartet "+
				"(%d-mal) – melden Sie es.", t.Name, t.Neustarts), "Nichts zu tun, solange es einmal war.")
		}
	}
	return gut(id, name, "Alle Teile laufen in ruhigem Takt.")
}
