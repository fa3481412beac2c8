// Package zuzahlungen keeps what each patient paid as Zuzahlung. Table "zuzahlungen":
//
//	PERSON/TAG/LAMPORT/ORIGIN/SEQ what one Bon counts for the person
package zuzahlungen

import (
	"fmt"
	"maps"
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/nachweis"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "zuzahlungen"

// Projection folds them.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	sold, ok := e.(event.VerkaufAbgeschlossen)
	if !ok {
		return nil
	}
	paid := nachweis.Aus(sold.Bon)
	for _, person := range slices.Sorted(maps.Keys(paid)) {
		key := fmt.Sprintf("%s/%s/%016x/%s/%d", person, sold.Bon.Tag, r.Lamport, r.Origin, r.Seq)
		if err := projection.Put(tx, table, key, paid[person]); err != nil {
			return err
		}
	}
	return nil
}

// Each calls f for what a person paid on the days from von to bis, by day.
func Each(rows journal.Rows, person string, von, bis civil.Day, f func(nachweis.Zeile) (bool, error)) error {
	r := journal.Prefix(person + "/")
	r.From = person + "/" + von.String() + "/"
	return projection.Each(rows, table, r, func(_ string, z nachweis.Zeile) (bool, error) {
		if z.Tag > bis {
			return false, nil
		}
		return f(z)
	})
}
