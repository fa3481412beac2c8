// Package vorgaenge keeps the carts that are not finished, with the states before
// the last changes so that they can be undone. Table "vorgaenge":
//
//	v/ID          vorgang.Vorgang with the time of its last change
//	u/ID/VERSION  its state before that version, at most Undo of them
package vorgaenge

import (
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "vorgaenge"

// Undo is how many changes of a cart can be taken back.
const Undo = 20

// Eintrag is a cart as stored.
type Eintrag struct {
	vorgang.Vorgang
	Geaendert int64  `json:"geaendert"` // UTC nanoseconds
	Lamport   uint64 `json:"lamport"`
	Was       string `json:"was"` // the last change
}

// Projection folds cart changes.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VorgangGeaendert:
		return change(tx, r, e)
	case event.VerkaufAbgeschlossen:
		if e.Bon.Vorgang != "" {
			return remove(tx, e.Bon.Vorgang)
		}
	}
	return nil
}

func change(tx journal.Tx, r journal.Record, e event.VorgangGeaendert) error {
	old, known, err := projection.Get[Eintrag](tx, table, "v/"+e.ID)
	if err != nil {
		return err
	}
	if e.Kopf != nil && e.Kopf.Zustand == vorgang.Verworfen {
		return remove(tx, e.ID)
	}
	if known {
		if err := remember(tx, old); err != nil {
			return err
		}
	}
	next := Fold(old.Vorgang, e)
	next.Benutzer = r.Actor
	return projection.Put(tx, table, "v/"+e.ID, Eintrag{next, r.Wall, r.Lamport, e.Was})
}

// Fold applies a change to a cart; it does not alter old.
func Fold(old vorgang.Vorgang, e event.VorgangGeaendert) vorgang.Vorgang {
	next := old
	next.ID, next.Version = e.ID, e.Version
	next.Positionen = slices.Clone(old.Positionen)
	if e.Kopf != nil {
		next.Kopf = *e.Kopf
	}
	for _, p := range e.Gesetzt {
		if at := next.Find(p.Nr); at != nil {
			*at = p
		} else {
			next.Positionen = append(next.Positionen, p)
		}
	}
	next.Positionen = slices.DeleteFunc(next.Positionen, func(p vorgang.Position) bool {
		return slices.Contains(e.Entfernt, p.Nr)
	})
	return next
}

func remember(tx journal.Tx, old Eintrag) error {
	if old.Version > Undo {
		if err := tx.Delete(table, undoKey(old.ID, old.Version-Undo)); err != nil {
			return err //nolint:wrapcheck // the store names the row
		}
	}
	return projection.Put(tx, table, undoKey(old.ID, old.Version), old)
}

func remove(tx journal.Tx, id string) error {
	var keys []string
	err := tx.Scan(table, journal.Prefix("u/"+id+"/"), func(key string, _ []byte) (bool, error) {
		keys = append(keys, key)
		return true, nil
	})
	if err != nil {
		return err //nolint:wrapcheck // the store names the table
	}
	for _, key := range append(keys, "v/"+id) {
		if err := tx.Delete(table, key); err != nil {
			return err //nolint:wrapcheck // as above
		}
	}
	return nil
}

func undoKey(id string, version int) string { return fmt.Sprintf("u/%s/%08d", id, version) }

// Find returns a cart; false if it is unknown, paid or discarded.
func Find(rows journal.Rows, id string) (Eintrag, bool, error) {
	return projection.Get[Eintrag](rows, table, "v/"+id)
}

// Before returns the state of the cart before its last change; false if that cannot
// be undone.
func Before(rows journal.Rows, v Eintrag) (Eintrag, bool, error) {
	return projection.Get[Eintrag](rows, table, undoKey(v.ID, v.Version-1))
}

// List returns all carts, the last changed first.
func List(rows journal.Rows) ([]Eintrag, error) {
	var list []Eintrag
	err := projection.Each(rows, table, journal.Prefix("v/"), func(_ string, v Eintrag) (bool, error) {
		list = append(list, v)
		return true, nil
	})
	slices.SortFunc(list, func(a, b Eintrag) int { return int(int64(b.Lamport) - int64(a.Lamport)) }) //nolint:gosec // counters
	return list, err
}
