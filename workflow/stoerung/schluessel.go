package stoerung

import (
	"errors"

	"github.com/offizin/offizin/internal/fault"
)

// Schluessel is how the key of the personal data is kept on this machine.
type Schluessel struct {
	Da       bool   // the key is there, personal data are open
	Speicher string // the key store of the system that keeps it; empty: it is a file
	Fehler   error  // why the key store that keeps it does not give it; nil: it does, or there is none
}

// Schluesselspeicher judges it. A key that is missing without a key store being to blame is judged
// among the machines.
func Schluesselspeicher(s Schluessel) []Glied {
	const id, name = "schluesselspeicher", "Schlüsselspeicher"
	const ausweg = vonSelbst + "Verkauft wird weiter; Preise, Bestand und Bons sind da."
	f, failed := errors.AsType[*fault.Fault](s.Fehler)
	switch {
	case failed && !s.Da:
		return []Glied{bad(id, name, Warnung, f.Code, f.Text, ausweg)}
	case failed:
		return []Glied{bad(id, name, Warnung, "J-323", "Der Schlüssel der Kundendaten kam nicht aus dem Schlüsselspeicher "+
			"des Systems, er liegt jetzt als Datei da – schließen Sie ihn mit „offizin schluessel wegschliessen“ neu weg.",
			"Verkauft wird weiter, und Kundendaten sind offen; zu eilen braucht es nicht.")}
	case !s.Da:
		return nil
	case s.Speicher != "":
		return []Glied{gut(id, name, "Der Schlüssel der Kundendaten ist im Schlüsselspeicher des Systems weggeschlossen ("+
			s.Speicher+").")}
	}
	return []Glied{gut(id, name, "Der Schlüssel der Kundendaten liegt als Datei im Datenordner; die Festplatte muss "+
		"verschlüsselt sein.")}
}
