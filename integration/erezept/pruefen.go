package erezept

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// pruefen looks at the length of the numbers, which every profile fixes. Check digits
// are left to whoever keeps the prescription: test insurers have none.
func (l *leser) pruefen() {
	r := &l.r
	l.laenge("R-134", r.Kostentraeger.IK, "Das IK des Kostenträgers hat nicht neun Ziffern; bitte die Karte einlesen.")
	l.laenge("R-134", r.Kostentraeger.AlternativIK,
		"Das IK des Unfallversicherers hat nicht neun Ziffern; bitte in der Praxis nachfragen.")
	l.laenge("R-135", r.Verordner.LANR, "Die Arztnummer hat nicht neun Ziffern; bitte in der Praxis nachfragen.")
	l.laenge("R-135", r.Verordner.ZANR, "Die Zahnarztnummer hat nicht neun Ziffern; bitte in der Praxis nachfragen.")
	l.laenge("R-136", r.Verordner.BSNR,
		"Die Betriebsstättennummer hat nicht neun Ziffern; bitte in der Praxis nachfragen.")
	l.laenge("R-136", r.Verordner.KZVA,
		"Die KZV-Abrechnungsnummer hat nicht neun Ziffern; bitte in der Praxis nachfragen.")
	if !r.Sprechstundenbedarf && len([]rune(r.Patient.KVNR)) != 10 && r.Patient.KVNR != "" {
		l.sag("R-137", befund.Warnung, "Patient",
			"Die Versichertennummer hat nicht zehn Stellen; bitte mit der Gesundheitskarte vergleichen.")
	}
}

func (l *leser) laenge(code, nummer, text string) {
	if nummer != "" && (len(nummer) != 9 || strings.Trim(nummer, "0123456789") != "") {
		l.sag(code, befund.Warnung, nummer, text)
	}
}
