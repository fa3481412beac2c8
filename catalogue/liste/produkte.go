package liste

import (
	"strconv"
	"strings"

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
		{"pzn", "", setzePZN(false)},
		{"name", "", setzeName},
		{"darreichungsform", "darreichungsform_kbv", setzeProduktform},
		{"normgroesse", "", setzeProduktnorm},
		{"menge", "packungsgroesse", text(20, func(a *artikel.Artikel) *string { return &a.Menge })},
		{"einheit", "", text(20, func(a *artikel.Artikel) *string { return &a.Einheit })},
		{"kategorie", "kategorie_kbv", setzeKategorie},
		{"impfstoff", "", setzeImpfstoff},
		{"prices", "", func(z *Satz, s string) *befund.Befund {
			z.Zeile.Artikel.AVP, z.Zeile.Artikel.MwSt = preisAm(s, ab)
			return nil
		}},
	}
}

func setzeProduktform(z *Satz, s string) *befund.Befund {
	a := &z.Zeile.Artikel
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
func setzeProduktnorm(z *Satz, s string) *befund.Befund {
	if setzeNorm(z, s) != nil {
		z.Zeile.Artikel.Normgroesse = ""
	}
	return nil
}

// setzeKategorie reads the KBV key of the kind of drug: 00 plain, 01 BtM, 02 T-Rezept.
func setzeKategorie(z *Satz, s string) *befund.Befund {
	a := &z.Zeile.Artikel
	a.BtM, a.TRezept = s == "01", s == "02"
	a.Verschreibungspflichtig = a.Art == ""
	return nil
}

func setzeImpfstoff(z *Satz, s string) *befund.Befund {
	if s == "true" {
		z.Zeile.Artikel.Art = artikel.Impfstoff
	}
	return nil
}

// preisAm chooses the latest price that is not after the day from a list
// "date|packs|total|rate of VAT; …". What does not divide by the packs, costs nothing,
// or has no rate (an ingredient and no pack) is passed over. A rate that there is not
// stands for the full one: some sources have another figure in its place.
func preisAm(s string, ab civil.Day) (avp money.Cent, mwst artikel.MwSt) {
	var latest civil.Day
	for entry := range strings.SplitSeq(s, ";") {
		f := strings.Split(strings.TrimSpace(entry), "|")
		if len(f) != 4 || f[3] == "" {
			continue
		}
		packs, err := strconv.ParseUint(f[1], 10, 8)
		total, err2 := money.ParseDecimal(f[2])
		if err != nil || err2 != nil || packs == 0 || total <= 0 || total%money.Cent(packs) != 0 {
			continue
		}
		day := civil.Day(0) // of an entry without a date: older than all others
		if f[0] != "" {
			if day, err = civil.Parse(f[0]); err != nil || day > ab {
				continue
			}
		}
		if day < latest {
			continue
		}
		var z Satz
		if setzeMwSt(&z, f[3]) != nil {
			z.Zeile.Artikel.MwSt = artikel.MwStVoll
		}
		latest, avp, mwst = day, total/money.Cent(packs), z.Zeile.Artikel.MwSt
	}
	return avp, mwst
}
