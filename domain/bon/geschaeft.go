package bon

import "slices"

// Geschaeft is the kind of business case a line is (GV_TYP, DSFinV-K 2.4 Anhang C).
type Geschaeft string

// The business cases of a pharmacy. A line that names none is Umsatz.
const (
	Umsatz              Geschaeft = "Umsatz"
	Rabatt              Geschaeft = "Rabatt"
	Gutscheinkauf       Geschaeft = "MehrzweckgutscheinKauf"
	Gutscheineinloesung Geschaeft = "MehrzweckgutscheinEinloesung"
	Forderung           Geschaeft = "Forderungsentstehung"
	Forderungsausgleich Geschaeft = "Forderungsaufloesung"
	Anzahlung           Geschaeft = "Anzahlungseinstellung"
	Anzahlungsausgleich Geschaeft = "Anzahlungsaufloesung"
)

// The business cases that move cash and nothing else.
const (
	Anfangsbestand Geschaeft = "Anfangsbestand"
	Geldtransit    Geschaeft = "Geldtransit"
	Privatentnahme Geschaeft = "Privatentnahme"
	Privateinlage  Geschaeft = "Privateinlage"
	Lohnzahlung    Geschaeft = "Lohnzahlung"
	Einzahlung     Geschaeft = "Einzahlung"
	Auszahlung     Geschaeft = "Auszahlung"
	DifferenzSoll  Geschaeft = "DifferenzSollIst"
)

// NurBargeld says whether the business case moves cash and nothing else.
func (g Geschaeft) NurBargeld() bool {
	return slices.Contains([]Geschaeft{
		Anfangsbestand, Geldtransit, Privatentnahme, Privateinlage, Lohnzahlung, Einzahlung, Auszahlung, DifferenzSoll,
	}, g)
}
