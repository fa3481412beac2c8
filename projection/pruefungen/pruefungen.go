// Package pruefungen keeps the audits of the tax office: who may see what until when, and
// every look that was taken. Table "pruefungen":
//
//	p/ID                      an audit; the first to open it counts
//	e/ID                      it was ended before its time
//	l/ID/LAMPORT/ORIGIN/SEQ   a look
package pruefungen

import (
	"fmt"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "pruefungen"

// Projection folds them.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.PruefungEroeffnet:
		old, known, err := projection.Get[Pruefung](tx, table, "p/"+e.ID)
		stamp := projection.StampOf(r)
		if err != nil || known && old.Stamp.Before(stamp) {
			return err
		}
		return projection.Put(tx, table, "p/"+e.ID, Pruefung{PruefungEroeffnet: e, Zeit: r.Wall, Wer: r.Actor, Stamp: stamp})
	case event.PruefungBeendet:
		return projection.Put(tx, table, "e/"+e.ID, true)
	case event.PruefungEingesehen:
		key := fmt.Sprintf("l/%s/%016x/%s/%d", e.ID, r.Lamport, r.Origin, r.Seq)
		return projection.Put(tx, table, key, Blick{r.Wall, r.Actor, e.Was, e.Platz})
	}
	return nil
}

// Pruefung is an audit, with who opened it when.
type Pruefung struct {
	event.PruefungEroeffnet
	Zeit    int64            `json:"zeit"` // UTC nanoseconds
	Wer     string           `json:"wer"`
	Stamp   projection.Stamp `json:"stamp"`
	Beendet bool             `json:"-"` // before its time
}

// Laeuft reports whether the auditor may look on a day.
func (p Pruefung) Laeuft(heute civil.Day) bool { return !p.Beendet && heute <= p.Ende }

// Blick is one look.
type Blick struct {
	Zeit  int64  `json:"zeit"` // UTC nanoseconds
	Wer   string `json:"wer"`
	Was   string `json:"was"`
	Platz string `json:"platz"`
}

// Alle returns all audits.
func Alle(rows journal.Rows) (list []Pruefung, err error) {
	err = projection.Each(rows, table, journal.Prefix("p/"), func(_ string, p Pruefung) (bool, error) {
		list = append(list, p)
		return true, nil
	})
	for i := range list {
		if err != nil {
			return nil, err
		}
		list[i].Beendet, _, err = projection.Get[bool](rows, table, "e/"+list[i].ID)
	}
	return list, err
}

// Blicke returns the looks of an audit, the first one first.
func Blicke(rows journal.Rows, id string) (list []Blick, err error) {
	err = projection.Each(rows, table, journal.Prefix("l/"+id+"/"), func(_ string, b Blick) (bool, error) {
		list = append(list, b)
		return true, nil
	})
	return list, err
}
