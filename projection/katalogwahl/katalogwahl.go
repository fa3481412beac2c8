// Package katalogwahl keeps what people chose among the generations of the catalogue.
// Table "katalogwahl":
//
//	w/LAMPORT/ORIGIN/SEQ choice
package katalogwahl

import (
	"fmt"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "katalogwahl"

// Wahl is a choice with who made it.
type Wahl struct {
	event.KatalogGewaehlt

	Wer string `json:"wer"`
}

// Projection folds the choices; the latest by the Lamport counter is in force.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	w, ok := e.(event.KatalogGewaehlt)
	if !ok {
		return nil
	}
	key := fmt.Sprintf("w/%016x/%s/%016x", r.Lamport, r.Origin, r.Seq)
	return projection.Put(tx, table, key, Wahl{w, r.Actor})
}

// List returns the choices, the latest first, at most limit.
func List(rows journal.Rows, limit int) ([]Wahl, error) {
	var list []Wahl
	err := each(rows, func(w Wahl) bool {
		list = append(list, w)
		return len(list) < limit
	})
	return list, err
}

// Last returns the choice in force; false if there never was one.
func Last(rows journal.Rows) (Wahl, bool, error) {
	list, err := List(rows, 1)
	if err != nil || len(list) == 0 {
		return Wahl{}, false, err
	}
	return list[0], true, nil
}

// Find returns the choice with the ID; false if there is none.
func Find(rows journal.Rows, id string) (found Wahl, ok bool, err error) {
	err = each(rows, func(w Wahl) bool {
		if w.ID == id {
			found, ok = w, true
		}
		return !ok
	})
	return found, ok, err
}

func each(rows journal.Rows, f func(Wahl) bool) error {
	r := journal.Prefix("w/")
	r.Reverse = true
	return projection.Each(rows, table, r, func(_ string, w Wahl) (bool, error) { return f(w), nil })
}
