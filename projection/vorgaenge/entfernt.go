package vorgaenge

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection"
)

// abgelegt notes that lines taken out of a cart stand in an abandoned record: the cart may go on,
// and its next record does not have them again.
func abgelegt(tx journal.Tx, b bon.Bon) error {
	if b.Vorgang == "" || len(b.Entfernt) == 0 {
		return nil
	}
	return projection.Put(tx, table, "a/"+b.Vorgang+"/"+b.Nummer, len(b.Entfernt))
}

// Entfernt is what was taken out of a cart and stands in no record yet, as it was priced then, the
// first first, at most bon.MaxEntfernt in all. Undoing a removal does not undo that it happened.
func Entfernt(rows journal.Rows, v Eintrag) ([]bon.Position, error) {
	if v.Entfernt == 0 {
		return nil, nil
	}
	taken, err := cuts(rows, v.ID)
	if err != nil {
		return nil, err
	}
	list, err := changes(rows, v.ID)
	if err != nil {
		return nil, err
	}
	var gone []bon.Position
	for _, a := range list {
		if taken.gilt(a) {
			gone = append(gone, a.Storniert...)
		}
	}
	done := 0
	err = projection.Each(rows, table, journal.Prefix("a/"+v.ID+"/"), func(_ string, n int) (bool, error) {
		done += n
		return true, nil
	})
	end := min(len(gone), bon.MaxEntfernt)
	return gone[min(done, end):end], err
}
