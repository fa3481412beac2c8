// Package personen keeps customers and patients, sealed: a row can be opened only
// with the key of its person. Table "personen": ID → Eintrag.
package personen

import (
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "personen"

// Eintrag is a person as stored.
type Eintrag struct {
	ID        string           `json:"id"`
	Daten     journal.Sealed   `json:"daten"`
	Stamm     bool             `json:"stamm"`
	Geloescht bool             `json:"geloescht,omitempty"`
	Stamp     projection.Stamp `json:"stamp"`
}

// Projection folds persons. Erasure wins for ever.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 2 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.PersonGesetzt:
		return set(tx, Eintrag{ID: e.ID, Daten: e.Daten, Stamm: e.Stamm, Stamp: projection.StampOf(r)})
	case event.PersonGeloescht:
		return projection.Put(tx, table, e.ID, Eintrag{ID: e.ID, Geloescht: true})
	}
	return nil
}

func set(tx journal.Tx, next Eintrag) error {
	old, known, err := projection.Get[Eintrag](tx, table, next.ID)
	if err != nil {
		return err
	}
	if known && (old.Geloescht || next.Stamp.Before(old.Stamp)) {
		return nil
	}
	return projection.Put(tx, table, next.ID, next)
}

// Find returns a person; false if unknown or erased.
func Find(rows journal.Rows, id string) (Eintrag, bool, error) {
	p, ok, err := projection.Get[Eintrag](rows, table, id)
	return p, ok && !p.Geloescht, err
}

// Raw returns the row of a person as stored, for comparing; nil if unknown.
func Raw(rows journal.Rows, id string) ([]byte, error) {
	return rows.Get(table, id)
}

// Each calls f for every person that is not erased.
func Each(rows journal.Rows, f func(Eintrag) (bool, error)) error {
	return projection.Each(rows, table, journal.Range{}, func(_ string, p Eintrag) (bool, error) {
		if p.Geloescht {
			return true, nil
		}
		return f(p)
	})
}
