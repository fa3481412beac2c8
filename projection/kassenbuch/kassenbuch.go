// Package kassenbuch keeps the cash of each till: what is in its drawer by book at any time,
// what moved it, and its closings. Table "kassenbuch":
//
//	s/TILL                     what is in the drawer, and the machine that booked last
//	b/TILL/RUNNING/LAMPORT/ORIGIN a record that moved cash of its own till
//	f/TILL/NUMMER/LAMPORT/ORIGIN  a record of another till that moved cash of this one
//	g/TILL/NUMMER/NR           such a record that closing NR of this one has counted, if that counts
//	z/TILL/NR/LAMPORT/ORIGIN   a closing as journalled; of two of a number the one counts that reaches further
//	n/TILL/NR                  number of a closing that counts no more: it is not given out again
package kassenbuch

import (
	"cmp"
	"fmt"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
	"github.com/offizin/offizin/projection/bons"
)

const table = "kassenbuch"

// Projection folds cash and closings.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 3 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VerkaufAbgeschlossen:
		return book(tx, r, e.Bon)
	case event.BelegGebucht:
		return book(tx, r, e.Bon)
	case event.TagAbgeschlossen:
		return closed(tx, r, e)
	}
	return nil
}

// Keep implements journal.Keeper: the report of the closing may lie in a folder.
func (Projection) Keep(tx journal.Tx, _ journal.Record, e journal.Event) error {
	if e, ok := e.(event.TagAbgeschlossen); ok {
		return projection.Put(tx, table, fmt.Sprintf("n/%s/%09d", e.Till, e.Nummer), true)
	}
	return nil
}

// lade is the drawer of a till.
type lade struct {
	Bar   money.Cent       `json:"bar"`
	Platz string           `json:"platz,omitempty"` // machine that booked its last record
	Stamp projection.Stamp `json:"stamp"`           // of that record
}

// Zeile is a record that moved cash.
type Zeile struct {
	Nummer    string        `json:"nummer"`
	Zeit      int64         `json:"zeit"` // UTC nanoseconds
	Tag       civil.Day     `json:"tag"`
	Art       bon.Art       `json:"art"`
	Geschaeft bon.Geschaeft `json:"geschaeft,omitempty"` // of a Bewegung
	Text      string        `json:"text,omitempty"`
	Benutzer  string        `json:"benutzer"`
	Betrag    money.Cent    `json:"betrag"` // into the drawer is positive
	// Ueberzogen is what was there by book afterwards, if somebody confirmed that it was below zero.
	Ueberzogen money.Cent `json:"ueberzogen,omitempty"`
}

// book adds a record to the cash of its drawer. Every record counts, also if two have one
// number: both moved cash.
func book(tx journal.Tx, r journal.Record, b bon.Bon) error {
	till, running, err := bons.Split(b.Nummer)
	if err != nil {
		return err
	}
	into := cmp.Or(b.Lade, till)
	z := zeile(b)
	z.Betrag = abschluss.Bargeld(b, till, into)
	stamp := projection.StampOf(r)
	if err := add(tx, into, z.Betrag, "", projection.Stamp{}); err != nil {
		return err
	}
	if err := add(tx, till, 0, b.Platz, stamp); err != nil || z.Betrag == 0 {
		return err
	}
	key := fmt.Sprintf("b/%s/%09d/%016x/%s", till, running, stamp.Lamport, stamp.Origin)
	if into != till {
		key = fmt.Sprintf("f/%s/%s/%016x/%s", into, b.Nummer, stamp.Lamport, stamp.Origin)
	}
	return projection.Put(tx, table, key, z)
}

func add(tx journal.Tx, till string, c money.Cent, platz string, stamp projection.Stamp) error {
	l, known, err := projection.Get[lade](tx, table, "s/"+till)
	if err != nil {
		return err
	}
	next := l
	next.Bar += c
	if platz != "" && l.Stamp.Before(stamp) {
		next.Platz, next.Stamp = platz, stamp
	}
	if known && next == l {
		return nil
	}
	return projection.Put(tx, table, "s/"+till, next)
}

func zeile(b bon.Bon) Zeile {
	z := Zeile{
		Nummer: b.Nummer, Zeit: b.Zeit, Tag: b.Tag, Art: b.Art, Benutzer: b.Benutzer, Text: b.Grund, Ueberzogen: b.Ueberzogen,
	}
	if b.Art == bon.Bewegung && len(b.Positionen) > 0 {
		z.Geschaeft = b.Positionen[0].Geschaeft
	}
	return z
}

func closed(tx journal.Tx, r journal.Record, e event.TagAbgeschlossen) error {
	for _, n := range e.Fremde {
		if err := projection.Put(tx, table, fmt.Sprintf("g/%s/%s/%09d", e.Till, n, e.Nummer), e.Nummer); err != nil {
			return err
		}
	}
	if err := add(tx, e.Till, 0, "", projection.Stamp{}); err != nil {
		return err
	}
	return tx.Put(table, fmt.Sprintf("z/%s/%09d/%016x/%s", e.Till, e.Nummer, r.Lamport, r.Origin), r.Payload)
}
