package bon

import (
	"cmp"
	"slices"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

// Steuer is the VAT of one rate: of everything sold, whoever pays it. The Zuzahlung
// lowers the bill to the Kostenträger, not the turnover.
type Steuer struct {
	Satz                money.PPM
	Brutto, Netto, MwSt money.Cent
}

// Steuern sums the lines up by rate, the highest first. VAT is taken out of the sum,
// not of each line, so that one Bon has one rounding per rate.
func (b Bon) Steuern() []Steuer {
	var list []Steuer
	for _, p := range b.Positionen {
		if p.MwSt == 0 && p.Geschaeft != "" && p.Geschaeft != Umsatz {
			continue // a voucher or a credit is no turnover
		}
		i := slices.IndexFunc(list, func(s Steuer) bool { return s.Satz == p.MwSt })
		if i < 0 {
			list = append(list, Steuer{Satz: p.MwSt})
			i = len(list) - 1
		}
		list[i].Brutto += p.Gesamt - p.Kulanz // what is waived was never turned over (§ 17 UStG)
	}
	for i := range list {
		s := &list[i]
		s.MwSt = preis.MwStEnthalten(s.Brutto, s.Satz)
		s.Netto = s.Brutto - s.MwSt
	}
	slices.SortFunc(list, func(a, b Steuer) int { return cmp.Compare(b.Satz, a.Satz) })
	return list
}
