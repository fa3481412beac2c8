package erezept

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

// Abgabedaten are what a pharmacy bills for one prescription.
type Abgabedaten struct {
	Profil     string // "DAV-PR-ERP-AbgabedatenBundle|1.5"
	PKV        bool
	Rezept     string // id of the prescription
	Abgabe     civil.Day
	ApothekeIK string
	// Aenderungen are the keys of the DAV for what the pharmacy changed: 13 shortage …
	Aenderungen    []int
	Zeilen         []Abrechnungszeile
	Brutto         money.Cent // totalGross
	Gesamtzuzahlung money.Cent
}

// The systems of a line's code.
const (
	SystemPZN  = "pzn"
	SystemSOK  = "sok"
	SystemHMNR = "hmnr"
)

// Abrechnungszeile is one line. Betrag is of the whole line.
type Abrechnungszeile struct {
	Nr           int
	System, Code string
	Text         string
	Faktor       int
	Betrag       money.Cent
	MwSt         money.PPM
	// Kosten are Zuzahlung, Mehrkosten and Eigenbeteiligung as stated (categories 0 to 2).
	Kosten   [3]money.Cent
	Attribut Attribute
	Chargen  []string
}

// Attribute are the Zusatzattribute of a line.
type Attribute struct {
	// Markt, Rabattvertrag, Preisguenstig and Import are the keys of groups 1 to 4; -1 if
	// not stated.
	Markt, Rabattvertrag, Preisguenstig, Import int
	Mehrkostenuebernahme                        int // group 5: 1 § 129(4c), 2 Rabattvertrag; 0 none
	Wunsch                                      bool
	Wirkstoff                                   bool
	Ersatz                                      bool
	Befruchtung                                 bool
	Einzelimport                                bool
	Noctu                                       bool
	Angaben                                     string // group 12: free text
	Genehmigung                                 string
	Zuzahlungsstatus                            int // group 15: 0 liable, 1 free; -1 not stated
	Teilmenge                                   bool
	SpenderPZN                                  string
}

// The profiles of billing data.
const (
	abgabeGKV = "DAV-PR-ERP-AbgabedatenBundle"
	abgabePKV = "DAV-PKV-PR-ERP-AbgabedatenBundle"
)

// ParseAbgabedaten reads billing data: DAV 1.4 and 1.5, DAV-PKV 1.3 and 1.4. Whatever
// breaks a rule of the profile on which an amount depends is an error. Only with
// kosten are the amounts of the patient read and needed.
func ParseAbgabedaten(data []byte, kosten bool) (Abgabedaten, error) {
	if len(data) > MaxBytes {
		return Abgabedaten{}, errGross()
	}
	b, err := leseBundle(data)
	if err != nil {
		return Abgabedaten{}, err
	}
	a := Abgabedaten{Profil: b.profil + "|" + b.version, PKV: b.profil == abgabePKV}
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
	return a, a.lies(b, kosten)
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

func (a *Abgabedaten) lies(b *bundle, kosten bool) error {
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

func (a *Abgabedaten) aenderungen(info *knoten) error {
	for _, e := range info.kind("substitution").kinder {
		if endung(e.url) != "DAV-EX-ERP-Rezeptaenderung" {
			continue
		}
		n, err := strconv.Atoi(e.ext("ArtRezeptaenderung").code())
		known := (n >= 1 && n <= 14 && !(a.PKV && n == 11)) || (a.PKV && n == 21)
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
			if v := z.wert("priceComponent/amount/value"); v != "" && !einheitspreis.MatchString(v) {
				return errAbgabe("der Preis eines Bestandteils")
			}
		}
	}
	return nil
}

//nolint:gochecknoglobals // the forms that the profiles prescribe
var (
	preisform     = regexp.MustCompile(`^-?\d{1,9}\.\d{2}$`)
	einheitspreis = regexp.MustCompile(`^-?\d{1,9}\.\d{2,5}$`)
	satzform      = regexp.MustCompile(`^\d{1,2}\.\d{2}$`)
	faktorform    = regexp.MustCompile(`^\d{1,6}$`)
	nummernform   = regexp.MustCompile(`^\d{8}$`)
	hilfsmittel   = regexp.MustCompile(`^\d{10}$`)
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

func (a *Abgabedaten) summen(invoice *knoten, kosten bool) error {
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

func (a *Abgabedaten) zeilen(invoice *knoten, kosten bool) error {
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
