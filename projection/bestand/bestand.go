// Package bestand keeps the stock: a count per article and its movements. Counts
// only add, so the order of records of several machines does not matter. Table
// "bestand":
//
//	m/PZN                  count
//	b/PZN/LAMPORT/ORIGIN/N movement
package bestand

import (
	"fmt"
	"strings"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "bestand"

// Bewegung is one movement of stock.
type Bewegung struct {
	Delta int    `json:"delta"`
	Art   string `json:"art"` // "verkauf", "storno", "retoure", "zugang", "korrektur", "eroeffnung"
	Grund string `json:"grund,omitempty"`
	Beleg string `json:"beleg,omitempty"`
	Zeit  int64  `json:"zeit"` // UTC nanoseconds: when it happened, also if it was entered later
	Wer   string `json:"wer"`
}

// Projection folds movements.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 2 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.BestandGeaendert:
		return move(tx, r, 0, e.PZN, Bewegung{Delta: e.Delta, Art: e.Art, Grund: e.Grund, Beleg: e.Beleg, Zeit: r.Wall})
	case event.VerkaufAbgeschlossen:
		for i, p := range e.Bon.Positionen {
			if p.PZN == "" || p.OhneLager {
				continue
			}
			m := Bewegung{Delta: -p.Menge, Art: string(e.Bon.Art), Grund: e.Bon.Grund, Beleg: e.Bon.Nummer, Zeit: e.Bon.Zeit}
			if err := move(tx, r, i, p.PZN, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func move(tx journal.Tx, r journal.Record, n int, pzn kennung.PZN, m Bewegung) error {
	m.Wer = r.Actor
	key := fmt.Sprintf("b/%s/%016x/%s/%03d", pzn, r.Lamport, r.Origin, n)
	if err := projection.Put(tx, table, key, m); err != nil {
		return err
	}
	count, _, err := projection.Get[int](tx, table, "m/"+string(pzn))
	if err != nil {
		return err
	}
	return projection.Put(tx, table, "m/"+string(pzn), count+m.Delta)
}

// Menge returns the count of an article; 0 if it was never moved.
func Menge(rows journal.Rows, pzn kennung.PZN) (int, error) {
	count, _, err := projection.Get[int](rows, table, "m/"+string(pzn))
	return count, err
}

// Each calls f for every article that was ever moved, in order of PZN.
func Each(rows journal.Rows, f func(pzn kennung.PZN, count int) (bool, error)) error {
	return projection.Each(rows, table, journal.Prefix("m/"), func(key string, count int) (bool, error) {
		return f(kennung.PZN(key[2:]), count)
	})
}

// EachBewegung calls f for every movement of every article, by PZN and in order of writing.
func EachBewegung(rows journal.Rows, f func(kennung.PZN, Bewegung) (bool, error)) error {
	return projection.Each(rows, table, journal.Prefix("b/"), func(key string, m Bewegung) (bool, error) {
		pzn, _, _ := strings.Cut(key[2:], "/")
		return f(kennung.PZN(pzn), m)
	})
}

// Bewegungen returns the last movements of an article, the last booked first.
func Bewegungen(rows journal.Rows, pzn kennung.PZN, limit int) ([]Bewegung, error) {
	var list []Bewegung
	r := journal.Prefix("b/" + string(pzn) + "/")
	r.Reverse = true
	err := projection.Each(rows, table, r, func(_ string, m Bewegung) (bool, error) {
		list = append(list, m)
		return len(list) < limit, nil
	})
	return list, err
}
