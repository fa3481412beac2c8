// Package kartenzahlungen keeps payments at card terminals until they stand on a Bon. Table
// "kartenzahlungen":
//
//	z/ID         the payment
//	v/VORGANG/ID payment of a cart
//	e/NUMMER/ID  what goes back of the payment of a Bon
//	o/TILL/ID    nobody knows yet whether the money was taken
//	r/ID         it was given back, stands on no Bon, and nobody has settled that
package kartenzahlungen

import (
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "kartenzahlungen"

// Zahlung is one payment.
type Zahlung struct {
	event.KartenzahlungBegonnen
	Ende *Ende  `json:"ende,omitempty"` // nil: unclear
	Bon  string `json:"bon,omitempty"`  // on which it stands
	// Geklaert is that somebody said that it will stand on none.
	Geklaert *Geklaert `json:"geklaert,omitempty"`

	Stamp projection.Stamp `json:"stamp"` // of the first to begin it
}

// Ende is how it ended, with who said so.
type Ende struct {
	event.KartenzahlungBeendet
	Stamp projection.Stamp `json:"stamp"`
}

// Geklaert is who said so first.
type Geklaert struct {
	event.KartenzahlungGeklaert
	Stamp projection.Stamp `json:"stamp"`
}

// Beleg is what stays of it on the Bon.
func (z Zahlung) Beleg() *karte.Beleg {
	return &karte.Beleg{ID: z.ID, Karte: z.Ende.Karte, Zeilen: z.Ende.Zeilen}
}

// Projection folds payments.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 3 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	stamp := projection.StampOf(r)
	switch e := e.(type) {
	case event.KartenzahlungBegonnen:
		return begonnen(tx, stamp, e)
	case event.KartenzahlungBeendet:
		return change(tx, e.ID, func(z *Zahlung) {
			if z.Ende == nil || stamp.Before(z.Ende.Stamp) { // the first to say so counts
				z.Ende = &Ende{e, stamp}
			}
		})
	case event.KartenzahlungGeklaert:
		return change(tx, e.ID, func(z *Zahlung) {
			if z.Geklaert == nil || stamp.Before(z.Geklaert.Stamp) {
				z.Geklaert = &Geklaert{e, stamp}
			}
		})
	case event.VerkaufAbgeschlossen:
		for _, p := range e.Bon.Zahlungen {
			if p.Beleg == nil || p.Beleg.ID == "" {
				continue
			}
			id := p.Beleg.ID
			err := change(tx, id, func(z *Zahlung) { z.Bon = max(z.Bon, e.Bon.Nummer) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func begonnen(tx journal.Tx, stamp projection.Stamp, e event.KartenzahlungBegonnen) error {
	key := "v/" + e.Vorgang
	if e.Erstattung != "" {
		key = "e/" + e.Erstattung
	}
	if err := projection.Put(tx, table, key+"/"+e.ID, e.ID); err != nil {
		return err
	}
	return change(tx, e.ID, func(z *Zahlung) {
		if z.Till == "" || stamp.Before(z.Stamp) {
			z.KartenzahlungBegonnen, z.Stamp = e, stamp
		}
	})
}

func change(tx journal.Tx, id string, f func(*Zahlung)) error {
	z, _, err := projection.Get[Zahlung](tx, table, "z/"+id)
	if err != nil {
		return err
	}
	was := z.Till
	f(&z)
	if z.ID = id; was != "" && was != z.Till {
		if err := tx.Delete(table, "o/"+was+"/"+id); err != nil {
			return err
		}
	}
	if err := projection.Put(tx, table, "z/"+id, z); err != nil || z.Till == "" {
		return err
	}
	if err := mark(tx, "o/"+z.Till+"/"+id, id, z.Ende == nil); err != nil {
		return err
	}
	return mark(tx, "r/"+id, id, z.ungebucht() && z.Ende != nil)
}

// mark keeps that a payment is in a state, or takes that away.
func mark(tx journal.Tx, key, id string, on bool) error {
	if on {
		return projection.Put(tx, table, key, id)
	}
	return tx.Delete(table, key)
}

// ungebucht reports whether money goes back, or may, and no Bon says so.
func (z Zahlung) ungebucht() bool {
	return z.Erstattung != "" && z.Bon == "" && z.Geklaert == nil && (z.Ende == nil || z.Ende.Bewilligt)
}

// Find returns a payment.
func Find(rows journal.Rows, id string) (Zahlung, bool, error) {
	return projection.Get[Zahlung](rows, table, "z/"+id)
}

// Offen returns the payments of a till of which nobody knows whether the money was taken.
func Offen(rows journal.Rows, till string) ([]Zahlung, error) { return keyed(rows, "o/"+till+"/") }

// Ungeklaert returns the payments of all tills that somebody has to settle: of which nobody knows whether the
// money was taken, and what was given back and stands on no Bon.
func Ungeklaert(rows journal.Rows) ([]Zahlung, error) {
	open, err := keyed(rows, "o/")
	if err != nil {
		return nil, err
	}
	back, err := keyed(rows, "r/")
	return append(open, back...), err
}

// Vorgang returns the payments of a cart that stand on no Bon yet: unclear ones, and those whose
// money was taken; and the sum of the latter.
func Vorgang(rows journal.Rows, id string) (list []Zahlung, bezahlt money.Cent, err error) {
	all, err := keyed(rows, "v/"+id+"/")
	for _, z := range all {
		if z.Bon != "" || z.Ende != nil && !z.Ende.Bewilligt {
			continue
		}
		list = append(list, z)
		if z.Ende != nil {
			bezahlt += z.Betrag
		}
	}
	return list, bezahlt, err
}

// Erstattet is what the terminal gives back of the payment of a Bon and stands on no Bon yet: nil if
// nothing does, without an end as long as nobody knows; and how much that is.
func Erstattet(rows journal.Rows, nummer string) (*Zahlung, money.Cent, error) {
	all, err := keyed(rows, "e/"+nummer+"/")
	for _, z := range all {
		if z.ungebucht() {
			return &z, z.Betrag, err
		}
	}
	return nil, 0, err
}

func keyed(rows journal.Rows, prefix string) (list []Zahlung, err error) {
	var ids []string
	each := func(_ string, id string) (bool, error) {
		ids = append(ids, id)
		return true, nil
	}
	if err := projection.Each(rows, table, journal.Prefix(prefix), each); err != nil {
		return nil, err
	}
	for _, id := range ids {
		z, _, err := Find(rows, id)
		if err != nil {
			return nil, err
		}
		list = append(list, z)
	}
	return list, nil
}
