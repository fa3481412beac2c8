package sqlite_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/sqlite"
)

// verkauf is a sale of one piece for one euro, under the number that is next here.
func verkauf(key string) journal.Act {
	return journal.Act{Key: key, Input: key, Actor: "AB", Decide: func(rows journal.Rows) ([]journal.Event, error) {
		number, err := bons.Next(rows, "1")
		b := bon.Bon{
			Nummer: number, Art: bon.Verkauf, Platz: "platz-1", Tag: civil.Must(2026, 11, 26), Benutzer: "AB",
			Positionen: []bon.Position{{Nr: 1, PZN: "01234562", Menge: 1, Preis: 100, Gesamt: 100}},
			Zahlungen:  []bon.Zahlung{{Art: bon.Bar, Betrag: 100}},
		}
		return []journal.Event{event.VerkaufAbgeschlossen{Bon: b}}, err
	}}
}

// sieht is what a till would go by: the next number, the cash, and how many Bons the day has.
func sieht(t *testing.T, s journal.Store) (text string) {
	t.Helper()
	mustDo(t, s.View(t.Context(), func(rows journal.Rows) error {
		number, err := bons.Next(rows, "1")
		mustDo(t, err)
		laden, err := kassenbuch.Laden(rows)
		mustDo(t, err)
		for _, l := range laden {
			text += fmt.Sprintf(" %s: %d Cent", l.Till, l.Bar)
		}
		list, err := bons.OfDay(rows, civil.Must(2026, 11, 26))
		text = number + text + fmt.Sprintf(", %d Bons", len(list))
		return err
	}))
	return text
}

// zurueckgesetzt is a machine whose database was put back: it has sold once more under a number
// that it had given out before. It returns the number of the first record since, and what it had
// written before and lost.
func zurueckgesetzt(t *testing.T, s *sqlite.Store) (from uint64, before []journal.Record) {
	t.Helper()
	const sold, lost = 40, 3
	for i := range sold {
		write(t, s, verkauf(fmt.Sprint("vor", i)))
	}
	var own []journal.Record
	mustDo(t, s.Records(t.Context(), s.Self(), 0, func(r journal.Record) (bool, error) {
		own = append(own, r)
		return true, nil
	}))
	// The lost sales are written by another store that holds the same records.
	twin := memory.New(memory.Options{Node: "platz-7", Projections: alle.Projections()})
	chain := journal.Chain{Origin: s.Self()}
	for _, r := range own {
		chain.Seq, chain.Hash, chain.Lamport = r.Seq, r.Hash, max(r.Lamport, chain.Lamport)
	}
	_, err := twin.Receive(t.Context(), own)
	mustDo(t, err)
	for i := range lost {
		a := verkauf(fmt.Sprint("verloren", i))
		input, err := a.Check()
		mustDo(t, err)
		var events []journal.Event
		mustDo(t, twin.View(t.Context(), func(rows journal.Rows) (err error) {
			events, err = a.Decide(rows)
			return err
		}))
		list, err := chain.Extend(a, input, events)
		mustDo(t, err)
		_, err = twin.Receive(t.Context(), list)
		mustDo(t, err)
		before = append(before, list...)
	}
	return uint64(sold) + 1, before
}

