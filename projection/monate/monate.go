// Package monate keeps what a patient has used up in a month where law sets a limit
// for the month: the Zuzahlung on Hilfsmittel zum Verbrauch (§ 33(8) S. 3 SGB V) and
// the lump sum for Pflegehilfsmittel (§ 40(2) SGB XI). It knows ids and amounts only.
// Table "monate": PERSON/YYYY-MM → Stand.
package monate

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "monate"

// Stand is what a month has used up.
type Stand struct {
	Verbrauch money.Cent `json:"verbrauch"` // Zuzahlung on Hilfsmittel zum Verbrauch
	Pauschale money.Cent `json:"pauschale"` // part of the lump sum for Pflegehilfsmittel
}

// Projection folds Bons.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection. What a Storno or Retoure gives back counts in
// the month of the Bon it refers to.
func (Projection) Apply(tx journal.Tx, _ journal.Record, e journal.Event) error {
	v, ok := e.(event.VerkaufAbgeschlossen)
	if !ok {
		return nil
	}
	day := v.Bon.Tag
	if v.Bon.BezugTag != 0 {
		day = v.Bon.BezugTag
	}
	for _, p := range v.Bon.Positionen {
		used := Of(p)
		if p.Person == "" || used == (Stand{}) {
			continue
		}
		old, err := Find(tx, p.Person, day)
		if err != nil {
			return err
		}
		if err := projection.Put(tx, table, key(p.Person, day), old.Add(used)); err != nil {
			return err
		}
	}
	return nil
}

// Of is what one line uses up. A Zuzahlung that the pharmacy bears counts as paid.
func Of(p bon.Position) Stand {
	switch p.Regel {
	case zuzahlung.RegelVerbrauch:
		return Stand{Verbrauch: p.Zuzahlung}
	case zuzahlung.RegelPG54:
		return Stand{Pauschale: p.Gesamt - p.Mehrkosten}
	}
	return Stand{}
}

// Add adds two.
func (s Stand) Add(t Stand) Stand {
	return Stand{s.Verbrauch + t.Verbrauch, s.Pauschale + t.Pauschale}
}

// Find returns what a person has used up in the month of the day.
func Find(rows journal.Rows, person string, day civil.Day) (Stand, error) {
	s, _, err := projection.Get[Stand](rows, table, key(person, day))
	return s, err
}

func key(person string, day civil.Day) string { return person + "/" + day.String()[:7] }
