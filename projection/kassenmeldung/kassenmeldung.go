// Package kassenmeldung keeps what the tax office was told of the tills (§ 146a (4) AO), and
// which are out of use. Table "kassenmeldung":
//
//	m/LAMPORT/ORIGIN      a notification that was sent
//	x/TILL/LAMPORT/ORIGIN a till was taken out of use, or put into use again
package kassenmeldung

import (
	"fmt"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "kassenmeldung"

// Projection folds them.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 2 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.KassenmeldungGesendet:
		return projection.Put(tx, table, "m/"+stamp(r), Gesendet{e, r.Wall, r.Actor})
	case event.TillBeendet:
		return projection.Put(tx, table, "x/"+e.Till+"/"+stamp(r), Ende{TillBeendet: e, Zeit: r.Wall})
	case event.TillWieder:
		return projection.Put(tx, table, "x/"+e.Till+"/"+stamp(r), Ende{Zeit: r.Wall, Wieder: e.Tag})
	}
	return nil
}

func stamp(r journal.Record) string { return fmt.Sprintf("%016x/%s/%d", r.Lamport, r.Origin, r.Seq) }

// Gesendet is a notification that was sent, with who said so when.
type Gesendet struct {
	event.KassenmeldungGesendet
	Zeit int64  `json:"zeit"` // UTC nanoseconds
	Wer  string `json:"wer"`
}

// Ende is that a till was taken out of use.
type Ende struct {
	event.TillBeendet
	Zeit   int64     `json:"zeit"`            // when it was said, UTC nanoseconds
	Wieder civil.Day `json:"wieder,omitzero"` // it is no end: since when the till is in use again
}

// Letzte returns the last notification; false if there is none.
func Letzte(rows journal.Rows) (g Gesendet, found bool, err error) {
	r := journal.Prefix("m/")
	r.Reverse = true
	err = projection.Each(rows, table, r, func(_ string, v Gesendet) (bool, error) {
		g, found = v, true
		return false, nil
	})
	return g, found, err
}

// Beendet returns the last time that a till was taken out of use, or put into use again (Wieder);
// false: neither.
func Beendet(rows journal.Rows, till string) (e Ende, found bool, err error) {
	r := journal.Prefix("x/" + till + "/")
	r.Reverse = true
	err = projection.Each(rows, table, r, func(_ string, v Ende) (bool, error) {
		e, found = v, true
		return false, nil
	})
	return e, found, err
}