// A machine whose database was put back goes on under a new name, and sales do not wait for its
// read models: what it had sold before counts as soon as it comes back, so that no number is given
// out again and the cash is right, also while they are built.
func TestReincarnateWhileSalesGoOn(t *testing.T) {
	s := stepwise(t, t.TempDir(), nil)
	from, lost := zurueckgesetzt(t, s)
	write(t, s, verkauf("danach")) // number 41 for the second time: nothing tells it
	mustDo(t, s.Reincarnate(t.Context(), from))
	if !building(t, s) {
		t.Fatal("built while sales wait")
	}
	if got := sieht(t, s); got != "1-000042 1: 4100 Cent, 41 Bons" {
		t.Errorf("at once: %s", got)
	}
	_, err := s.Receive(t.Context(), lost)
	mustDo(t, err)
	if got := sieht(t, s); got != "1-000044 1: 4400 Cent, 44 Bons" {
		t.Errorf("with what it had lost: %s", got)
	}
	_, err = s.Receive(t.Context(), other(t, "platz-4", zugang("h", 7)))
	mustDo(t, err)
	for i := range 3 {
		write(t, s, verkauf(fmt.Sprint("dabei", i)))
		_, err := s.Build(t.Context())
		mustDo(t, err)
	}
	if got := sieht(t, s); !building(t, s) || got != "1-000047 1: 4700 Cent, 47 Bons" {
		t.Errorf("while it is built: %s", got)
	}
	toTheEnd(t, s)
	if got := sieht(t, s); got != "1-000047 1: 4700 Cent, 47 Bons" {
		t.Errorf("built: %s", got)
	}
	if r, err := s.Append(t.Context(), verkauf("verloren1")); err != nil || !r.Repeated {
		t.Errorf("what was lost and came back is done again: %+v, %v", r, err)
	}
	if n := menge(t, s); n != 7-47 {
		t.Errorf("stock is %d", n)
	}
	sound(t, s)
}

// A machine restored from a backup begins under a new name. While read models are built for
// another reason, what it had sold after the backup comes back: its numbers are given out.
func TestRestoredWhileReadModelsAreBuilt(t *testing.T) {
	s := stepwise(t, t.TempDir(), nil)
	from, lost := zurueckgesetzt(t, s)
	mustDo(t, s.Reincarnate(t.Context(), from)) // as `offizin restore` does
	receive(t, s, other(t, "platz-4", zugang("f", 1), zugang("d", 1000)))
	receive(t, s, other(t, "platz-3", zugang("d", 1000))) // the earlier one
	if !building(t, s) {
		t.Fatal("nothing is built")
	}
	_, err := s.Receive(t.Context(), lost)
	mustDo(t, err)
	if got := sieht(t, s); got != "1-000044 1: 4300 Cent, 43 Bons" {
		t.Errorf("while it is built: %s", got)
	}
	write(t, s, verkauf("neu"))
	toTheEnd(t, s)
	if got := sieht(t, s); got != "1-000045 1: 4400 Cent, 44 Bons" {
		t.Errorf("built: %s", got)
	}
	sound(t, s)
}

// What comes back may itself be the reason to build: an act done here again, and lost before.
func TestLostActDoneAgain(t *testing.T) {
	s := stepwise(t, t.TempDir(), nil)
	from, lost := zurueckgesetzt(t, s)
	for i := range 3 { // later, as the counter says: the lost ones count
		write(t, s, zugang(fmt.Sprint("x", i), 1))
	}
	write(t, s, verkauf("verloren1"))
	mustDo(t, s.Reincarnate(t.Context(), from))
	toTheEnd(t, s)
	_, err := s.Receive(t.Context(), lost)
	mustDo(t, err)
	if got := sieht(t, s)[:8]; !building(t, s) || got != "1-000044" {
		t.Errorf("while it is built: %s", got)
	}
	toTheEnd(t, s)
	if got := sieht(t, s); got != "1-000044 1: 4300 Cent, 43 Bons" {
		t.Errorf("built: %s", got)
	}
	sound(t, s)
}

// The sales of a whole year do not hold up a new name: building goes on in steps of a few
// milliseconds, and acts get in between.
func TestReincarnateIsShort(t *testing.T) {
	s := beside(t, t.TempDir())
	receive(t, s, many(t, 10_000))
	from, lost := zurueckgesetzt(t, s)
	write(t, s, verkauf("danach"))
	c := clock.NewReal()
	start := c.Mono()
	mustDo(t, s.Reincarnate(t.Context(), from))
	took := c.Mono() - start
	receive(t, s, lost)
	if !building(t, s) {
		t.Fatal("built while sales wait")
	}
	longest := time.Duration(0)
	for i := 0; building(t, s); i++ {
		start := c.Mono()
		write(t, s, verkauf(fmt.Sprint("dabei", i)))
		longest = max(longest, c.Mono()-start)
	}
	t.Logf("new name after %v, longest act %v", took, longest)
	sound(t, s)
}
