package catalogue

import (
	"cmp"
	"slices"

	"github.com/offizin/offizin/domain/artikel"
)

// The number of hits when nothing is asked for, and at most.
const (
	LimitUeblich = 20
	LimitHoechst = 200
)

// Grenze returns the number of hits to deliver, 1 to LimitHoechst.
func (a Anfrage) Grenze() int {
	if a.Limit <= 0 {
		return LimitUeblich
	}
	return min(a.Limit, LimitHoechst)
}

// NachPreis sorts articles as Gleiche delivers them: by the price at the till, those
// without one last, then by PZN.
func NachPreis(list []artikel.Artikel) {
	slices.SortFunc(list, func(a, b artikel.Artikel) int {
		x, y := a.Verkaufspreis(), b.Verkaufspreis()
		if (x == 0) != (y == 0) {
			return cmp.Compare(y, x)
		}
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.PZN, b.PZN))
	})
}
