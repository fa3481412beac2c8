package stoerung

import (
	"errors"
	"fmt"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow/notfallmappe"
)

// notfallmappe: what is wrong with it is a warning, never more. Nothing waits for it.
func (*Service) notfallmappe(s notfallmappe.Stand) Glied {
	const id, name = "notfallmappe", "Notfallmappe"
	again := "Unter Berichte, Notfallmappe (Alt N) noch einmal erstellen; die Meldung dort sagt, woran es liegt."
	there := "es gibt keine"
	if s.Tag != 0 {
		there = "es gilt die vom " + s.Tag.German()
	}
	switch {
	case code(s.Fehler) == "A-712":
		return bad(id, name, Warnung, "S-412", "Für die Notfallmappe ist kein Platz, "+there+" – schaffen Sie Platz auf "+
			"der Festplatte.", "Papierkorb leeren, alte Downloads löschen; die Daten von Offizin nicht anfassen.")
	case s.Fehler != nil:
		return bad(id, name, Warnung, "S-411", "Die Notfallmappe ließ sich nicht erstellen, "+there+
			" – erstellen Sie sie noch einmal.", again)
	case s.Geloescht:
		return bad(id, name, Warnung, "S-413", "Eine Notfallmappe nennt noch eine gelöschte Person – erstellen Sie "+
			"sie neu.", again)
	case s.Warnung != nil:
		return bad(id, name, Warnung, "S-414", "In der Notfallmappe fehlen die Vormerkungen, sie waren nicht lesbar – "+
			"lassen Sie die Daten prüfen.",
			"„offizin journal verify“ laufen lassen; fehlt knoten.key, aus der Sicherung zurückholen.")
	case s.StickFehler != nil:
		return stick(id, name, s.StickFehler)
	case s.Tag == 0 || !s.Heute:
		return gut(id, name, "Die Notfallmappe von heute wird gleich erstellt.")
	}
	hour, minute := clock.TimeOfDay(s.Zeit)
	text := fmt.Sprintf("Die Notfallmappe von heute ist da (%02d:%02d Uhr)", hour, minute)
	switch {
	case s.Stick == "":
		return gut(id, name, text+"; ein Stick ist nicht eingestellt.")
	case s.StickZeit.IsZero():
		return gut(id, name, text+"; sie wird gleich auf den Stick kopiert.")
	}
	return gut(id, name, text+" und auf dem Stick.")
}

// stick says why the Mappe is not on it.
func stick(id, name string, err error) Glied {
	const enter = "Ohne Stick geht alles weiter; der Ordner steht unter Einstellungen."
	switch code(err) {
	case "A-713", "A-714":
		return bad(id, name, Warnung, "S-415", "Die Notfallmappe ist nicht auf dem Stick, er ist nicht da – stecken "+
			"Sie ihn ein.", enter)
	case "A-715":
		return bad(id, name, Warnung, "S-416", "Die Notfallmappe ist nicht auf dem Stick, er ist voll – schaffen Sie "+
			"dort Platz.", enter)
	}
	return bad(id, name, Warnung, "S-417", "Die Notfallmappe ist nicht auf dem Stick, er lässt sich nicht "+
		"beschreiben – nehmen Sie einen anderen.", enter)
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}
