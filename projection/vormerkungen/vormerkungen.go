// Package vormerkungen keeps reservations of articles that are not in stock; the
// open ones are the order list. Table "vormerkungen":
//
//	v/ID  Eintrag
//	p/PZN packs reserved
//	n     last number given out
//	x/ID  the reservation is closed, for ever
package vormerkungen

import (
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "vormerkungen"

// Eintrag is an open reservation.
type Eintrag struct {
	event.VormerkungAngelegt
	Zeit  int64            `json:"zeit"`
	Wer   string           `json:"wer"`
	Stamp projection.Stamp `json:"stamp"`
}

// Projection folds reservations.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 2 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VormerkungAngelegt:
		return add(tx, r, e)
	case event.VormerkungErledigt:
		return done(tx, e.ID)
	}
	return nil
}

func add(tx journal.Tx, r journal.Record, e event.VormerkungAngelegt) error {
	last, _, err := projection.Get[int](tx, table, "n")
	if err != nil {
		return err
	}
	if err := projection.Put(tx, table, "n", max(last, e.Nummer)); err != nil {
		return err
	}
	if closed, err := tx.Get(table, "x/"+e.ID); err != nil || closed != nil {
		return err
	}
	old, known, err := Find(tx, e.ID)
	if err != nil || known && old.Stamp.Before(projection.StampOf(r)) {
		return err // the first of two records of the same reservation counts
	}
	if known {
		if err := reserve(tx, old.PZN, -old.Menge); err != nil {
			return err
		}
	}
	if err := reserve(tx, e.PZN, e.Menge); err != nil {
		return err
	}
	return projection.Put(tx, table, "v/"+e.ID, Eintrag{e, r.Wall, r.Actor, projection.StampOf(r)})
}

// done closes a reservation, also one of which another machine's record comes later.
func done(tx journal.Tx, id string) error {
	if err := projection.Put(tx, table, "x/"+id, 1); err != nil {
		return err
	}
	old, ok, err := Find(tx, id)
	if err != nil || !ok {
		return err
	}
	if err := reserve(tx, old.PZN, -old.Menge); err != nil {
		return err
	}
	return tx.Delete(table, "v/"+id)
}

func reserve(tx journal.Tx, pzn kennung.PZN, delta int) error {
	n, err := Menge(tx, pzn)
	if err != nil {
		return err
	}
	if n+delta == 0 {
		return tx.Delete(table, "p/"+string(pzn))
	}
	return projection.Put(tx, table, "p/"+string(pzn), n+delta)
}

// Find returns an open reservation.
func Find(rows journal.Rows, id string) (Eintrag, bool, error) {
	return projection.Get[Eintrag](rows, table, "v/"+id)
}

// Menge returns the packs reserved of an article.
func Menge(rows journal.Rows, pzn kennung.PZN) (int, error) {
	n, _, err := projection.Get[int](rows, table, "p/"+string(pzn))
	return n, err
}

// NextNummer returns the number for the next slip.
func NextNummer(rows journal.Rows) (int, error) {
	last, _, err := projection.Get[int](rows, table, "n")
	return last + 1, err
}

// List returns the open reservations.
func List(rows journal.Rows) ([]Eintrag, error) {
	var list []Eintrag
	err := projection.Each(rows, table, journal.Prefix("v/"), func(_ string, v Eintrag) (bool, error) {
		list = append(list, v)
		return true, nil
	})
	return list, err
}
