package erezept

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/abrechnung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

// The profiles of billing data.
const (
	abgabeGKV = "DAV-PR-ERP-AbgabedatenBundle"
	abgabePKV = "DAV-PKV-PR-ERP-AbgabedatenBundle"
)

// ParseAbgabedaten reads billing data: DAV 1.4 and 1.5, DAV-PKV 1.3 and 1.4. Whatever
// breaks a rule of the profile on which an amount depends is an error. Only with
// kosten are the amounts of the patient read and needed.
func ParseAbgabedaten(data []byte, kosten bool) (abrechnung.Abgabedaten, error) {
	if len(data) > MaxBytes {
		return abrechnung.Abgabedaten{}, errGross()
	}
	b, err := leseBundle(data)
	if err != nil {
		return abrechnung.Abgabedaten{}, err
	}
	a := abrechnung.Abgabedaten{Profil: b.profil + "|" + b.version, PKV: b.profil == abgabePKV}
	known := "1.4 und 1.5"
	switch b.profil + "|" + version(b.version) {
	case abgabeGKV + "|1.4", abgabeGKV + "|1.5", abgabePKV + "|1.3", abgabePKV + "|1.4":
	default:
		if b.profil != abgabeGKV && b.profil != abgabePKV {
			return a, errProfil("kein Abgabedatensatz", b.profil)
		}
		if a.PKV {
			known = "1.3 und 1.4"
		}
		return a, errVersion("Der Abgabedatensatz", b.version, known)
	}
	x := abgabe{a}
	err = x.lies(b, kosten)
	return x.Abgabedaten, err
}

// mitProfil returns the resource of a type whose profile ends in the name.
func (b *bundle) mitProfil(art, name string) *knoten {
	for _, k := range b.nachArt[art] {
		if p, _ := k.profil(); strings.HasSuffix(p, name) {
			return k
		}
	}
	return &knoten{}
}

// abgabe is the reading under way.
type abgabe struct{ abrechnung.Abgabedaten }

func (a *abgabe) lies(b *bundle, kosten bool) error {
	info := b.mitProfil("MedicationDispense", "Abgabeinformationen")
	invoice := b.mitProfil("Invoice", "Abrechnungszeilen")
	a.Rezept = info.wert("authorizingPrescription/identifier/value")
	if !idForm(a.Rezept) {
		return errAbgabe("die Rezept-ID")
	}
	when := info.wert("whenHandedOver")
	day, err := civil.Parse(when)
	if err != nil {
		return errAbgabe("der Tag der Abgabe")
	}
	a.Abgabe = day
	apotheke := b.erste("Organization")
	a.ApothekeIK = apotheke.wert("identifier/value")
	if n := len(apotheke.wert("address/postalCode")); n > 5 {
		return errAbgabe("die Postleitzahl der Apotheke")
	}
	if err := a.aenderungen(info); err != nil {
		return err
	}
	if err := herstellung(b); err != nil {
		return err
	}
	if err := a.summen(invoice, kosten); err != nil {
		return err
	}
	return a.zeilen(invoice, kosten)
}

func (a *abgabe) aenderungen(info *knoten) error {
	for _, e := range info.kind("substitution").kinder {
		if endung(e.url) != "DAV-EX-ERP-Rezeptaenderung" {
			continue
		}
		n, err := strconv.Atoi(e.ext("ArtRezeptaenderung").code())
		known := (n >= 1 && n <= 14 && (!a.PKV || n != 11)) || (a.PKV && n == 21)
		if err != nil || !known {
			return errAbgabe("die Art der Rezeptänderung")
		}
		if (n == 2 || n == 3 || n == 4 || n == 12) && e.ext("DokumentationRezeptaenderung").text() == "" {
			return errAbgabe("die Begründung der Rezeptänderung")
		}
		a.Aenderungen = append(a.Aenderungen, n)
	}
	return nil
}

// herstellung looks at the amounts of a Rezeptur's ingredients, which nothing is
// computed from.
func herstellung(b *bundle) error {
	for _, k := range b.nachArt["MedicationDispense"] {
		if e := k.kind("whenPrepared"); e.gibt() && !strings.Contains(e.value, "T") {
			return errAbgabe("die Uhrzeit der Herstellung")
		}
	}
	for _, k := range b.nachArt["Invoice"] {
		if p, _ := k.profil(); !strings.HasSuffix(p, "ZusatzdatenEinheit") {
			continue
		}
		for _, z := range k.alle("lineItem") {
			if v := z.wert("priceComponent/amount/value"); v != "" && !preisform.MatchString(v) {
				return errAbgabe("der Preis eines Bestandteils")
			}
		}
	}
	return nil
}

var (
	preisform   = regexp.MustCompile(`^-?\d{1,9}\.\d{2}$`)
	satzform    = regexp.MustCompile(`^\d{1,2}\.\d{2}$`)
	faktorform  = regexp.MustCompile(`^\d{1,6}$`)
	nummernform = regexp.MustCompile(`^\d{8}$`)
	hilfsmittel = regexp.MustCompile(`^\d{10}$`)
)

// cent reads an amount with two decimals in euro.
func cent(k *knoten, what string) (money.Cent, error) {
	text := k.wert("value")
	if k.wert("currency") != "EUR" || !preisform.MatchString(text) {
		return 0, errAbgabe(what)
	}
	n, err := strconv.ParseInt(strings.Replace(text, ".", "", 1), 10, 64)
	if err != nil || n > int64(money.MaxInput) || -n > int64(money.MaxInput) {
		return 0, errAbgabe(what)
	}
	return money.Cent(n), nil
}

func (a *abgabe) summen(invoice *knoten, kosten bool) error {
	total := invoice.kind("totalGross")
	var err error
	if a.Brutto, err = cent(total, "die Bruttosumme"); err != nil {
		return err
	}
	if kosten {
		a.Gesamtzuzahlung, err = cent(total.ext("DAV-EX-ERP-Gesamtzuzahlung").inhalt(), "die Gesamtzuzahlung")
	}
	return err
}

// maxAbrechnung is the most lines that are read.
const maxAbrechnung = 999

func (a *abgabe) zeilen(invoice *knoten, kosten bool) error {
	items := invoice.alle("lineItem")
	if len(items) == 0 || len(items) > maxAbrechnung {
		return errAbgabe("die Abrechnungszeile")
	}
	for i, k := range items {
		z, err := zeile(k, kosten, a.PKV)
		if err != nil {
			return err
		}
		if z.Nr != i+1 {
			return errAbgabe("die lückenlose Zählung der Zeilen")
		}
		a.Zeilen = append(a.Zeilen, z)
	}
	return nil
}
