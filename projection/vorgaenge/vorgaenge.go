// Package vorgaenge keeps the carts that are not finished, with all their changes so
// that the last ones can be undone. A cart is the fold of its changes in the order of
// their stamps, in whatever order they arrive. Table "vorgaenge":
//
//	v/ID                  Eintrag
//	e/ID/LAMPORT/ORIGIN   the changes of the cart
//	o/PLATZ/LAMPORT/ID    the open carts of a machine, by last change
//	x/ID                  the cart is finished, for ever
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
	Geaendert int64            `json:"geaendert"` // UTC nanoseconds
	Stamp     projection.Stamp `json:"stamp"`
	Was       string           `json:"was"`              // the last change
	Stapel    []int            `json:"stapel,omitempty"` // versions after the changes that can be undone, oldest first
}

// KannZurueck reports whether there is a change to undo: below the last one stands
// the state to go back to.
func (v Eintrag) KannZurueck() bool { return len(v.Stapel) > 1 }

// aenderung is one change with who made it when.
type aenderung struct {
	event.VorgangGeaendert
	Wer   string           `json:"wer"`
	Zeit  int64            `json:"zeit"` // UTC nanoseconds
	Stamp projection.Stamp `json:"stamp"`
}

// Projection folds cart changes.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 2 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VorgangGeaendert:
		return change(tx, aenderung{e, r.Actor, r.Wall, projection.StampOf(r)})
	case event.VerkaufAbgeschlossen:
		if e.Bon.Vorgang != "" {
			return finish(tx, e.Bon.Vorgang)
		}
	}
	return nil
}

func change(tx journal.Tx, a aenderung) error {
	if a.Kopf != nil && a.Kopf.Zustand == vorgang.Verworfen {
		return finish(tx, a.ID)
	}
	if done, err := tx.Get(table, "x/"+a.ID); err != nil || done != nil {
		return err
	}
	old, known, err := projection.Get[Eintrag](tx, table, "v/"+a.ID)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("e/%s/%016x/%s", a.ID, a.Stamp.Lamport, a.Stamp.Origin)
	if err := projection.Put(tx, table, key, a); err != nil {
		return err
	}
	next := old.fold(a)
	if known && a.Stamp.Before(old.Stamp) { // another machine's change came late
		if next, _, err = replay(tx, a.ID, 0); err != nil {
			return err
		}
	}
	return store(tx, old, next)
}

// store replaces a cart and its place in the list of its machine.
func store(tx journal.Tx, old, next Eintrag) error {
	if old.Zustand == vorgang.Offen {
		if err := tx.Delete(table, openKey(old)); err != nil {
			return err
		}
	}
	if next.Zustand == vorgang.Offen {
		if err := projection.Put(tx, table, openKey(next), next.ID); err != nil {
			return err
		}
	}
	return projection.Put(tx, table, "v/"+next.ID, next)
}

func openKey(v Eintrag) string { return fmt.Sprintf("o/%s/%016x/%s", v.Platz, v.Stamp.Lamport, v.ID) }

// finish removes a cart and marks it, so that a change that comes later does not
// bring it back.
func finish(tx journal.Tx, id string) error {
	old, known, err := projection.Get[Eintrag](tx, table, "v/"+id)
	if err != nil {
		return err
	}
	keys := []string{"v/" + id}
	if known && old.Zustand == vorgang.Offen {
		keys = append(keys, openKey(old))
	}
	err = tx.Scan(table, journal.Prefix("e/"+id+"/"), func(key string, _ []byte) (bool, error) {
		keys = append(keys, key)
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := tx.Delete(table, key); err != nil {
			return err
		}
	}
	return projection.Put(tx, table, "x/"+id, 1)
}

// replay folds the stored changes of a cart, up to a version if that is not 0.
func replay(rows journal.Rows, id string, version int) (v Eintrag, found bool, err error) {
	err = projection.Each(rows, table, journal.Prefix("e/"+id+"/"), func(_ string, a aenderung) (bool, error) {
		v = v.fold(a)
		found = version == 0 || v.Version == version
		return version == 0 || !found, nil
	})
	return v, found, err
}

func (v Eintrag) fold(a aenderung) Eintrag {
	next := Eintrag{Fold(v.Vorgang, a.VorgangGeaendert), a.Zeit, a.Stamp, a.Was, slices.Clone(v.Stapel)}
	next.Benutzer = a.Wer
	switch {
	case a.Zurueck:
		next.Stapel = next.Stapel[:max(len(next.Stapel)-1, 0)]
	case v.Version > 0 && moved(v.Kopf, a.Kopf):
	default:
		next.Stapel = append(next.Stapel, next.Version)
	}
	next.Stapel = next.Stapel[max(len(next.Stapel)-Undo-1, 0):]
	return next
}

// moved reports whether a change parks, resumes or takes over: that is not undone.
func moved(old vorgang.Kopf, next *vorgang.Kopf) bool {
	return next != nil && (old.Platz != next.Platz || old.Epoche != next.Epoche || old.Zustand != next.Zustand)
}

// Fold applies a change to a cart; it does not alter old. The version rises with
// each change, also when two machines made the same one.
func Fold(old vorgang.Vorgang, e event.VorgangGeaendert) vorgang.Vorgang {
	next := old
	next.ID, next.Version = e.ID, max(e.Version, old.Version+1)
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
	slices.SortFunc(next.Positionen, func(a, b vorgang.Position) int { return a.Nr - b.Nr })
	return next
}

// Find returns a cart; false if it is unknown, paid or discarded.
func Find(rows journal.Rows, id string) (Eintrag, bool, error) {
	return projection.Get[Eintrag](rows, table, "v/"+id)
}

// Before returns the state to which undoing leads; false if there is none.
func Before(rows journal.Rows, v Eintrag) (Eintrag, bool, error) {
	if !v.KannZurueck() {
		return Eintrag{}, false, nil
	}
	return replay(rows, v.ID, v.Stapel[len(v.Stapel)-2])
}

// Current returns the open cart of a machine that was changed last.
func Current(rows journal.Rows, platz string) (v Eintrag, found bool, err error) {
	r := journal.Prefix("o/" + platz + "/")
	r.Reverse = true
	var id string
	err = projection.Each(rows, table, r, func(_ string, last string) (bool, error) {
		id = last
		return false, nil
	})
	if err != nil || id == "" {
		return Eintrag{}, false, err
	}
	return Find(rows, id)
}

// List returns all carts, the last changed first.
func List(rows journal.Rows) ([]Eintrag, error) {
	var list []Eintrag
	err := projection.Each(rows, table, journal.Prefix("v/"), func(_ string, v Eintrag) (bool, error) {
		list = append(list, v)
		return true, nil
	})
	slices.SortFunc(list, func(a, b Eintrag) int {
		if a.Stamp.Before(b.Stamp) {
			return 1
		}
		return -1
	})
	return list, err
}
