// Package haus keeps the pharmacy's own settings, its staff and the Inhaber's
// Festlegungen of law. Table "haus":
//
//	e/SCHLUESSEL setting
//	b/KUERZEL    person of the staff
//	f/LAMPORT    Festlegung
package haus

import (
	"fmt"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "haus"

type stamped[T any] struct {
	Wert  T                `json:"wert"`
	Stamp projection.Stamp `json:"stamp"`
}

// Festlegung is a Festlegung of law with who made it when.
type Festlegung struct {
	event.RechtFestgelegt
	Wer  string `json:"wer"`
	Zeit int64  `json:"zeit"` // UTC nanoseconds
}

// Projection folds settings, staff and Festlegungen; the last writer wins.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.EinstellungGesetzt:
		return set(tx, r, "e/"+e.Schluessel, e.Wert)
	case event.BenutzerGesetzt:
		return set(tx, r, "b/"+e.Kuerzel, e)
	case event.RechtFestgelegt:
		key := fmt.Sprintf("f/%016x/%s/%d", r.Lamport, r.Origin, r.Seq)
		return projection.Put(tx, table, key, Festlegung{e, r.Actor, r.Wall})
	}
	return nil
}

func set[T any](tx journal.Tx, r journal.Record, key string, v T) error {
	old, known, err := projection.Get[stamped[T]](tx, table, key)
	if err != nil || known && projection.StampOf(r).Before(old.Stamp) {
		return err
	}
	return projection.Put(tx, table, key, stamped[T]{v, projection.StampOf(r)})
}

// Einstellungen returns all settings.
func Einstellungen(rows journal.Rows) (map[string]string, error) {
	all := map[string]string{}
	err := projection.Each(rows, table, journal.Prefix("e/"), func(key string, v stamped[string]) (bool, error) {
		all[key[2:]] = v.Wert
		return true, nil
	})
	return all, err
}

// Einstellung returns one setting; empty if it was never made.
func Einstellung(rows journal.Rows, schluessel string) (string, error) {
	v, _, err := projection.Get[stamped[string]](rows, table, "e/"+schluessel)
	return v.Wert, err
}

// Bonseite is the setting with the address of the page that shows digital receipts.
const Bonseite = "bonseite"

// UebungSchluessel is the setting that says whether a till practises.
func UebungSchluessel(till string) string { return "uebungsbetrieb/" + till }

// Uebungsbetrieb says whether a till practises: nothing that is paid there is a sale.
func Uebungsbetrieb(rows journal.Rows, till string) (bool, error) {
	v, err := Einstellung(rows, UebungSchluessel(till))
	return v == "ja", err
}

// Name returns the name of a person of the staff; the Kuerzel if it is not known.
func Name(rows journal.Rows, kuerzel string) (string, error) {
	v, ok, err := projection.Get[stamped[event.BenutzerGesetzt]](rows, table, "b/"+kuerzel)
	if !ok || v.Wert.Name == "" {
		return kuerzel, err
	}
	return v.Wert.Name, err
}

// Benutzer returns the staff in order of Kuerzel.
func Benutzer(rows journal.Rows) ([]event.BenutzerGesetzt, error) {
	var list []event.BenutzerGesetzt
	each := func(_ string, v stamped[event.BenutzerGesetzt]) (bool, error) {
		list = append(list, v.Wert)
		return true, nil
	}
	err := projection.Each(rows, table, journal.Prefix("b/"), each)
	return list, err
}

// Festlegungen returns the Festlegungen, oldest first.
func Festlegungen(rows journal.Rows) ([]Festlegung, error) {
	var list []Festlegung
	err := projection.Each(rows, table, journal.Prefix("f/"), func(_ string, f Festlegung) (bool, error) {
		list = append(list, f)
		return true, nil
	})
	return list, err
}
