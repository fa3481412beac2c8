package verkauf

import (
	"cmp"
	"fmt"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/offeneposten"
)

// umkehrbar refuses to undo what others have built on: the sale of a voucher that was redeemed,
// a credit or prepayment that was settled.
func umkehrbar(rows journal.Rows, old bon.Bon) error {
	for _, p := range old.Positionen {
		kind, delta, ok := p.Geschaeft.Offen(-p.Gesamt)
		if !ok {
			continue
		}
		x, _, err := offeneposten.Find(rows, kind, postenNummer(old, p))
		if err != nil {
			return err
		}
		if x.Offen+delta >= 0 {
			continue
		}
		return fault.New(fault.Conflict, "V-523", fmt.Sprintf("„%s“ ist schon eingelöst oder bezahlt – "+
			"stornieren Sie zuerst den Bon, auf dem das geschah.", p.Bezeichnung), nil)
	}
	return nil
}

// postenNummer is which open item a line of a sale is about: a credit bears the number of its Bon.
func postenNummer(b bon.Bon, p bon.Position) string {
	if p.Geschaeft == bon.Forderung {
		return cmp.Or(p.Bezug, b.Nummer)
	}
	return p.Bezug
}

// verrechnet gives back what goods cost the way it came: first to a credit that is still open,
// then to the voucher. The lines are negative to those of the sale.
func verrechnet(rows journal.Rows, old bon.Bon, undoing []bon.Bon, zurueck money.Cent) ([]bon.Position, error) {
	var list []bon.Position
	for _, g := range []bon.Geschaeft{bon.Forderung, bon.Gutscheineinloesung} {
		for _, p := range old.Positionen {
			if p.Geschaeft != g {
				continue
			}
			part, err := anteil(rows, old, undoing, p)
			if err != nil {
				return nil, err
			}
			if part = min(part, zurueck); part <= 0 {
				continue
			}
			zurueck -= part
			p.Menge, p.Preis, p.Gesamt, p.Privat, p.Bezug = -1, part, part, part, postenNummer(old, p)
			list = append(list, p)
		}
	}
	return list, nil
}

// anteil is how much can still be given back to a credit or voucher of a sale.
func anteil(rows journal.Rows, old bon.Bon, undoing []bon.Bon, p bon.Position) (money.Cent, error) {
	part := -p.Gesamt
	for _, u := range undoing {
		for _, q := range u.Positionen {
			if q.Nr == p.Nr {
				part -= q.Gesamt
			}
		}
	}
	if p.Geschaeft != bon.Forderung {
		return part, nil
	}
	x, _, err := offeneposten.Find(rows, bon.Forderung, postenNummer(old, p))
	return min(part, x.Offen), err
}
