package verbund

import (
	"cmp"
	"context"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kassenbuch"
)

// geld takes the cash of one Bon in.
func (a *akten) geld(b bon.Bon) {
	till, _, err := bons.Split(b.Nummer)
	if err != nil {
		a.l.fehler("%v", err)
		return
	}
	if a.bar == nil {
		a.bar = map[string]money.Cent{}
	}
	into := cmp.Or(b.Lade, till)
	a.bar[into] += abschluss.Bargeld(b, till, into)
}

// kassenbuch holds the cash of each drawer against all records.
func (a *akten) kassenbuch(ctx context.Context, lb *leben) {
	err := lb.store.View(ctx, func(rows journal.Rows) error {
		list, err := kassenbuch.Laden(rows)
		if len(list) != len(a.bar) {
			a.l.fehler("the Kassenbuch has %d drawers, the records have %d", len(list), len(a.bar))
		}
		for _, l := range list {
			if l.Bar != a.bar[l.Till] {
				a.l.fehler("the Kassenbuch of till %s has %s, the records say %s", l.Till, l.Bar, a.bar[l.Till])
			}
		}
		return err
	})
	if err != nil {
		a.l.fehler("reading the Kassenbuch: %v", err)
	}
}
