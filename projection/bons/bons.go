// Package bons keeps the finished sales. Table "bons":
//
//	b/TILL/RUNNING/LAMPORT/ORIGIN the event as journalled; the first of a number is found by it
//	t/TAG/LAMPORT/ORIGIN    key of a Bon of that day, in order
//	r/NUMMER/LAMPORT/ORIGIN key of a Bon that undoes (part of) NUMMER
//	h/BELEG/LAMPORT/ORIGIN  key of a Bon that was entered from the slip BELEG
//	n/TILL/RUNNING          a number of no sale, or whose Bon counts no more: it is not given out again
//	o/TILL                  the database whose Bons bear its name; "*": several, after one was put back
//	z/NUMMER                a number that several Bons bear
//	e/NUMMER                how often the receipt was given as QR code
//	d/NUMMER/REZEPT         how often the form was printed; without REZEPT: of any
package bons

import (
	"fmt"
	"slices"
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
func (Projection) Schema() int { return 9 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VerkaufAbgeschlossen:
		return add(tx, r, e.Bon)
	case event.BelegGebucht:
		return taken(tx, e.Bon.Nummer)
	case event.BelegDigital:
		n, err := Digital(tx, e.Bon)
		if err != nil {
			return err
		}
		return projection.Put(tx, table, "e/"+e.Bon, n+1)
	case event.BelegGedruckt:
		return printed(tx, e.Bon, e.Rezept)
	case event.BelegNachgedruckt:
		if e.Art == "muster-16" { // it does not say on which prescription
			return printed(tx, e.Bon, "")
		}
	}
	return nil
}

// Keep implements journal.Keeper: the customer has the receipt with the number.
func (Projection) Keep(tx journal.Tx, _ journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.VerkaufAbgeschlossen:
		return taken(tx, e.Bon.Nummer)
	case event.BelegGebucht:
		return taken(tx, e.Bon.Nummer)
	}
	return nil
}

// taken keeps a number from being given out again: it is that of a record that is no sale, or
// of a sale that counts no more.
func taken(tx journal.Tx, nummer string) error {
	till, running, err := Split(nummer)
	if err != nil {
		return err
	}
	return projection.Put(tx, table, fmt.Sprintf("n/%s/%09d/", till, running), true)
}

func printed(tx journal.Tx, nummer, rezept string) error {
	n, _, err := projection.Get[int](tx, table, "d/"+nummer+"/"+rezept)
	if err != nil {
		return err
	}
	return projection.Put(tx, table, "d/"+nummer+"/"+rezept, n+1)
}

func add(tx journal.Tx, r journal.Record, b bon.Bon) error {
	prefix, err := numberKey(b.Nummer)
	if err != nil {
		return err
	}
	stamp := fmt.Sprintf("%016x/%s", r.Lamport, r.Origin)
	key := prefix + stamp
	if err := tx.Put(table, key, r.Payload); err != nil {
		return err
	}
	if err := doppelt(tx, r, b.Nummer, prefix); err != nil {
		return err
	}
	if err := projection.Put(tx, table, "t/"+b.Tag.String()+"/"+stamp, key); err != nil {
		return err
	}
	if b.Beleg != "" {
		if err := projection.Put(tx, table, "h/"+b.Beleg+"/"+stamp, key); err != nil {
			return err
		}
	}
	if b.Bezug == "" {
		return nil
	}
	return projection.Put(tx, table, "r/"+b.Bezug+"/"+stamp, key)
}

// numberKey is the prefix of the rows of a number; running numbers order as keys.
func numberKey(nummer string) (string, error) {
	till, running, err := Split(nummer)
	return fmt.Sprintf("b/%s/%09d/", till, running), err
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
	last := 0
	for _, kind := range []string{"b/", "n/"} {
		running, err := highest(rows, kind+till+"/")
		if err != nil {
			return "", fmt.Errorf("last number of till %s: %w", till, err)
		}
		last = max(last, running)
	}
	return Number(till, last+1), nil
}

// highest is the highest running number of the rows with the prefix; 0 if there is none.
func highest(rows journal.Rows, prefix string) (running int, err error) {
	r := journal.Prefix(prefix)
	r.Reverse = true
	err = rows.Scan(table, r, func(key string, _ []byte) (_ bool, err error) {
		number, _, _ := strings.Cut(key[len(r.From):], "/")
		if running, err = strconv.Atoi(number); err != nil {
			return false, fmt.Errorf("number %q: %w", number, err)
		}
		return false, nil
	})
	return running, err
}

// Find returns a Bon; false if there is none or it is no number.
func Find(rows journal.Rows, nummer string) (b bon.Bon, found bool, err error) {
	prefix, err := numberKey(nummer)
	if err != nil {
		return bon.Bon{}, false, nil //nolint:nilerr // what is no number names no Bon
	}
	each := func(_ string, e event.VerkaufAbgeschlossen) (bool, error) {
		b, found = e.Bon, e.Bon.Nummer == nummer
		return false, nil
	}
	err = projection.Each(rows, table, journal.Prefix(prefix), each)
	return b, found, err
}

// Ungesichert returns the numbers of the last Bons of a till that one of its databases wrote
// after a Lamport counter, at most limit, the last one first.
func Ungesichert(rows journal.Rows, till, origin string, after uint64, limit int) (list []string, err error) {
	r := journal.Prefix("b/" + till + "/")
	r.Reverse = true
	err = rows.Scan(table, r, func(key string, _ []byte) (bool, error) {
		number, stamp, _ := strings.Cut(key[len(r.From):], "/")
		counter, by, _ := strings.Cut(stamp, "/")
		n, err := strconv.ParseUint(counter, 16, 64)
		if err != nil {
			return false, fmt.Errorf("stamp of a Bon %q: %w", key, err)
		}
		if by != origin || n <= after {
			return false, nil
		}
		running, err := strconv.Atoi(number)
		if err != nil {
			return false, fmt.Errorf("number %q: %w", number, err)
		}
		list = append(list, Number(till, running))
		return len(list) < limit, nil
	})
	return list, err
}

// Last returns the last Bon of the till.
func Last(rows journal.Rows, till string) (bon.Bon, bool, error) {
	running, err := highest(rows, "b/"+till+"/")
	if err != nil || running == 0 {
		return bon.Bon{}, false, err
	}
	return Find(rows, Number(till, running))
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

// EachLast calls f for the Bons, the last day and its last booking first.
func EachLast(rows journal.Rows, f func(bon.Bon) (bool, error)) error {
	r := journal.Prefix("t/")
	r.Reverse = true
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

// OfBeleg returns the Bons that were entered from a slip written by hand, in order of
// booking.
func OfBeleg(rows journal.Rows, beleg string) ([]bon.Bon, error) {
	list, err := listed(rows, "h/"+beleg+"/")
	return slices.DeleteFunc(list, func(b bon.Bon) bool { return b.Beleg != beleg }), err // "7/1" begins with "7/"
}

// Gedruckt returns how often the form of a prescription was printed for a Bon.
func Gedruckt(rows journal.Rows, nummer, rezept string) (int, error) {
	n, _, err := projection.Get[int](rows, table, "d/"+nummer+"/"+rezept)
	if err != nil {
		return 0, err
	}
	old, _, err := projection.Get[int](rows, table, "d/"+nummer+"/")
	return n + old, err
}

// Digital returns how often the receipt of a Bon was given as QR code.
func Digital(rows journal.Rows, nummer string) (int, error) {
	n, _, err := projection.Get[int](rows, table, "e/"+nummer)
	return n, err
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
