// Package eigene keeps the articles and prices of the pharmacy's own. The last writer
// wins, and every change stays in the history. Table "eigene":
//
//	a/PZN                  article
//	p/PZN/AB               price from that day on
//	v/PZN/LAMPORT/ORIGIN/N change
//	stand                  which changes are in the rows
package eigene

import (
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const (
	table    = "eigene"
	standKey = "stand"
)

type stamped[T any] struct {
	Wert  T                `json:"wert"`
	Stamp projection.Stamp `json:"stamp"`
}

// Aenderung is one change, of the article or of a price.
type Aenderung struct {
	Artikel *event.EigenerArtikelGesetzt `json:"artikel,omitempty"`
	Preis   *event.EigenerPreisGesetzt   `json:"preis,omitempty"`
	Wer     string                       `json:"wer"`
	Zeit    int64                        `json:"zeit"` // UTC nanoseconds
}

// Gleiches reports whether both change the same thing: the article, or its price from the
// same day on.
func (a Aenderung) Gleiches(b Aenderung) bool {
	if a.Preis == nil || b.Preis == nil {
		return a.Preis == nil && b.Preis == nil
	}
	return a.Preis.Ab == b.Preis.Ab
}

// Projection folds articles and prices; the last writer wins.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	change := Aenderung{Wer: r.Actor, Zeit: r.Wall}
	var pzn kennung.PZN
	var err error
	switch e := e.(type) {
	case event.EigenerArtikelGesetzt:
		pzn, change.Artikel = e.PZN, &e
		err = set(tx, r, "a/"+string(e.PZN), e)
	case event.EigenerPreisGesetzt:
		pzn, change.Preis = e.PZN, &e
		err = set(tx, r, preisKey(e.PZN, e.Ab), e)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	key := fmt.Sprintf("v/%s/%016x/%s/%d", pzn, r.Lamport, r.Origin, r.Seq)
	if err := projection.Put(tx, table, key, change); err != nil {
		return err
	}
	return count(tx, r)
}

func preisKey(pzn kennung.PZN, ab civil.Day) string { return "p/" + string(pzn) + "/" + ab.String() }

func set[T any](tx journal.Tx, r journal.Record, key string, v T) error {
	old, known, err := projection.Get[stamped[T]](tx, table, key)
	if err != nil || known && projection.StampOf(r).Before(old.Stamp) {
		return err
	}
	return projection.Put(tx, table, key, stamped[T]{v, projection.StampOf(r)})
}

// count mixes the record into the mark of what is in the rows. It does not depend on the
// order in which records of several machines arrive, and a record that was folded into
// rows which were never written can not be mistaken for another.
func count(tx journal.Tx, r journal.Record) error {
	old, err := Stand(tx)
	if err != nil {
		return err
	}
	sum := r.Hash
	if b, err := hex.DecodeString(old); err == nil && len(b) == len(sum) {
		for i := range sum {
			sum[i] ^= b[i]
		}
	}
	return projection.Put(tx, table, standKey, hex.EncodeToString(sum[:]))
}

// Stand names the changes that are in the rows: the same text means the same articles and
// prices. It is empty if there never was one.
func Stand(rows journal.Rows) (string, error) {
	s, _, err := projection.Get[string](rows, table, standKey)
	return s, err
}

// Artikel returns all articles in order of PZN, those taken out too.
func Artikel(rows journal.Rows) ([]event.EigenerArtikelGesetzt, error) {
	return all[event.EigenerArtikelGesetzt](rows, "a/")
}

// Preise returns all prices in order of PZN and first day, those taken back too.
func Preise(rows journal.Rows) ([]event.EigenerPreisGesetzt, error) {
	return all[event.EigenerPreisGesetzt](rows, "p/")
}

// PreiseVon returns the prices of one article in order of their first day.
func PreiseVon(rows journal.Rows, pzn kennung.PZN) ([]event.EigenerPreisGesetzt, error) {
	return all[event.EigenerPreisGesetzt](rows, "p/"+string(pzn)+"/")
}

// Wechsel returns the days after the first one and up to the last on which a price begins or
// has just ended, in order.
func Wechsel(rows journal.Rows, von, bis civil.Day) ([]civil.Day, error) {
	list, err := Preise(rows)
	var days []civil.Day
	for _, p := range list {
		if p.Preis == 0 {
			continue
		}
		if days = append(days, p.Ab); p.Bis != 0 {
			days = append(days, p.Bis.AddDays(1))
		}
	}
	days = slices.DeleteFunc(days, func(d civil.Day) bool { return d <= von || d > bis })
	slices.Sort(days)
	return slices.Compact(days), err
}

func all[T any](rows journal.Rows, prefix string) ([]T, error) {
	var list []T
	err := projection.Each(rows, table, journal.Prefix(prefix), func(_ string, v stamped[T]) (bool, error) {
		list = append(list, v.Wert)
		return true, nil
	})
	return list, err
}

// Find returns one article; false if there is none with the PZN.
func Find(rows journal.Rows, pzn kennung.PZN) (event.EigenerArtikelGesetzt, bool, error) {
	v, ok, err := projection.Get[stamped[event.EigenerArtikelGesetzt]](rows, table, "a/"+string(pzn))
	return v.Wert, ok, err
}

// FindPreis returns the price of an article from exactly this day on; false if none was set.
func FindPreis(rows journal.Rows, pzn kennung.PZN, ab civil.Day) (event.EigenerPreisGesetzt, bool, error) {
	v, ok, err := projection.Get[stamped[event.EigenerPreisGesetzt]](rows, table, preisKey(pzn, ab))
	return v.Wert, ok, err
}

// Verlauf returns the last changes of one PZN, the newest first.
func Verlauf(rows journal.Rows, pzn kennung.PZN, limit int) ([]Aenderung, error) {
	var list []Aenderung
	r := journal.Prefix("v/" + string(pzn) + "/")
	r.Reverse = true
	err := projection.Each(rows, table, r, func(_ string, a Aenderung) (bool, error) {
		list = append(list, a)
		return len(list) < limit, nil
	})
	return list, err
}
