package erezept

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// patient reads the person. A birth date may be a year or a year and a month.
func (l *leser) patient(k *knoten) error {
	if !k.gibt() {
		return errFehlt("der Patient")
	}
	p := &l.r.Patient
	p.Name, p.Vorname = name(k)
	p.GeburtText = k.wert("birthDate")
	first, last, ok := rezept.GeburtSpanne(p.GeburtText)
	switch {
	case !ok:
		l.sag("R-126", befund.Warnung, "Patient",
			"Das Geburtsdatum fehlt oder gibt es nicht; bitte mit der Gesundheitskarte vergleichen.")
	case first == last:
		p.Geburt = first
	}
	for _, id := range k.alle("identifier") {
		if v := id.wert("value"); p.KVNR == "" || endung(id.wert("system")) == "kvid-10" {
			p.KVNR = v
		}
	}
	p.Strasse, p.PLZ, p.Ort = anschrift(k)
	return nil
}

// name is family name and given name of a person.
func name(k *knoten) (family, given string) {
	n := k.kind("name")
	var first []string
	for _, g := range n.alle("given") {
		first = append(first, strings.TrimSpace(g.value))
	}
	return n.wert("family"), strings.Join(first, " ")
}

func anschrift(k *knoten) (strasse, plz, ort string) {
	a := k.kind("address")
	var lines []string
	for _, z := range a.alle("line") {
		if v := strings.TrimSpace(z.value); v != "" {
			lines = append(lines, v)
		}
	}
	return strings.Join(lines, ", "), a.wert("postalCode"), a.wert("city")
}

// kostentraeger reads who pays.
func (l *leser) kostentraeger(k *knoten) {
	payor := k.kind("payor")
	id := payor.kind("identifier")
	l.r.Kostentraeger = rezept.Kostentraeger{
		Art: l.traeger(k.wert("type/coding/code")), IK: id.wert("value"), Name: payor.wert("display"),
		AlternativIK: id.ext("KBV_EX_FOR_Alternative_IK").inhalt().wert("value"),
	}
}

// traeger maps the kinds of insurance of HL7 Germany and KBV to the payers that the
// payment of the patient tells apart.
func (l *leser) traeger(code string) zuzahlung.Traeger {
	switch code {
	case "GKV":
		return zuzahlung.GKV
	case "PKV", "PPV", "BEI":
		return zuzahlung.PKV
	case "BG", "UK":
		return zuzahlung.BG
	case "SKT", "SOZ":
		return zuzahlung.SKT
	case "GPV":
		return zuzahlung.Pflege
	case "SEL":
		return zuzahlung.Selbstzahler
	}
	l.sag("R-127", befund.Warnung, code,
		"Die Art des Kostenträgers fehlt oder ist nicht bekannt; gerechnet wird als Selbstzahler, bitte nachfragen.")
	return zuzahlung.Selbstzahler
}

// verordner reads the prescriber, and who is in charge of a trainee.
func (l *leser) verordner() {
	ref := l.b.erste("MedicationRequest").wert("requester/reference")
	if ref == "" {
		ref = l.b.erste("SupplyRequest").wert("requester/reference")
	}
	person := l.b.folge(ref, "Practitioner")
	if !person.gibt() {
		person = l.b.erste("Practitioner")
	}
	v := &l.r.Verordner
	v.Name = vollerName(person)
	for _, id := range person.alle("identifier") {
		switch id.wert("type/coding/code") {
		case "LANR":
			v.LANR = id.wert("value")
		case "ZANR":
			v.ZANR = id.wert("value")
		}
	}
	for _, q := range person.alle("qualification") {
		if t := q.wert("code/text"); t != "" {
			v.Bezeichnung = t
		}
	}
	for _, p := range l.b.nachArt["Practitioner"] {
		if p != person {
			v.Verantwortlich = vollerName(p)
		}
	}
	l.einrichtung(l.b.erste("Organization"))
}

func vollerName(k *knoten) string {
	family, given := name(k)
	return strings.Join(strings.Fields(k.wert("name/prefix")+" "+given+" "+family), " ")
}

func (l *leser) einrichtung(k *knoten) {
	v := &l.r.Verordner
	v.Einrichtung = k.wert("name")
	for _, id := range k.alle("identifier") {
		switch id.wert("type/coding/code") {
		case "BSNR":
			v.BSNR = id.wert("value")
		case "KZVA":
			v.KZVA = id.wert("value")
		case "XX":
			v.EinrichtungIK = id.wert("value")
		}
		if endung(id.wert("system")) == "iknr" {
			v.EinrichtungIK = id.wert("value")
		}
	}
	for _, t := range k.alle("telecom") {
		if t.wert("system") == "phone" {
			v.Telefon = t.wert("value")
		}
	}
	v.Strasse, v.PLZ, v.Ort = anschrift(k)
}
