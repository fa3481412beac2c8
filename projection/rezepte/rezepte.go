// Package rezepte keeps the prescriptions and what was dispensed on them. Table
// "rezepte":
//
//	r/ID      Eintrag
//	l/LAMPORT id, in order of arrival
package rezepte

import (
	"fmt"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "rezepte"

// Eintrag is a prescription as stored.
type Eintrag struct {
	event.RezeptAngenommen
	Zeit           int64       `json:"zeit"`                // of arrival, UTC nanoseconds
	Abgegeben      map[int]int `json:"abgegeben,omitempty"` // packs per Verordnung
	Bons           []string    `json:"bons,omitempty"`
	Zurueckgegeben string      `json:"zurueckgegeben,omitempty"` // reason
}

// Projection folds prescriptions.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.RezeptAngenommen:
		return add(tx, r, e)
	case event.RezeptZurueckgegeben:
		return update(tx, e.ID, func(x *Eintrag) { x.Zurueckgegeben = e.Grund })
	case event.VerkaufAbgeschlossen:
		return dispense(tx, e)
	}
	return nil
}

func add(tx journal.Tx, r journal.Record, e event.RezeptAngenommen) error {
	if _, known, err := Find(tx, e.ID); known || err != nil {
		return err
	}
	key := fmt.Sprintf("l/%016x/%s/%s", r.Lamport, r.Origin, e.ID)
	if err := projection.Put(tx, table, key, e.ID); err != nil {
		return err
	}
	return projection.Put(tx, table, "r/"+e.ID, Eintrag{RezeptAngenommen: e, Zeit: r.Wall})
}

// dispense counts packs: a Storno or Retoure has negative quantities.
func dispense(tx journal.Tx, e event.VerkaufAbgeschlossen) error {
	done := map[string]bool{}
	for _, p := range e.Bon.Positionen {
		if p.Rezept == "" {
			continue
		}
		err := update(tx, p.Rezept, func(x *Eintrag) {
			if !done[p.Rezept] {
				x.Bons = append(x.Bons, e.Bon.Nummer)
			}
			if p.Art != vorgang.Gebuehr {
				if x.Abgegeben == nil {
					x.Abgegeben = map[int]int{}
				}
				x.Abgegeben[p.Verordnung] += p.Menge
			}
		})
		if err != nil {
			return err
		}
		done[p.Rezept] = true
	}
	return nil
}

func update(tx journal.Tx, id string, f func(*Eintrag)) error {
	x, ok, err := projection.Get[Eintrag](tx, table, "r/"+id)
	if err != nil || !ok {
		return err
	}
	f(&x)
	return projection.Put(tx, table, "r/"+id, x)
}

// Find returns a prescription.
func Find(rows journal.Rows, id string) (Eintrag, bool, error) {
	return projection.Get[Eintrag](rows, table, "r/"+id)
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
