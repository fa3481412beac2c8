package kassenbeleg

import (
	"cmp"
	"slices"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

func typ(b bon.Bon) Typ {
	switch {
	case b.Uebung:
		return AVTraining
	case b.Art == bon.Abbruch:
		return AVBelegabbruch
	case b.Art == bon.Bestellung:
		return AVBestellung
	}
	return Beleg
}

// zeile is a line: the goods, and what was waived of their price.
func zeile(p bon.Position) []Geschaeft {
	g := Geschaeft{
		Position: p.Nr, Typ: cmp.Or(p.Geschaeft, bon.Umsatz), Name: gvName(p.Geschaeft), Bezeichnung: p.Bezeichnung,
		Schluessel: Schluessel(p), Satz: p.MwSt, Menge: p.Menge,
	}
	list := []Geschaeft{g.mit(p.Gesamt)}
	if p.Kulanz != 0 {
		g.Typ, g.Name, g.Bezeichnung, g.Menge = bon.Rabatt, "Zuzahlung erlassen", "Zuzahlung erlassen", 1
		list = append(list, g.mit(-p.Kulanz))
	}
	return list
}

// Gegenzeile is the business case that takes another one back to nothing.
func (g Geschaeft) Gegenzeile() Geschaeft {
	g.Menge, g.Brutto, g.Netto, g.Steuer = -g.Menge, -g.Brutto, -g.Netto, -g.Steuer
	return g
}

// gvName is what the tax office reads beside the kind: no number and no name of a person.
func gvName(g bon.Geschaeft) string {
	switch g { //nolint:exhaustive // the others say it by their kind
	case bon.Gutscheinkauf, bon.Gutscheineinloesung:
		return "Gutschein"
	case bon.Forderung, bon.Forderungsausgleich:
		return "Kundenkredit"
	case bon.Anzahlung, bon.Anzahlungsausgleich:
		return "Abholer"
	}
	return ""
}

// mit is the business case with an amount.
func (g Geschaeft) mit(brutto money.Cent) Geschaeft {
	g.Brutto = brutto
	g.Steuer = preis.MwStEnthalten(brutto, g.Satz)
	g.Netto = brutto - g.Steuer
	return g
}

// verteilt shares the tax of each key, which is rounded once for the record, out to its lines:
// so what stands on the receipt is the sum of its lines, and the Z that of its receipts. A line
// differs by at most one cent from its own rounding.
func verteilt(list []Geschaeft) {
	sums := map[int]money.Cent{}
	for i := range list {
		g := &list[i]
		before := preis.MwStEnthalten(sums[g.Schluessel], g.Satz)
		sums[g.Schluessel] += g.Brutto
		g.Steuer = preis.MwStEnthalten(sums[g.Schluessel], g.Satz) - before
		g.Netto = g.Brutto - g.Steuer
	}
}

// Schluessel is the VAT key of a line.
func Schluessel(p bon.Position) int {
	switch {
	case p.Schluessel != 0:
		return p.Schluessel
	case p.MwSt == 0 && p.Geschaeft != "" && p.Geschaeft != bon.Umsatz:
		return NichtSteuerbar
	case p.MwSt == 0:
		return Steuerfrei
	}
	if key, ok := map[money.PPM]int{
		7 * money.Percent: Ermaessigt, 16 * money.Percent: 21, 5 * money.Percent: 22, // the latter from July to December 2020
	}[p.MwSt]; ok {
		return key
	}
	return Allgemein
}

// forderung is what one insurer owes.
type forderung struct {
	name   string
	betrag money.Cent
}

// traeger sums up what each insurer pays, in order of their names.
func traeger(b bon.Bon) []forderung {
	var list []forderung
	for _, p := range b.Positionen {
		if p.TraegerZahlt == 0 {
			continue
		}
		name := string(p.Traeger)
		if p.IK != "" {
			name += " " + p.IK
		}
		i := slices.IndexFunc(list, func(f forderung) bool { return f.name == name })
		if i < 0 {
			list = append(list, forderung{name: name})
			i = len(list) - 1
		}
		list[i].betrag += p.TraegerZahlt
	}
	slices.SortFunc(list, func(a, b forderung) int { return cmp.Compare(a.name, b.name) })
	return slices.DeleteFunc(list, func(f forderung) bool { return f.betrag == 0 })
}

func zahlung(z bon.Zahlung) Zahlung {
	if z.Beleg != nil && z.Beleg.Karte == karte.Kredit {
		return Zahlung{Art: Kreditkarte, Name: "Kreditkarte", Betrag: z.Betrag}
	}
	if z.Art == bon.Karte {
		return Zahlung{Art: ECKarte, Name: "Karte", Betrag: z.Betrag}
	}
	return Zahlung{Art: Bar, Name: "Bar", Betrag: z.Betrag}
}
