// Package rechner keeps the machines of the pharmacy and the authority that vouches for them.
// Table "rechner":
//
//	r/FINGERABDRUCK machine
//	x/FINGERABDRUCK removed for ever
//	a/EPOCHE/STAMP  authority
//	k/FINGERABDRUCK key of a machine, sealed
package rechner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "rechner"

type stamped = gestempelt[event.RechnerAufgenommen]

type gestempelt[T any] struct {
	Wert  T                `json:"wert"`
	Stamp projection.Stamp `json:"stamp"`
}

func set[T any](tx journal.Tx, r journal.Record, key string, v T) error {
	old, known, err := projection.Get[gestempelt[T]](tx, table, key)
	if err != nil || known && projection.StampOf(r).Before(old.Stamp) {
		return err
	}
	return projection.Put(tx, table, key, gestempelt[T]{v, projection.StampOf(r)})
}

// Projection folds machines; the last writer wins, and a removal wins for ever.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.RechnerAufgenommen:
		return set(tx, r, "r/"+e.Fingerabdruck, e)
	case event.SchluesselHinterlegt:
		return set(tx, r, "k/"+e.Rechner, e)
	case event.RechnerEntfernt:
		return projection.Put(tx, table, "x/"+e.Fingerabdruck, true)
	case event.AusstellerGesetzt:
		return projection.Put(tx, table, fmt.Sprintf("a/%09d/%016x/%s", e.Epoche, r.Lamport, r.Origin), e)
	}
	return nil
}

// Eintrag is a machine that was ever taken in.
type Eintrag struct {
	event.RechnerAufgenommen
	Entfernt bool
}

// Alle returns all machines that were ever taken in, in order of their fingerprints. Of one whose
// removal has come before it, only the fingerprint is known.
func Alle(rows journal.Rows) (list []Eintrag, err error) {
	removed := map[string]bool{}
	err = projection.Each(rows, table, journal.Prefix("x/"), func(key string, _ bool) (bool, error) {
		removed[key[2:]] = true
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	err = projection.Each(rows, table, journal.Prefix("r/"), func(key string, v stamped) (bool, error) {
		list = append(list, Eintrag{v.Wert, removed[key[2:]]})
		delete(removed, key[2:])
		return true, nil
	})
	for f := range removed { // its removal has come before it
		list = append(list, Eintrag{event.RechnerAufgenommen{Fingerabdruck: f}, true})
	}
	slices.SortFunc(list, func(a, b Eintrag) int { return strings.Compare(a.Fingerabdruck, b.Fingerabdruck) })
	return list, err
}

// Epochen counts the authorities there ever were. Each is of the epoch after all that its maker
// knew: if the present one is of a lower epoch than there are authorities, it was made without
// knowing of some – and of the removals for which those were made.
func Epochen(rows journal.Rows) (n int, err error) {
	err = projection.Each(rows, table, journal.Prefix("a/"), func(string, event.AusstellerGesetzt) (bool, error) {
		n++
		return true, nil
	})
	return n, err
}

// Entfernte counts the machines that were ever removed.
func Entfernte(rows journal.Rows) (n int, err error) {
	err = projection.Each(rows, table, journal.Prefix("x/"), func(string, bool) (bool, error) {
		n++
		return true, nil
	})
	return n, err
}

// Aussteller returns the present authority; false if there is none yet.
func Aussteller(rows journal.Rows) (e event.AusstellerGesetzt, ok bool, err error) {
	r := journal.Prefix("a/")
	r.Reverse = true
	err = projection.Each(rows, table, r, func(_ string, v event.AusstellerGesetzt) (bool, error) {
		e, ok = v, true
		return false, nil
	})
	return e, ok, err
}

// Hinterlegt returns the key of a machine that lies with the others; false: there is none.
func Hinterlegt(rows journal.Rows, fingerabdruck string) (event.SchluesselHinterlegt, bool, error) {
	v, ok, err := projection.Get[gestempelt[event.SchluesselHinterlegt]](rows, table, "k/"+fingerabdruck)
	return v.Wert, ok, err
}
