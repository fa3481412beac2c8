// Package geraete keeps which machines serve their pages to other devices, and to which. Table
// "geraete":
//
//	s/RECHNER       whether a machine does, and where
//	g/RECHNER/ID    a device that was permitted there
//	h/RECHNER/HASH  id of the device that keeps what has this hash
//	x/ID            its permission was taken away, for ever
//	z/ID            when something was done from it last
//
// A permission and its end are rows of their own: they may arrive in any order.
package geraete

import (
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "geraete"

type stamped[T any] struct {
	Wert  T                `json:"wert"`
	Wer   string           `json:"wer,omitempty"`
	Zeit  int64            `json:"zeit"` // UTC nanoseconds
	Stamp projection.Stamp `json:"stamp"`
}

// Projection folds devices; the last writer wins, and an end wins for ever.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.SeitenGesetzt:
		return set(tx, r, "s/"+e.Rechner, e)
	case event.GeraetErlaubt:
		if err := set(tx, r, "g/"+e.Rechner+"/"+e.ID, e); err != nil {
			return err
		}
		return set(tx, r, "h/"+e.Rechner+"/"+e.Hash, e.ID)
	case event.GeraetEntzogen:
		return projection.Put(tx, table, "x/"+e.ID, true)
	case event.GeraetBenutzt:
		last, _, err := projection.Get[int64](tx, table, "z/"+e.ID)
		if err != nil || last >= r.Wall {
			return err
		}
		return projection.Put(tx, table, "z/"+e.ID, r.Wall)
	}
	return nil
}

func set[T any](tx journal.Tx, r journal.Record, key string, v T) error {
	old, known, err := projection.Get[stamped[T]](tx, table, key)
	if err != nil || known && projection.StampOf(r).Before(old.Stamp) {
		return err
	}
	return projection.Put(tx, table, key, stamped[T]{v, r.Actor, r.Wall, projection.StampOf(r)})
}

// Geraet is a device that may see the pages of a machine.
type Geraet struct {
	ID, Name string
	Wer      string    // who permitted it
	Seit     time.Time // since when, UTC
	Zuletzt  time.Time // when something was done from it last, UTC; zero: never
}

// Seiten returns whether a machine serves its pages to devices, and where.
func Seiten(rows journal.Rows, rechner string) (event.SeitenGesetzt, error) {
	v, _, err := projection.Get[stamped[event.SeitenGesetzt]](rows, table, "s/"+rechner)
	return v.Wert, err
}

// Find returns the device that keeps what has the hash; false: none, or it may no more.
func Find(rows journal.Rows, rechner, hash string) (g Geraet, ok bool, err error) {
	id, ok, err := projection.Get[stamped[string]](rows, table, "h/"+rechner+"/"+hash)
	if err != nil || !ok {
		return g, false, err
	}
	v, ok, err := projection.Get[stamped[event.GeraetErlaubt]](rows, table, "g/"+rechner+"/"+id.Wert)
	if err != nil || !ok || v.Wert.Hash != hash {
		return g, false, err
	}
	return erlaubt(rows, v)
}

func erlaubt(rows journal.Rows, v stamped[event.GeraetErlaubt]) (g Geraet, ok bool, err error) {
	out, _, err := projection.Get[bool](rows, table, "x/"+v.Wert.ID)
	if err != nil || out {
		return g, false, err
	}
	last, _, err := projection.Get[int64](rows, table, "z/"+v.Wert.ID)
	g = Geraet{ID: v.Wert.ID, Name: v.Wert.Name, Wer: v.Wer, Seit: time.Unix(0, v.Zeit).UTC()}
	if last != 0 {
		g.Zuletzt = time.Unix(0, last).UTC()
	}
	return g, true, err
}

// Alle returns the devices that may see the pages of a machine, in order of their ids.
func Alle(rows journal.Rows, rechner string) (list []Geraet, err error) {
	var stored []stamped[event.GeraetErlaubt]
	err = projection.Each(rows, table, journal.Prefix("g/"+rechner+"/"),
		func(_ string, v stamped[event.GeraetErlaubt]) (bool, error) {
			stored = append(stored, v)
			return true, nil
		})
	if err != nil {
		return nil, err
	}
	for _, v := range stored {
		g, ok, err := erlaubt(rows, v)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, g)
		}
	}
	return list, nil
}
