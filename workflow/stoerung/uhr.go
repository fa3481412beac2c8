package stoerung

import (
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// Uhr judges a clock that knows itself when it is in doubt.
func Uhr(s clock.Stand) Glied {
	if g, ok := zweifel(s); ok {
		return g
	}
	return gut("uhr", "Uhr", "Die Uhr geht gleichmäßig.")
}

// zweifel judges a clock that knows itself when it is in doubt; false: it is not.
func zweifel(s clock.Stand) (Glied, bool) {
	const id, name = "uhr", "Uhr"
	ausweg := "Stimmt die Zeit des Rechners, hier bestätigen (F9); sonst Datum und Uhrzeit im Rechner richtigstellen, " +
		"das wird von selbst bemerkt. Der Verkauf geht weiter."
	switch s.Verdacht {
	case clock.Zurueck:
		return bad(id, name, Gestoert, "U-101", "Uhr zweifelhaft: Der Rechner zeigt "+zeit(s.Rechner)+
			", war aber schon weiter; es gilt "+zeit(s.Gilt)+" – stellen Sie die Uhr richtig.", ausweg), true
	case clock.Voraus:
		return bad(id, name, Gestoert, "U-102", "Uhr zweifelhaft: Der Rechner ist auf "+zeit(s.Rechner)+
			" vorgesprungen; es gilt "+zeit(s.Gilt)+" – stellen Sie die Uhr richtig oder bestätigen Sie sie.", ausweg), true
	case clock.Uneins:
		return bad(id, name, Gestoert, "U-106", "Die Uhr dieses Rechners zeigt "+zeit(s.Rechner)+", es gilt aber die Zeit "+
			"von "+s.Vorbild.Von+", "+zeit(s.Gilt)+" – stellen Sie die falsche Uhr richtig.", "Geht dieser Rechner richtig "+
			"und "+s.Vorbild.Von+" falsch, hier bestätigen (F9); sonst hier Datum und Uhrzeit richtigstellen, das wird von "+
			"selbst bemerkt. Der Verkauf geht weiter, und jeder Bon vermerkt es."), true
	case clock.Sprung:
		return bad(id, name, Warnung, "U-103", "Die Uhr ist von "+zeit(s.Seit)+" auf "+zeit(s.Bis)+
			" vorgerückt – bestätigen Sie es, wenn der Rechner so lange geruht hat.", ausweg), true
	case clock.Gewesen:
		return bad(id, name, Warnung, "U-104", "Die Uhr war zweifelhaft und geht wieder; was ab "+zeit(s.Seit)+
			" gebucht wurde, kann eine falsche Zeit tragen – prüfen Sie es und bestätigen Sie.", ausweg), true
	case clock.Kein:
	}
	return Glied{}, false
}

func zeit(t time.Time) string { return t.In(clock.Berlin()).Format("02.01.2006 15:04") }
