// Package journaltest is the suite that every store of the journal must pass.
package journaltest

import (
	"errors"
	"fmt"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// Projections are what a store under test must keep.
func Projections() []journal.Projection { return []journal.Projection{probe{}, counter{}} }

// errRefused is what the probe answers to the setting "verweigert".
var errRefused = errors.New("the probe refuses this record")

// probe keeps the settings: a row for each, none for an empty value. Some settings
// make it misbehave.
type probe struct{}

// Name implements journal.Projection.
func (probe) Name() string { return "probe" }

// Schema implements journal.Projection.
func (probe) Schema() int { return 1 }

// Apply implements journal.Projection.
func (probe) Apply(tx journal.Tx, _ journal.Record, e journal.Event) error {
	s, ok := e.(event.EinstellungGesetzt)
	switch {
	case !ok:
		return nil
	case s.Schluessel == "verweigert":
		if err := tx.Put("probe", "verweigert", nil); err != nil {
			return err
		}
		return errRefused
	case s.Schluessel == "fremd":
		return tx.Put("zaehler", "n", []byte("0"))
	case s.Wert == "":
		return tx.Delete("probe", s.Schluessel)
	}
	return tx.Put("probe", s.Schluessel, []byte(s.Wert))
}

// counter counts all records.
type counter struct{}

// Name implements journal.Projection.
func (counter) Name() string { return "zaehler" }

// Schema implements journal.Projection.
func (counter) Schema() int { return 1 }

// Apply implements journal.Projection.
func (counter) Apply(tx journal.Tx, _ journal.Record, _ journal.Event) error {
	n, err := count(tx)
	if err != nil {
		return err
	}
	return tx.Put("zaehler", "n", fmt.Append(nil, n+1))
}

// Keep implements journal.Keeper.
func (counter) Keep(tx journal.Tx, r journal.Record, _ journal.Event) error {
	return tx.Put("zaehler", "behalten/"+r.Key+"/"+r.Origin.Node, []byte("1"))
}

func count(rows journal.Rows) (n int, err error) {
	b, err := rows.Get("zaehler", "n")
	if err == nil && b != nil {
		_, err = fmt.Sscan(string(b), &n)
	}
	return n, err
}

// wall is the time of all acts.
func wall() time.Time { return time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC) }

// set is an act that makes settings: key, value, key, value ….
func set(key string, pairs ...string) journal.Act {
	return journal.Act{
		Key: key, Input: pairs, Actor: "AB", Wall: wall(),
		Decide: func(journal.Rows) ([]journal.Event, error) {
			var list []journal.Event
			for i := 0; i < len(pairs); i += 2 {
				list = append(list, event.EinstellungGesetzt{Schluessel: pairs[i], Wert: pairs[i+1]})
			}
			return list, nil
		},
	}
}

// erase is an act that erases a person.
func erase(key, person string) journal.Act {
	return journal.Act{
		Key: key, Input: person, Actor: "AB", Wall: wall(),
		Decide: func(journal.Rows) ([]journal.Event, error) {
			return []journal.Event{event.PersonGeloescht{ID: person, Grund: "Wunsch"}}, nil
		},
	}
}
