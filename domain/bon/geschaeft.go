package bon

import (
	"slices"

	"github.com/offizin/offizin/domain/money"
)

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

// Offen says what a business case does to an open item – a voucher, a customer's credit, a
// prepayment – by which case it began, and by how much what is open of it changes when the line
// has this amount; false: it is about none.
func (g Geschaeft) Offen(gesamt money.Cent) (beginn Geschaeft, delta money.Cent, ok bool) {
	switch g { //nolint:exhaustive // the others are about no item
	case Gutscheinkauf, Gutscheineinloesung:
		return Gutscheinkauf, gesamt, true
	case Anzahlung, Anzahlungsausgleich:
		return Anzahlung, gesamt, true
	case Forderung, Forderungsausgleich:
		return Forderung, -gesamt, true
	}
	return "", 0, false
}

// Beginnt says whether the business case begins an open item.
func (g Geschaeft) Beginnt() bool { return g == Gutscheinkauf || g == Anzahlung || g == Forderung }
