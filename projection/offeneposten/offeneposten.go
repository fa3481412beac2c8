// Package offeneposten keeps what is open between the pharmacy and its customers: what is left
// on vouchers, what was sold on credit, what was paid before it is fetched. Table "offeneposten":
//
//	p/GESCHAEFT/NUMMER                  the item: sums of all lines about it
//	b/GESCHAEFT/NUMMER/LAMPORT/ORIGIN/N what one line of a Bon did to it
//	k/KUNDE/GESCHAEFT/NUMMER            item of a customer
//	x/GESCHAEFT/NUMMER                  more was taken from it than was on it
//
// GESCHAEFT is the business case that begins the item. Lines add up, so that they may arrive in
// any order: a voucher redeemed on both sides of a cut network is overdrawn, and that is told.
package offeneposten

import (
	"cmp"
	"fmt"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "offeneposten"

// Posten is one open item.
type Posten struct {
	Geschaeft bon.Geschaeft `json:"geschaeft"` // that began it: Gutscheinkauf, Forderung or Anzahlung
	Nummer    string        `json:"nummer"`    // of the voucher, of the Bon sold on credit; id of the Vormerkung
	Beginn    money.Cent    `json:"beginn"`    // what it was about, less what was undone
	Offen     money.Cent    `json:"offen"`     // what is left; negative: overdrawn

	// Of the first line that began it; empty as long as only later ones are known.
	Bon         string    `json:"bon,omitempty"`
	Tag         civil.Day `json:"tag,omitempty"`
	Kunde       string    `json:"kunde,omitempty"`
	Bezeichnung string    `json:"bezeichnung,omitempty"`
	Satz        money.PPM `json:"satz,omitempty"`

	Stamp projection.Stamp `json:"stamp"`
}

// Bewegung is what one line of a Bon did.
type Bewegung struct {
	Bon       string        `json:"bon"`
	Geschaeft bon.Geschaeft `json:"geschaeft"`
	Betrag    money.Cent    `json:"betrag"` // by which what is open changed
	Zeit      int64         `json:"zeit"`   // UTC nanoseconds
	Wer       string        `json:"wer"`
	Platz     string        `json:"platz,omitempty"`
}

// Projection folds the lines of Bons.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	v, ok := e.(event.VerkaufAbgeschlossen)
	if !ok {
		return nil
	}
	for i, p := range v.Bon.Positionen {
		if err := line(tx, r, v.Bon, i, p); err != nil {
			return err
		}
	}
	return nil
}

func line(tx journal.Tx, r journal.Record, b bon.Bon, i int, p bon.Position) error {
	kind, delta, ok := p.Geschaeft.Offen(p.Gesamt)
	if !ok {
		return nil
	}
	key := string(kind) + "/" + nummer(b, p)
	m := Bewegung{Bon: b.Nummer, Geschaeft: p.Geschaeft, Betrag: delta, Zeit: b.Zeit, Wer: b.Benutzer, Platz: b.Platz}
	if err := projection.Put(tx, table, fmt.Sprintf("b/%s/%016x/%s/%03d", key, r.Lamport, r.Origin, i), m); err != nil {
		return err
	}
	old, _, err := projection.Get[Posten](tx, table, "p/"+key)
	if err != nil {
		return err
	}
	next := old
	next.Geschaeft, next.Nummer, next.Offen = kind, nummer(b, p), old.Offen+delta
	if p.Geschaeft.Beginnt() {
		next.Beginn += delta
	}
	if p.Geschaeft.Beginnt() && b.Bezug == "" {
		next.begin(projection.StampOf(r), b, p)
	}
	return put(tx, key, old, next)
}

// nummer is which item a line is about: a credit bears the number of its Bon, also where that is
// undone.
func nummer(b bon.Bon, p bon.Position) string {
	if p.Geschaeft == bon.Forderung {
		return cmp.Or(p.Bezug, b.Bezug, b.Nummer)
	}
	return p.Bezug
}

// begin says what the item is; of two lines that begin it the first counts.
func (x *Posten) begin(stamp projection.Stamp, b bon.Bon, p bon.Position) {
	if x.Bon != "" && x.Stamp.Before(stamp) {
		return
	}
	x.Bon, x.Tag, x.Kunde, x.Bezeichnung, x.Satz, x.Stamp = b.Nummer, b.Tag, b.Kunde, p.Bezeichnung, p.MwSt, stamp
}

func put(tx journal.Tx, key string, old, next Posten) error {
	if err := projection.Put(tx, table, "p/"+key, next); err != nil {
		return err
	}
	if old.Kunde != "" && old.Kunde != next.Kunde {
		if err := tx.Delete(table, "k/"+old.Kunde+"/"+key); err != nil {
			return err
		}
	}
	if next.Kunde != "" {
		if err := projection.Put(tx, table, "k/"+next.Kunde+"/"+key, key); err != nil {
			return err
		}
	}
	if next.Offen < 0 {
		return projection.Put(tx, table, "x/"+key, key)
	}
	return tx.Delete(table, "x/"+key)
}
