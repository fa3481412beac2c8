// Package belege keeps what the tax office wants to see of a till besides its sales: records
// that are no sale, what the TSE signed, which TSE it was, and when it could not. Table "belege":
//
//	b/TILL/RUNNING/LAMPORT/ORIGIN a record that is no sale
//	s/NUMMER                     what was signed for the number; the first to say so counts
//	u/TILL/RUNNING               a number for which nobody has said so yet
//	t/TILL/LAMPORT/ORIGIN        the TSE that signs for the till from there on
//	a/TILL/LAMPORT/ORIGIN        it failed, or is back
package belege

import (
	"fmt"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
	"github.com/offizin/offizin/projection/bons"
)

const table = "belege"

// Projection folds them.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VerkaufAbgeschlossen:
		return open(tx, e.Bon)
	case event.BelegGebucht:
		key, err := numberKey("b/", e.Bon.Nummer)
		if err != nil {
			return err
		}
		if err := tx.Put(table, key+"/"+stamp(r), r.Payload); err != nil {
			return err
		}
		return open(tx, e.Bon)
	case event.BelegGesichert:
		return secured(tx, r, e)
	case event.TSEGesetzt:
		return projection.Put(tx, table, "t/"+e.Till+"/"+stamp(r), Gesetzt{e, r.Wall, r.Actor})
	case event.TSEAusgefallen:
		w := wechsel{Zeit: e.Zeit, Grund: e.Grund, Serie: e.Seriennummer}
		return projection.Put(tx, table, "a/"+e.Till+"/"+stamp(r), w)
	case event.TSEZurueck:
		return projection.Put(tx, table, "a/"+e.Till+"/"+stamp(r), wechsel{Zeit: e.Zeit, Da: true, Serie: e.Seriennummer})
	}
	return nil
}

func stamp(r journal.Record) string { return fmt.Sprintf("%016x/%s", r.Lamport, r.Origin) }

func numberKey(prefix, nummer string) (string, error) {
	till, running, err := bons.Split(nummer)
	return fmt.Sprintf("%s%s/%09d", prefix, till, running), err
}

// open remembers that a number waits for the TSE, unless its answer came before.
func open(tx journal.Tx, b bon.Bon) error {
	if b.Serie == "" {
		return nil
	}
	_, done, err := projection.Get[gesichert](tx, table, "s/"+b.Nummer)
	if err != nil || done {
		return err
	}
	key, err := numberKey("u/", b.Nummer)
	if err != nil {
		return err
	}
	return projection.Put(tx, table, key, b.Nummer)
}

// gesichert is what was signed, with who said so.
type gesichert struct {
	kassenbeleg.Gesichert
	Stamp projection.Stamp `json:"stamp"`
}

func secured(tx journal.Tx, r journal.Record, e event.BelegGesichert) error {
	old, known, err := projection.Get[gesichert](tx, table, "s/"+e.Nummer)
	stamp := projection.StampOf(r)
	if err != nil || known && old.Stamp.Before(stamp) {
		return err
	}
	key, err := numberKey("u/", e.Nummer)
	if err != nil {
		return err
	}
	if err := tx.Delete(table, key); err != nil {
		return err
	}
	return projection.Put(tx, table, "s/"+e.Nummer, gesichert{e.Gesichert, stamp})
}
