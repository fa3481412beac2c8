package bon

import "github.com/offizin/offizin/domain/money"

// MaxEntfernt is how many lines taken out of it a Bon keeps: more than sixty lines are in no cart.
const MaxEntfernt = 200

// Entfernt is what was taken out of a cart when the last packs of a line were, 1 to Menge: what it
// was and what it cost, whoever would have paid, and nothing of a person (DSFinV-K 4.2.3).
func (p Position) Entfernt(packs int) Position {
	share := func(c money.Cent) money.Cent {
		if packs >= p.Menge {
			return c
		}
		return c - money.Ratio(c, int64(p.Menge-packs), int64(p.Menge))
	}
	return Position{
		Nr: p.Nr, Art: p.Art, PZN: p.PZN, SOK: p.SOK, Bezeichnung: p.Bezeichnung, Packung: p.Packung, Menge: packs,
		Preis: p.Preis, Rabatt: share(p.Rabatt), Gesamt: share(p.Gesamt), MwSt: p.MwSt, Rx: p.Rx,
		Geschaeft: p.Geschaeft, Schluessel: p.Schluessel,
	}
}

// Gegenzeile is the line that takes a line back to nothing.
func (p Position) Gegenzeile() Position {
	p.Menge, p.Rabatt, p.Gesamt = -p.Menge, -p.Rabatt, -p.Gesamt
	return p
}
