// Package rezepte keeps the prescriptions and what was dispensed on them. The two
// are separate rows, because a sale on one machine may arrive before the
// prescription that another machine took in. Table "rezepte":
//
//	r/ID             the prescription
//	d/ID             what became of it
//	l/LAMPORT/ORIGIN id, in order of arrival
package rezepte

import (
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "rezepte"

// Eintrag is a prescription as stored.
type Eintrag struct {
	event.RezeptAngenommen
	Zeit           int64       // of arrival, UTC nanoseconds
	Abgegeben      map[int]int // packs per Verordnung
	Bons           []string    // in order of booking
	Zurueckgegeben string      // reason
}

type annahme struct {
	event.RezeptAngenommen
	Zeit  int64            `json:"zeit"`
	Stamp projection.Stamp `json:"stamp"`
}

type verbleib struct {
	Abgegeben map[int]int `json:"abgegeben,omitempty"`
	Bons      []beleg     `json:"bons,omitempty"`
	Zurueck   *rueckgabe  `json:"zurueck,omitempty"`
}

type beleg struct {
	Nummer string           `json:"nummer"`
	Stamp  projection.Stamp `json:"stamp"`
}

type rueckgabe struct {
	Grund string           `json:"grund"`
	Stamp projection.Stamp `json:"stamp"`
}

// Projection folds prescriptions.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 2 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.RezeptAngenommen:
		return add(tx, annahme{e, r.Wall, projection.StampOf(r)})
	case event.RezeptZurueckgegeben:
		return update(tx, e.ID, func(x *verbleib) { x.giveBack(rueckgabe{e.Grund, projection.StampOf(r)}) })
	case event.VerkaufAbgeschlossen:
		return dispense(tx, e, projection.StampOf(r))
	}
	return nil
}

// add keeps the first of two records of the same prescription.
func add(tx journal.Tx, next annahme) error {
	old, known, err := projection.Get[annahme](tx, table, "r/"+next.ID)
	if err != nil || known && old.Stamp.Before(next.Stamp) {
		return err
	}
	if known {
		if err := tx.Delete(table, listKey(old)); err != nil {
			return err
		}
	}
	if err := projection.Put(tx, table, listKey(next), next.ID); err != nil {
		return err
	}
	return projection.Put(tx, table, "r/"+next.ID, next)
}

func listKey(a annahme) string { return fmt.Sprintf("l/%016x/%s", a.Stamp.Lamport, a.Stamp.Origin) }

// dispense counts packs: a Storno or Retoure has negative quantities.
func dispense(tx journal.Tx, e event.VerkaufAbgeschlossen, stamp projection.Stamp) error {
	var ids []string
	for _, p := range e.Bon.Positionen {
		if p.Rezept != "" && !slices.Contains(ids, p.Rezept) {
			ids = append(ids, p.Rezept)
		}
	}
	for _, id := range ids {
		err := update(tx, id, func(x *verbleib) {
			x.add(beleg{e.Bon.Nummer, stamp})
			for _, p := range e.Bon.Positionen {
				if p.Rezept == id && p.Art != vorgang.Gebuehr {
					x.count(p.Verordnung, p.Menge)
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *verbleib) count(verordnung, menge int) {
	if x.Abgegeben == nil {
		x.Abgegeben = map[int]int{}
	}
	x.Abgegeben[verordnung] += menge
}

func (x *verbleib) add(b beleg) {
	x.Bons = append(x.Bons, b)
	slices.SortFunc(x.Bons, func(a, b beleg) int {
		if a.Stamp.Before(b.Stamp) {
			return -1
		}
		return 1
	})
}

func (x *verbleib) giveBack(r rueckgabe) {
	if x.Zurueck == nil || r.Stamp.Before(x.Zurueck.Stamp) {
		x.Zurueck = &r
	}
}

func update(tx journal.Tx, id string, f func(*verbleib)) error {
	x, _, err := projection.Get[verbleib](tx, table, "d/"+id)
	if err != nil {
		return err
	}
	f(&x)
	return projection.Put(tx, table, "d/"+id, x)
}

// Find returns a prescription.
func Find(rows journal.Rows, id string) (Eintrag, bool, error) {
	a, ok, err := projection.Get[annahme](rows, table, "r/"+id)
	if err != nil || !ok {
		return Eintrag{}, false, err
	}
	v, _, err := projection.Get[verbleib](rows, table, "d/"+id)
	if err != nil {
		return Eintrag{}, false, err
	}
	x := Eintrag{RezeptAngenommen: a.RezeptAngenommen, Zeit: a.Zeit, Abgegeben: v.Abgegeben}
	for _, b := range v.Bons {
		x.Bons = append(x.Bons, b.Nummer)
	}
	if v.Zurueck != nil {
		x.Zurueckgegeben = v.Zurueck.Grund
	}
	return x, true, nil
}

// Raw returns the rows of a prescription as stored, for comparing; nil if unknown.
func Raw(rows journal.Rows, id string) ([]byte, error) {
	a, err := rows.Get(table, "r/"+id)
	if err != nil || a == nil {
		return nil, err
	}
	d, err := rows.Get(table, "d/"+id)
	return append(a, d...), err
}

// Each calls f for the prescriptions, newest first.
func Each(rows journal.Rows, f func(Eintrag) (bool, error)) error {
	r := journal.Prefix("l/")
	r.Reverse = true
	return projection.Each(rows, table, r, func(_ string, id string) (bool, error) {
		x, ok, err := Find(rows, id)
		if err != nil || !ok {
			return true, err
		}
		return f(x)
	})
}
