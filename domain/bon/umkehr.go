package bon

import (
	"slices"

	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
)

// Umkehr returns the lines with all amounts and quantities negated: what a Storno
// books.
func (b Bon) Umkehr() []Position {
	list := slices.Clone(b.Positionen)
	for i := range list {
		list[i] = list[i].teil(0, list[i].Menge)
	}
	return list
}

// Zurueck returns the negated payments of a Bon: money goes back the way it came.
func (b Bon) Zurueck() []Zahlung {
	var list []Zahlung
	for _, z := range b.Zahlungen {
		back := Zahlung{Art: z.Art, Betrag: -z.Betrag}
		if z.Beleg != nil { // the same kind of card; its receipt is that of the sale
			back.Beleg = &karte.Beleg{Karte: z.Beleg.Karte}
		}
		list = append(list, back)
	}
	return list
}

// Retoure returns the line for menge packs brought back, after bereits packs of it
// were returned before. Shares are rounded so that all returns of a line together
// give exactly what was paid.
func (p Position) Retoure(bereits, menge int) Position { return p.teil(bereits, menge) }

// Retournierbar says whether packs of the line can be brought back: goods can, a fee
// or a preparation cannot.
func (p Position) Retournierbar() bool { return p.Art == vorgang.Artikel && p.Menge > 0 }

// teil is the negated share of the line from pack ab+1 on. What the payer bears is
// the rest, so that the parts of each share add up to its Gesamt.
func (p Position) teil(ab, menge int) Position {
	n := int64(p.Menge)
	share := func(c money.Cent) money.Cent {
		return money.Ratio(c, int64(ab), n) - money.Ratio(c, int64(ab+menge), n)
	}
	q := p
	q.Menge = -menge
	for _, c := range []*money.Cent{
		&q.Rabatt, &q.Gesamt, &q.Zuzahlung, &q.Mehrkosten, &q.Eigenbeteiligung, &q.Kulanz, &q.Abschlag,
	} {
		*c = share(*c)
	}
	if p.Privat != 0 {
		q.Privat = q.Gesamt - q.Zuzahlung - q.Mehrkosten - q.Eigenbeteiligung
	} else {
		q.TraegerZahlt = q.Gesamt - q.Zuzahlung - q.Mehrkosten - q.Eigenbeteiligung
	}
	q.Schritte = nil // the reasons stand on the Bon it refers to
	return q
}
