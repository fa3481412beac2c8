package person

import (
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// maxText is the longest text of one field of a person, in bytes.
const maxText = 200

// Check refuses what cannot be a person: no name, overlong or unprintable text, a
// birth day that is none.
func Check(p Person) error {
	if strings.TrimSpace(p.Name) == "" {
		return fault.New(fault.Invalid, "N-201", "Der Name fehlt – geben Sie den Nachnamen ein.", nil)
	}
	for _, s := range []string{p.Name, p.Vorname, p.GeburtText, p.KVNR, p.IK, p.Kostentraeger, p.Strasse, p.PLZ, p.Ort, p.Telefon} {
		if len(s) > maxText || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
			return fault.New(fault.Invalid, "N-202",
				"Ein Feld ist zu lang oder enthält Steuerzeichen – kürzen Sie es auf 200 Zeichen.", nil)
		}
	}
	if p.Geburt != 0 && !p.Geburt.Valid() {
		return fault.New(fault.Invalid, "N-203", "Dieses Geburtsdatum gibt es nicht – Form: 23.11.1961.", nil)
	}
	return nil
}
