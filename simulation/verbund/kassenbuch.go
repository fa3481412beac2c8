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

// buchung is a Bon and the record that booked it.
type buchung struct {
	journal.Record
	bon bon.Bon
}

// geld notes a Bon for the cash. An act that was done at two tills counts at the one whose record is the earlier.
func (a *akten) geld(r journal.Record, b bon.Bon) {
	act := r.Key + string(r.InputHash[:])
	if old, again := a.gebucht[act]; again && !r.Earlier(&old.Record) {
		return
	}
	a.gebucht[act] = buchung{r, b}
}

// bar is the cash in each drawer, by all records.
func (a *akten) bar() map[string]money.Cent {
	all := map[string]money.Cent{}
	for _, k := range a.gebucht {
		till, _, err := bons.Split(k.bon.Nummer)
		if err != nil {
			a.l.fehler("%v", err)
			continue
		}
		into := cmp.Or(k.bon.Lade, till)
		all[into] += abschluss.Bargeld(k.bon, till, into)
	}
	return all
}

// kassenbuch holds the cash of each drawer against all records.
func (a *akten) kassenbuch(ctx context.Context, lb *leben) {
	bar := a.bar()
	err := lb.store.View(ctx, func(rows journal.Rows) error {
		list, err := kassenbuch.Laden(rows)
		if len(list) != len(bar) {
			a.l.fehler("the Kassenbuch has %d drawers, the records have %d", len(list), len(bar))
		}
		for _, l := range list {
			if l.Bar != bar[l.Till] {
				a.l.fehler("the Kassenbuch of till %s has %s, the records say %s", l.Till, l.Bar, bar[l.Till])
			}
		}
		return err
	})
	if err != nil {
		a.l.fehler("reading the Kassenbuch: %v", err)
	}
}
