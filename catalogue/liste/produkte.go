package liste

import (
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

// produkte is the layout of the products in published examples of E-Rezepte. It does
// not say which of them need a prescription; all were prescribed, and a drug sold
// without one that needs it is the worse mistake, so that all but dressings and aids
// are taken for Rx.
func produkte(ab civil.Day) []feld {
	return []feld{
		{"pzn", "", setzePZN},
		{"name", "", setzeName},
		{"darreichungsform", "darreichungsform_kbv", setzeProduktform},
		{"normgroesse", "", setzeProduktnorm},
		{"menge", "packungsgroesse", text(20, func(a *artikel.Artikel) *string { return &a.Menge })},
		{"einheit", "", text(20, func(a *artikel.Artikel) *string { return &a.Einheit })},
		{"kategorie", "kategorie_kbv", setzeKategorie},
		{"impfstoff", "", setzeImpfstoff},
		{"prices", "", func(z *catalogue.Zeile, s string) *befund.Befund {
			z.Artikel.AVP, z.Artikel.MwSt = preisAm(s, ab)
			return nil
		}},
	}
}

func setzeProduktform(z *catalogue.Zeile, s string) *befund.Befund {
	a := &z.Artikel
	switch s {
	case "---", "":
	case "TUP", "KOM", "BIN", "VER":
		a.Darreichungsform, a.Art = s, artikel.Verbandmittel
	case "ELE", "KAN", "KAT", "LAN":
		a.Darreichungsform, a.Art = s, artikel.Hilfsmittel
	default:
		return setzeForm(z, s)
	}
	return nil
}

// setzeProduktnorm drops what is no size ("unknown", "Sonstiges").
func setzeProduktnorm(z *catalogue.Zeile, s string) *befund.Befund {
	if setzeNorm(z, s) != nil {
		z.Artikel.Normgroesse = ""
	}
	return nil
}

// setzeKategorie reads the KBV key of the kind of drug: 00 plain, 01 BtM, 02 T-Rezept.
func setzeKategorie(z *catalogue.Zeile, s string) *befund.Befund {
	a := &z.Artikel
	a.BtM, a.TRezept = s == "01", s == "02"
	a.Verschreibungspflichtig = a.Art == ""
	return nil
}

func setzeImpfstoff(z *catalogue.Zeile, s string) *befund.Befund {
	if s == "true" {
		z.Artikel.Art = artikel.Impfstoff
	}
	return nil
}

// preisAm chooses the latest price that is not after the day from a list
// "date|packs|total|rate of VAT; …". Prices of several packs that do not divide, of
// nothing, and without a rate (those are no packs) are passed over.
func preisAm(s string, ab civil.Day) (avp money.Cent, mwst artikel.MwSt) {
	var latest civil.Day
	for entry := range strings.SplitSeq(s, ";") {
		f := strings.Split(strings.TrimSpace(entry), "|")
		if len(f) != 4 || f[3] == "" || f[1] != "1" {
			continue
		}
		day, err := civil.Parse(f[0])
		total, err2 := money.ParseDecimal(f[2])
		var z catalogue.Zeile
		if err != nil || err2 != nil || total <= 0 || day > ab || day < latest || setzeMwSt(&z, f[3]) != nil {
			continue
		}
		latest, avp, mwst = day, total, z.Artikel.MwSt
	}
	return avp, mwst
}
