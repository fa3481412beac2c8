package sicherung

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/kopie"
)

// system is who does what no person does.
const system = "SYSTEM"

// loesche erases persons of a restored journal who are not erased in it, and returns how
// many that were.
func (a Auftrag) loesche(ctx context.Context, store *sqlite.Store, data string, personen []string) (n int, err error) {
	known, err := kopie.Geloescht(data)
	if err != nil {
		return 0, err
	}
	for _, p := range personen {
		if slices.Contains(known, p) || journal.CheckPerson(p) != nil {
			continue
		}
		_, err := store.Append(ctx, journal.Act{
			Key: "wiederherstellung-" + p, Input: p, Actor: system, Wall: a.Clock.Now(),
			Decide: func(journal.Rows) ([]journal.Event, error) {
				return []journal.Event{event.PersonGeloescht{ID: p, Grund: "nach der Sicherung gelöscht"}}, nil
			},
		})
		if err != nil {
			return n, fmt.Errorf("erase person again: %w", err)
		}
		n++
	}
	return n, nil
}

// errGenug ends the search for a person.
var errGenug = errors.New("found one")

// oeffnet reports whether the key of the node opens personal data; true if there are none.
func oeffnet(ctx context.Context, store *sqlite.Store) bool {
	heads, err := store.Heads(ctx)
	opens := true
	for _, h := range heads {
		if err == nil {
			err = store.Records(ctx, h.Origin, 0, func(r journal.Record) (bool, error) {
				if r.Type != (event.PersonGesetzt{}).EventType() {
					return true, nil
				}
				e, err := event.Decode(r.Type, r.Payload)
				p, ok := e.(event.PersonGesetzt)
				if err != nil || !ok {
					return true, nil //nolint:nilerr // Verify names it
				}
				_, err = store.Open(ctx, p.Daten)
				if errors.Is(err, journal.ErrErased) {
					return true, nil
				}
				opens = err == nil
				return false, errGenug
			})
		}
	}
	return opens
}
