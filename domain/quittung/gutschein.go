package quittung

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gutschein"
)

// gutscheine sets the vouchers that were sold, each with its worth and the code that redeems it, at the
// end, where they can be cut off. Practice sells none.
func (b Beleg) gutscheine() (out []Zeile) {
	if b.Bon.Art != bon.Verkauf || b.Bon.Uebung || b.Training {
		return nil
	}
	for _, p := range b.Bon.Positionen {
		n, ok := gutschein.Parse(p.Bezug)
		if p.Geschaeft != bon.Gutscheinkauf || !ok {
			continue
		}
		out = append(
			out, Zeile{Style: Rule}, Zeile{Left: "GUTSCHEIN über " + p.Gesamt.String(), Style: Big},
			Zeile{Left: n.String(), Style: Center}, Zeile{Left: n.Code(), Style: Code},
			Zeile{Left: "Zum Einlösen diesen Code scannen lassen, auch in Teilen.", Style: Small},
		)
	}
	return out
}
