package erezept

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/abrechnung"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/money"
)

// posten is the reading of one line under way.
type posten struct{ abrechnung.Zeile }

func zeile(k *knoten, kosten, pkv bool) (abrechnung.Zeile, error) {
	z := posten{abrechnung.Zeile{Text: k.wert("chargeItemCodeableConcept/text")}}
	price := k.kind("priceComponent")
	var err error
	if z.Nr, err = strconv.Atoi(k.wert("sequence")); err != nil {
		return z.Zeile, errAbgabe("die Nummer einer Zeile")
	}
	if err = z.code(k.pfad("chargeItemCodeableConcept/coding")); err != nil {
		return z.Zeile, err
	}
	if f := price.wert("factor"); faktorform.MatchString(f) {
		z.Faktor, _ = strconv.Atoi(f)
	} else {
		return z.Zeile, errAbgabe("der Faktor einer Zeile")
	}
	if z.Betrag, err = cent(price.kind("amount"), "der Preis einer Zeile"); err != nil {
		return z.Zeile, err
	}
	if z.MwSt, err = satz(price.ext("DAV-EX-ERP-MwStSatz").text()); err != nil {
		return z.Zeile, err
	}
	if kosten {
		if err = z.kosten(price, pkv); err != nil {
			return z.Zeile, err
		}
	}
	z.chargen(k)
	if z.Attribut, err = attribute(k.ext("DAV-EX-ERP-Zusatzattribute")); err != nil {
		return z.Zeile, err
	}
	if z.Attribut.Noctu && (z.System != abrechnung.SystemSOK || z.Code != gebuehr.SOKNoctu) {
		return z.Zeile, errAbgabe("das Sonderkennzeichen der Notdienstgebühr")
	}
	return z.Zeile, nil
}

func (z *posten) chargen(k *knoten) {
	for _, e := range k.alle("extension") {
		if endung(e.url) == "DAV-EX-ERP-Chargenbezeichnung" {
			z.Chargen = append(z.Chargen, e.text())
		}
	}
}

func (z *posten) code(coding *knoten) error {
	z.Code = coding.wert("code")
	switch s := endung(coding.wert("system")); {
	case s == "pzn" && nummernform.MatchString(z.Code):
		z.System = abrechnung.SystemPZN
	case s == "TA1.abda.de" && nummernform.MatchString(z.Code):
		z.System = abrechnung.SystemSOK
	case s == "hmnr" && hilfsmittel.MatchString(z.Code):
		z.System = abrechnung.SystemHMNR
	default:
		return errAbgabe("die Nummer des Artikels")
	}
	return nil
}

func satz(text string) (money.PPM, error) {
	if !satzform.MatchString(text) {
		return 0, errAbgabe("der Mehrwertsteuersatz")
	}
	n, err := strconv.ParseInt(strings.Replace(text, ".", "", 1), 10, 64)
	if err != nil {
		return 0, errAbgabe("der Mehrwertsteuersatz")
	}
	return money.PPM(n) * money.Percent / 100, nil
}

// kosten reads what the patient pays, by category.
func (z *posten) kosten(price *knoten, pkv bool) error {
	found := false
	for _, e := range price.alle("extension") {
		if endung(e.url) != "DAV-EX-ERP-KostenVersicherter" {
			continue
		}
		n, err := strconv.Atoi(e.ext("Kategorie").code())
		if err != nil || n < 0 || n > 2 || (pkv && n != 0) {
			return errAbgabe("die Kategorie der Kosten des Versicherten")
		}
		c, err := cent(e.ext("Kostenbetrag").inhalt(), "der Betrag des Versicherten")
		if err != nil {
			return err
		}
		z.Kosten[n] += c
		found = true
	}
	if !found {
		return errAbgabe("der Betrag des Versicherten")
	}
	return nil
}

// attribute reads the Zusatzattribute; a key outside of its list is an error.
func attribute(e *knoten) (abrechnung.Attribute, error) {
	a := abrechnung.Attribute{Markt: -1, Rabattvertrag: -1, Preisguenstig: -1, Import: -1, Zuzahlungsstatus: -1}
	var err error
	key := func(x *knoten, highest int, into *int) {
		if !x.gibt() || err != nil {
			return
		}
		n, bad := strconv.Atoi(x.ext("Schluessel").code())
		if bad != nil || n < 0 || n > highest || (n == 4 && highest >= 4 && into != &a.Markt && !hatFreitext(x)) {
			err = errAbgabe("ein Schlüssel der Zusatzattribute")
			return
		}
		*into = n
	}
	fam := e.ext("ZusatzattributFAM")
	key(fam.ext("Markt"), 5, &a.Markt)
	key(fam.ext("Rabattvertragserfuellung"), 4, &a.Rabattvertrag)
	key(fam.ext("PreisguenstigesFAM"), 4, &a.Preisguenstig)
	key(fam.ext("ImportFAM"), 5, &a.Import)
	key(e.ext("ZusatzattributMehrkostenuebernahme"), 2, &a.Mehrkostenuebernahme)
	key(e.ext("ZusatzattributZuzahlungsstatus"), 1, &a.Zuzahlungsstatus)
	if err == nil && fam.gibt() && !vollstaendig(fam) {
		err = errAbgabe("eine Gruppe der Zusatzattribute")
	}
	rest(&a, e)
	const longest = 20
	if len([]rune(a.Genehmigung)) > longest {
		err = errAbgabe("eine Genehmigung mit höchstens 20 Zeichen")
	}
	if n := e.ext("ZusatzattributAbgabeNoctu").ext("DatumUhrzeit"); n.gibt() && !strings.Contains(n.text(), "T") {
		err = errAbgabe("die Uhrzeit der Notdienstgebühr")
	}
	return a, err
}

func hatFreitext(x *knoten) bool { return x.ext("DokumentationFreitext").text() != "" }

// vollstaendig reports whether all four groups are there with their own number.
func vollstaendig(fam *knoten) bool {
	for i, name := range []string{"Markt", "Rabattvertragserfuellung", "PreisguenstigesFAM", "ImportFAM"} {
		if fam.ext(name).ext("Gruppe").code() != strconv.Itoa(i+1) {
			return false
		}
	}
	return true
}

func rest(a *abrechnung.Attribute, e *knoten) {
	yes := func(name string) bool { return e.ext("Zusatzattribut" + name).ext("Schluessel").ja() }
	a.Wunsch, a.Wirkstoff, a.Ersatz = yes("Wunscharzneimittel"), yes("Wirkstoffverordnung"), yes("Ersatzverordnung")
	a.Befruchtung, a.Einzelimport = yes("KuenstlicheBefruchtung"), yes("EinzelimportierteFAM")
	a.Noctu, a.Teilmenge = yes("AbgabeNoctu"), yes("Teilmengenabgabe")
	a.SpenderPZN = e.ext("ZusatzattributTeilmengenabgabe").ext("Spender-PZN").code()
	a.Angaben = e.ext("ZusatzattributZusaetzlicheAbgabeangaben").ext("DokumentationFreitext").text()
	a.Genehmigung = e.ext("ZusatzattributGruppeFuerGenehmigung").ext("DokumentationFreitext").text()
}
