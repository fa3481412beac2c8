package haus

import (
	"fmt"
	"unicode/utf8"

	"github.com/offizin/offizin/internal/fault"
)

// laengen refuses what the export for the tax office has no room for (DSFinV-K 2.4 Anhang G): a
// closing keeps these for ever, and the export cuts nothing.
func laengen(e Einstellungen) error {
	for _, f := range []struct {
		name, value string
		most        int // characters
	}{
		{"Der Name", e.Name, 60},
		{"Die Straße", e.Strasse, 60},
		{"Die Postleitzahl", e.PLZ, 10},
		{"Der Ort", e.Ort, 62},
		{"Die Steuernummer", e.Steuernummer, 20},
	} {
		if utf8.RuneCountInString(f.value) > f.most {
			return fault.New(fault.Invalid, "T-465", fmt.Sprintf(
				"%s der Apotheke darf höchstens %d Zeichen haben, mehr nimmt das Finanzamt nicht – bitte kürzen.",
				f.name, f.most), nil)
		}
	}
	return nil
}
