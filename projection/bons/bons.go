// Package bons keeps the finished sales. Table "bons":
//
//	b/NUMMER/LAMPORT/ORIGIN the event as journalled; the first of a number is found by it
//	t/TAG/LAMPORT/ORIGIN    key of a Bon of that day, in order
//	n/TILL                  last running number of the till
//	r/NUMMER/LAMPORT/ORIGIN key of a Bon that undoes (part of) NUMMER
package bons

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "bons"

// Projection folds finished sales.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 3 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	v, ok := e.(event.VerkaufAbgeschlossen)
	if !ok {
		return nil
	}
	b := v.Bon
	stamp := fmt.Sprintf("%016x/%s", r.Lamport, r.Origin)
	key := "b/" + b.Nummer + "/" + stamp
	if err := tx.Put(table, key, r.Payload); err != nil {
		return err
	}
	if err := projection.Put(tx, table, "t/"+b.Tag.String()+"/"+stamp, key); err != nil {
		return err
	}
	if b.Bezug != "" {
		if err := projection.Put(tx, table, "r/"+b.Bezug+"/"+stamp, key); err != nil {
			return err
		}
	}
	return count(tx, b.Nummer)
}

func count(tx journal.Tx, nummer string) error {
	till, running, err := Split(nummer)
	if err != nil {
		return err
	}
	last, _, err := projection.Get[int](tx, table, "n/"+till)
	if err != nil {
		return err
	}
	return projection.Put(tx, table, "n/"+till, max(last, running))
}

// Number formats the number of a Bon: till and running number.
func Number(till string, running int) string { return fmt.Sprintf("%s-%06d", till, running) }

// Split takes a number apart.
func Split(nummer string) (till string, running int, err error) {
	at := strings.LastIndexByte(nummer, '-')
	if at < 1 {
		return "", 0, fmt.Errorf("number of a Bon without till: %q", nummer)
	}
	if running, err = strconv.Atoi(nummer[at+1:]); err != nil {
		return "", 0, fmt.Errorf("number of a Bon %q: %w", nummer, err)
	}
	return nummer[:at], running, nil
}

// Next returns the next number of the till; gapless, from 1.
func Next(rows journal.Rows, till string) (string, error) {
	last, _, err := projection.Get[int](rows, table, "n/"+till)
	return Number(till, last+1), err
}

// Find returns a Bon.
func Find(rows journal.Rows, nummer string) (b bon.Bon, found bool, err error) {
	err = projection.Each(rows, table, journal.Prefix("b/"+nummer+"/"), func(_ string, e event.VerkaufAbgeschlossen) (bool, error) {
		b, found = e.Bon, e.Bon.Nummer == nummer
		return false, nil
	})
	return b, found, err
}

// Last returns the last Bon of the till.
func Last(rows journal.Rows, till string) (bon.Bon, bool, error) {
	last, ok, err := projection.Get[int](rows, table, "n/"+till)
	if err != nil || !ok {
		return bon.Bon{}, false, err
	}
	return Find(rows, Number(till, last))
}

// OfDay returns the Bons of a civil day in order of booking.
func OfDay(rows journal.Rows, day civil.Day) ([]bon.Bon, error) {
	return listed(rows, "t/"+day.String()+"/")
}

// Each calls f for the Bons of the civil days from von to bis, in order of day and
// booking.
func Each(rows journal.Rows, von, bis civil.Day, f func(bon.Bon) (bool, error)) error {
	r := journal.Range{From: "t/" + von.String() + "/", To: "t/" + bis.AddDays(1).String() + "/"}
	return projection.Each(rows, table, r, func(_ string, key string) (bool, error) {
		e, _, err := projection.Get[event.VerkaufAbgeschlossen](rows, table, key)
		if err != nil {
			return false, err
		}
		return f(e.Bon)
	})
}

// Undoing returns the Bons that undo (part of) a Bon.
func Undoing(rows journal.Rows, nummer string) ([]bon.Bon, error) {
	return listed(rows, "r/"+nummer+"/")
}

// listed returns the Bons whose keys stand in the rows with the prefix.
func listed(rows journal.Rows, prefix string) ([]bon.Bon, error) {
	var list []bon.Bon
	err := projection.Each(rows, table, journal.Prefix(prefix), func(_ string, key string) (bool, error) {
		e, _, err := projection.Get[event.VerkaufAbgeschlossen](rows, table, key)
		list = append(list, e.Bon)
		return true, err
	})
	return list, err
}
