package rezeptannahme

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/internal/fault"
)

// The limits of a prescription. A Muster 16 has three lines, a hospital's nine.
const (
	maxZeilen = 9
	maxText   = 2000 // bytes of one field
)

// check refuses what cannot be kept; what law says about it are Befunde.
func check(r rezept.Rezept) error {
	switch {
	case len(r.Verordnungen) == 0:
		return fault.New(fault.Invalid, "R-403",
			"Das Rezept hat keine Verordnung – geben Sie mindestens eine Zeile ein.", nil)
	case len(r.Verordnungen) > maxZeilen:
		return fault.New(fault.Invalid, "R-404",
			"Das Rezept hat mehr als neun Zeilen – teilen Sie es auf.", nil)
	case !r.Ausgestellt.Valid():
		return fault.New(fault.Invalid, "R-405",
			"Das Ausstellungsdatum fehlt oder gibt es nicht – Form: 23.11.2026.", nil)
	case !packungen(r):
		return fault.New(fault.Invalid, "R-408",
			"Eine Zeile hat keine oder unmöglich viele Packungen – geben Sie 1 bis 9999 ein.", nil)
	case !texte(r):
		return fault.New(fault.Invalid, "R-409",
			"Ein Feld des Rezepts ist zu lang oder enthält Steuerzeichen – kürzen Sie es.", nil)
	}
	birth := r.Patient.GeburtText
	if _, _, ok := rezept.GeburtSpanne(birth); r.Herkunft != rezept.ERezept && birth != "" && !ok {
		return fault.New(fault.Invalid, "R-410",
			"Dieses Geburtsdatum gibt es nicht – Form: 23.11.1961.", nil)
	}
	return nil
}

func packungen(r rezept.Rezept) bool {
	const most = 9999
	for _, v := range r.Verordnungen {
		if v.Packungen < 1 || v.Packungen > most {
			return false
		}
	}
	return true
}

func texte(r rezept.Rezept) bool {
	all := []string{
		r.ID, r.Kostentraeger.IK, r.Kostentraeger.Name, r.Verordner.Name, r.Verordner.LANR, r.Verordner.BSNR,
		r.Patient.Name, r.Patient.Vorname, r.Patient.KVNR, r.Patient.Strasse, r.Patient.PLZ, r.Patient.Ort,
	}
	for _, v := range r.Verordnungen {
		all = append(all, v.Text, v.Wirkstoff, v.Dosierung, v.Hinweis, string(v.PZN))
	}
	for _, s := range all {
		control := func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' }
		if len(s) > maxText || strings.ContainsFunc(s, control) {
			return false
		}
	}
	return true
}

func first(list []befund.Befund) error {
	for _, b := range list {
		if b.Schwere == befund.Hindernis {
			return b
		}
	}
	return nil
}
