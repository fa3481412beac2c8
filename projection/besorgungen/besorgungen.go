// Package besorgungen keeps the errands to the outside. Table "besorgungen":
//
//	a/ID    the errand
//	s/ID    how it stands: what is done stays done, then the last word counts
//	o/ZEIT/ID errands that are not done, in order of time; value: ID
package besorgungen

import (
	"fmt"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "besorgungen"

// Projection folds errands; they may arrive in any order.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Besorgung is an errand.
type Besorgung struct {
	event.BesorgungAufgegeben
	Zeit  int64            `json:"zeit"` // when it was made, UTC nanoseconds
	Wer   string           `json:"wer"`
	Stamp projection.Stamp `json:"stamp"`
	Stand Stand            `json:"-"`
}

// Stand is how an errand stands.
type Stand struct {
	Wort  Wort             `json:"wort"`
	Code  string           `json:"code,omitempty"`
	Text  string           `json:"text,omitempty"`
	Stamp projection.Stamp `json:"stamp"`
}

// Wort is the last word on an errand.
type Wort string

// The words; empty: it waits to be done.
const (
	Erledigt    Wort = "erledigt"
	Verworfen   Wort = "verworfen"
	Gescheitert Wort = "gescheitert"
	Wiederholen Wort = "wiederholen"
)

// Offen reports whether somebody has still to do something.
func (s Stand) Offen() bool { return s.Wort != Erledigt && s.Wort != Verworfen }

// Wartet reports whether the machine that leads has to try.
func (s Stand) Wartet() bool { return s.Wort == "" || s.Wort == Wiederholen }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	stamp := projection.StampOf(r)
	switch e := e.(type) {
	case event.BesorgungAufgegeben:
		return begun(tx, Besorgung{BesorgungAufgegeben: e, Zeit: r.Wall, Wer: r.Actor, Stamp: stamp})
	case event.BesorgungErledigt:
		return said(tx, e.ID, Stand{Wort: Erledigt, Text: e.Ergebnis, Stamp: stamp})
	case event.BesorgungGescheitert:
		return said(tx, e.ID, Stand{Wort: Gescheitert, Code: e.Code, Text: e.Text, Stamp: stamp})
	case event.BesorgungEntschieden:
		word := Wiederholen
		if e.Was == "verwerfen" {
			word = Verworfen
		}
		return said(tx, e.ID, Stand{Wort: word, Text: e.Grund, Stamp: stamp})
	}
	return nil
}

func begun(tx journal.Tx, b Besorgung) error {
	old, known, err := projection.Get[Besorgung](tx, table, "a/"+b.ID)
	if err != nil || known && old.Stamp.Before(b.Stamp) {
		return err // an id is of one act; the first holds
	}
	if known {
		if err := tx.Delete(table, old.place()); err != nil {
			return err
		}
	}
	if err := projection.Put(tx, table, "a/"+b.ID, b); err != nil {
		return err
	}
	st, _, err := projection.Get[Stand](tx, table, "s/"+b.ID)
	if err != nil {
		return err
	}
	return list(tx, b, st)
}

// said takes a word on an errand: done is the strongest, then the last one.
func said(tx journal.Tx, id string, st Stand) error {
	old, _, err := projection.Get[Stand](tx, table, "s/"+id)
	if err != nil || !st.over(old) {
		return err
	}
	if err := projection.Put(tx, table, "s/"+id, st); err != nil {
		return err
	}
	b, known, err := projection.Get[Besorgung](tx, table, "a/"+id)
	if err != nil || !known {
		return err
	}
	return list(tx, b, st)
}

func (s Stand) over(old Stand) bool {
	if (s.Wort == Erledigt) != (old.Wort == Erledigt) {
		return s.Wort == Erledigt
	}
	return old.Stamp.Before(s.Stamp)
}

// list puts an errand on the list of what is to do, or takes it off.
func list(tx journal.Tx, b Besorgung, st Stand) error {
	if st.Offen() {
		return projection.Put(tx, table, b.place(), b.ID)
	}
	return tx.Delete(table, b.place())
}

func (b Besorgung) place() string { return fmt.Sprintf("o/%020d/%s", max(b.Zeit, 0), b.ID) }

// Find returns an errand; false if there is none.
func Find(rows journal.Rows, id string) (Besorgung, bool, error) {
	b, ok, err := projection.Get[Besorgung](rows, table, "a/"+id)
	if err != nil || !ok {
		return b, false, err
	}
	b.Stand, _, err = projection.Get[Stand](rows, table, "s/"+id)
	return b, true, err
}

// Offene calls f for the errands that are not done, oldest first.
func Offene(rows journal.Rows, f func(Besorgung) (bool, error)) error {
	return projection.Each(rows, table, journal.Prefix("o/"), func(_, id string) (bool, error) {
		b, _, err := Find(rows, id)
		if err != nil {
			return false, err
		}
		return f(b)
	})
}
