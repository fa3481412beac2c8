// Package tagesarbeiten keeps which job was done for which civil day. Table
// "tagesarbeiten":
//
//	t/ARBEIT/PLATZ/TAG job done; PLATZ is empty for a job of the whole pharmacy
package tagesarbeiten

import (
	"fmt"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "tagesarbeiten"

// Eintrag is a job that was done.
type Eintrag struct {
	Tag   civil.Day        `json:"tag"`
	Zeit  int64            `json:"zeit"` // when, UTC nanoseconds
	Stamp projection.Stamp `json:"stamp"`
}

// Projection folds the jobs; of two records for the same job and day the first counts.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	t, ok := e.(event.TagesarbeitErledigt)
	if !ok {
		return nil
	}
	k := key(t.Arbeit, t.Platz, t.Tag)
	old, known, err := projection.Get[Eintrag](tx, table, k)
	if err != nil || known && old.Stamp.Before(projection.StampOf(r)) {
		return err
	}
	return projection.Put(tx, table, k, Eintrag{t.Tag, r.Wall, projection.StampOf(r)})
}

func key(arbeit, platz string, tag civil.Day) string {
	return fmt.Sprintf("t/%s/%s/%s", arbeit, platz, tag)
}

// Last returns the row of the latest day up to the given one; false if there is none.
func Last(rows journal.Rows, arbeit, platz string, bis civil.Day) (Eintrag, bool, error) {
	r := journal.Range{From: key(arbeit, platz, civil.Must(1875, 1, 1)), To: key(arbeit, platz, bis) + "/", Reverse: true}
	var last Eintrag
	found := false
	err := projection.Each(rows, table, r, func(_ string, e Eintrag) (bool, error) {
		last, found = e, true
		return false, nil
	})
	return last, found, err
}
