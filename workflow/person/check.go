package person

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/clock"
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
	for _, s := range []string{
		p.Name, p.Vorname, p.GeburtText, p.KVNR, p.IK, p.Kostentraeger, p.Strasse, p.PLZ, p.Ort, p.Telefon,
	} {
		if len(s) > maxText || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
			return fault.New(fault.Invalid, "N-202",
				"Ein Feld ist zu lang oder enthält Steuerzeichen – kürzen Sie es auf 200 Zeichen.", nil)
		}
	}
	if p.Geburt != 0 && !p.Geburt.Valid() {
		return fault.New(fault.Invalid, "N-203", "Dieses Geburtsdatum gibt es nicht – Form: 23.11.1961.", nil)
	}
	if p.BefreitBis != 0 && !p.BefreitBis.Valid() {
		return fault.New(fault.Invalid, "N-205", "Dieses Ende der Befreiung gibt es nicht – Form: 31.12.2026.", nil)
	}
	return nil
}

// maxAlter is an age nobody has reached.
const maxAlter = 130

// born refuses a birth day in the future or longer ago than anybody lives.
func (s *Service) born(p Person) error {
	if p.Geburt == 0 || !p.Geburt.Valid() {
		return nil // Check says what is wrong
	}
	today := clock.Today(s.kern.Clock)
	switch age := p.Geburt.AgeOn(today); {
	case p.Geburt > today:
		return fault.New(fault.Invalid, "N-204", "Das Geburtsdatum liegt in der Zukunft – prüfen Sie das Jahr.", nil)
	case age > maxAlter:
		return fault.New(fault.Invalid, "N-206", "Niemand ist älter als 130 Jahre – prüfen Sie das Jahr der Geburt.", nil)
	}
	return nil
}

// Hinweise says which numbers of a person look wrong. They only warn: a customer is
// put on file with what the card says.
func Hinweise(p Person) []befund.Befund {
	var list []befund.Befund
	for _, n := range []struct {
		art  kennung.Art
		wert string
	}{{kennung.ArtKVNR, p.KVNR}, {kennung.ArtIK, p.IK}} {
		if n.wert == "" {
			continue
		}
		if e := kennung.Pruefe(n.art, n.wert); e.Befund != nil {
			b := *e.Befund
			b.Schwere = min(b.Schwere, befund.Warnung)
			list = append(list, b)
		}
	}
	return list
}
