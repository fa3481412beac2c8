// Package vorgaenge keeps the carts that are not finished, with all their changes so
// that the last ones can be undone. A cart is the fold of its changes in the order of
// their stamps, in whatever order they arrive; where machines have taken it over, each
// take-over goes on from what it saw (zweige.go). Table "vorgaenge":
//
//	v/ID                  Eintrag
//	e/ID/LAMPORT/ORIGIN   the changes of the cart; of a finished one, those that nobody has seen
//	o/PLATZ/LAMPORT/ID    the open carts of a machine, by last change
//	x/ID/NODE             the cart is finished, for ever, on a machine: Abschluss
//	k/ID/EPOCHE/NODE      a machine has taken the cart over: schnitt
//	d/ID                  it was sold more than once
//	s/NUMMER              the Bon was cancelled
//	a/ID/NUMMER           how many lines taken out of the cart an abandoned record has
//	g/ID/NODE/EPOCHE      what a machine did besides has been settled, up to a version
package vorgaenge

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/bon"
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
	Was       string           `json:"was"`                // the last change
	Ursprung  string           `json:"ursprung,omitempty"` // that wrote all of it; empty: several
	Stapel    []int            `json:"stapel,omitempty"`   // versions after the changes that can be undone, oldest first
	Entfernt  int              `json:"entfernt,omitempty"` // how many lines were taken out; their changes have them
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
func (Projection) Schema() int { return 3 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VorgangGeaendert:
		return change(tx, r, aenderung{e, r.Actor, r.Wall, projection.StampOf(r)})
	case event.VerkaufAbgeschlossen:
		if e.Bon.Art == bon.Storno {
			if err := projection.Put(tx, table, "s/"+e.Bon.Bezug, 1); err != nil {
				return err
			}
		}
		if e.Bon.Vorgang != "" {
			return finish(tx, r.Origin.Node, e.Bon.Vorgang, Abschluss{Bon: e.Bon.Nummer})
		}
	case event.BelegGebucht: // paid in practice: the cart is done, and nothing was sold
		if e.Bon.Art == bon.Verkauf && e.Bon.Vorgang != "" {
			return finish(tx, r.Origin.Node, e.Bon.Vorgang, Abschluss{Bon: e.Bon.Nummer})
		}
		return abgelegt(tx, e.Bon)
	case event.UebernahmeGeklaert:
		return settle(tx, e)
	}
	return nil
}

func change(tx journal.Tx, r journal.Record, a aenderung) error {
	node := r.Origin.Node
	if a.Kopf != nil && a.Kopf.Zustand == vorgang.Verworfen {
		return finish(tx, node, a.ID, Abschluss{Version: a.Version, Kopf: a.Kopf.Epoche, Von: a.Kopf.Platz})
	}
	done, err := finished(tx, a.ID)
	if _, own := done[node]; err != nil || own {
		return err
	}
	if err := projection.Hold(tx, table, a.key(), a); err != nil {
		return err
	}
	taken, err := cut(tx, node, a)
	if err != nil {
		return err
	}
	if len(done) > 0 {
		return prune(tx, a.ID)
	}
	old, known, err := projection.Get[Eintrag](tx, table, "v/"+a.ID)
	if err != nil {
		return err
	}
	next := old
	switch {
	case !known || old.Ursprung == a.Stamp.Origin && !taken && !a.Stamp.Before(old.Stamp):
		if next = old.fold(a); !known && a.epoche() <= 1 {
			next.Ursprung = a.Stamp.Origin
		}
	case taken || a.Stamp.Before(old.Stamp):
		next, _, err = replay(tx, a.ID, 0)
	default:
		next, err = old.anderswo(tx, a)
	}
	if err != nil {
		return err
	}
	return store(tx, old, next)
}

// anderswo applies a later change to a cart of several databases: what counted before counts yet.
// A cart that two machines change for months would cost more with each change if all were read.
func (v Eintrag) anderswo(rows journal.Rows, a aenderung) (Eintrag, error) {
	taken, err := cuts(rows, a.ID)
	if err == nil && taken.gilt(a) {
		v = v.fold(a)
	}
	v.Ursprung = ""
	return v, err
}

func (a aenderung) key() string {
	return fmt.Sprintf("e/%s/%016x/%s", a.ID, a.Stamp.Lamport, a.Stamp.Origin)
}

// epoche is the epoch a change names; 0: none.
func (a aenderung) epoche() int {
	if a.Kopf == nil {
		return 0
	}
	return a.Kopf.Epoche
}

// store replaces a cart and its place in the list of its machine.
func store(tx journal.Tx, old, next Eintrag) error {
	if old.Zustand == vorgang.Offen {
		if err := tx.Delete(table, openKey(old)); err != nil {
			return err
		}
	}
	if next.Zustand == vorgang.Offen {
		if err := projection.Hold(tx, table, openKey(next), next.ID); err != nil {
			return err
		}
	}
	return projection.Hold(tx, table, "v/"+next.ID, next)
}

func openKey(v Eintrag) string { return fmt.Sprintf("o/%s/%016x/%s", v.Platz, v.Stamp.Lamport, v.ID) }

// Abschluss is the end of a cart on a machine.
type Abschluss struct {
	Bon     string `json:"bon,omitempty"`     // number; empty: discarded
	Epoche  int    `json:"epoche"`            // in which the machine had it
	Version int    `json:"version,omitempty"` // of the discard: what lies below it was seen
	Kopf    int    `json:"kopf,omitempty"`    // epoch of the cart that was discarded
	Von     string `json:"von,omitempty"`     // machine that owned it
}

// finish removes a cart and marks it, so that a change that comes later does not
// bring it back. What another machine did to it unseen stays, to be looked at.
func finish(tx journal.Tx, node, id string, a Abschluss) error {
	old, known, err := projection.Get[Eintrag](tx, table, "v/"+id)
	if err != nil {
		return err
	}
	if known && old.Zustand == vorgang.Offen {
		if err := tx.Delete(table, openKey(old)); err != nil {
			return err
		}
	}
	if err := tx.Delete(table, "v/"+id); err != nil {
		return err
	}
	if err := end(tx, node, id, a); err != nil {
		return err
	}
	if err := doubled(tx, id); err != nil {
		return err
	}
	return prune(tx, id)
}

// end notes the end of a cart on a machine. The first one counts; a Bon always does.
func end(tx journal.Tx, node, id string, a Abschluss) error {
	before, again, err := projection.Get[Abschluss](tx, table, "x/"+id+"/"+node)
	if err != nil {
		return err
	}
	if again {
		before.Bon = cmp.Or(before.Bon, a.Bon)
		return projection.Put(tx, table, "x/"+id+"/"+node, before)
	}
	taken, err := cuts(tx, id)
	if err != nil {
		return err
	}
	a.Epoche = 1
	for _, s := range taken {
		if s.Node == node {
			a.Epoche = max(a.Epoche, s.Epoche)
		}
	}
	return projection.Put(tx, table, "x/"+id+"/"+node, a)
}

func (v Eintrag) fold(a aenderung) Eintrag {
	next := Eintrag{
		Fold(v.Vorgang, a.VorgangGeaendert), a.Zeit, a.Stamp, a.Was, v.Ursprung, slices.Clone(v.Stapel),
		v.Entfernt + len(a.Storniert),
	}
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
