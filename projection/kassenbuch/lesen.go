package kassenbuch

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
)

// Stand is the drawer of a till as it is by book.
type Stand struct {
	Till  string
	Platz string // machine that booked its last record; empty: none has yet
	Bar   money.Cent
}

// Lade returns the drawer of a till.
func Lade(rows journal.Rows, till string) (Stand, error) {
	l, _, err := projection.Get[lade](rows, table, "s/"+till)
	return Stand{Till: till, Platz: l.Platz, Bar: l.Bar}, err
}

// Laden returns the drawers of all tills that ever booked anything, in order of their prefix.
func Laden(rows journal.Rows) (list []Stand, err error) {
	err = projection.Each(rows, table, journal.Prefix("s/"), func(key string, l lade) (bool, error) {
		list = append(list, Stand{Till: key[2:], Platz: l.Platz, Bar: l.Bar})
		return true, nil
	})
	return list, err
}

// Letzter returns the last closing of a till; false if there is none.
func Letzter(rows journal.Rows, till string) (a abschluss.Abschluss, found bool, err error) {
	err = EachAbschluss(rows, till, func(v abschluss.Abschluss) (bool, error) {
		a, found = v, true
		return false, nil
	})
	return a, found, err
}

// EachAbschluss calls f for the closings of a till, the last one first. Two have one number if the
// till was cut off, closed by another one and closed itself: the one counts that has more records,
// as what the till closed next goes on from there; if they reach as far, the first one written.
func EachAbschluss(rows journal.Rows, till string, f func(abschluss.Abschluss) (bool, error)) error {
	r := journal.Prefix("z/" + till + "/")
	r.Reverse = true
	var last *abschluss.Abschluss
	err := projection.Each(rows, table, r, func(_ string, e event.TagAbgeschlossen) (bool, error) {
		before := last
		if before != nil && before.Nummer == e.Nummer {
			if !weiter(*before, e.Abschluss) {
				last = &e.Abschluss
			}
			return true, nil
		}
		if last = &e.Abschluss; before == nil {
			return true, nil
		}
		more, err := f(*before)
		if !more {
			last = nil
		}
		return more, err
	})
	if err != nil || last == nil {
		return err
	}
	_, err = f(*last)
	return err
}

// Find returns a closing by its number.
func Find(rows journal.Rows, till string, nummer int) (a abschluss.Abschluss, found bool, err error) {
	r := journal.Prefix(fmt.Sprintf("z/%s/%09d/", till, nummer))
	err = projection.Each(rows, table, r, func(_ string, e event.TagAbgeschlossen) (bool, error) {
		if !found || weiter(e.Abschluss, a) {
			a, found = e.Abschluss, true
		}
		return true, nil
	})
	return a, found, err
}

// weiter says whether a closing reaches further than another one of its number. Numbers of one
// till may have more digits than six.
func weiter(a, b abschluss.Abschluss) bool {
	return cmp.Or(cmp.Compare(len(a.Bis), len(b.Bis)), cmp.Compare(a.Bis, b.Bis)) > 0
}

// Next returns the number of the next closing of a till; gapless, from 1. A number that was
// given out in a history which counts no more is not given out again.
func Next(rows journal.Rows, till string) (nr int, err error) {
	for _, kind := range []string{"z/", "n/"} {
		r := journal.Prefix(kind + till + "/")
		r.Reverse = true
		err := rows.Scan(table, r, func(key string, _ []byte) (_ bool, err error) {
			number, _, _ := strings.Cut(key[len(r.From):], "/")
			n, err := strconv.Atoi(number)
			if err != nil {
				return false, fmt.Errorf("number of a closing %q: %w", key, err)
			}
			nr = max(nr, n)
			return false, nil
		})
		if err != nil {
			return 0, fmt.Errorf("last closing of till %s: %w", till, err)
		}
	}
	return nr + 1, nil
}

// ab is the running number that follows a closing.
func ab(last abschluss.Abschluss) (int, error) {
	if last.Bis == "" {
		return 1, nil
	}
	_, running, err := bons.Split(last.Bis)
	return running + 1, err
}

// Belege returns the records of a till since its last closing, of all kinds, in order of their
// numbers, and those of other tills that moved cash of its drawer since then.
func Belege(rows journal.Rows, till string) (eigene, fremde []bon.Bon, err error) {
	last, _, err := Letzter(rows, till)
	if err != nil {
		return nil, nil, err
	}
	from, err := ab(last)
	if err != nil {
		return nil, nil, err
	}
	each := func(b bon.Bon) (bool, error) {
		eigene = append(eigene, b)
		return true, nil
	}
	if err := bons.Ab(rows, till, from, each); err != nil {
		return nil, nil, err
	}
	if err := belege.Ab(rows, till, from, each); err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(eigene, func(a, b bon.Bon) int {
		return cmp.Or(cmp.Compare(len(a.Nummer), len(b.Nummer)), cmp.Compare(a.Nummer, b.Nummer))
	})
	list, err := offene(rows, till)
	for _, z := range list {
		b, ok, err := belege.Find(rows, z.Nummer)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			fremde = append(fremde, b)
		}
	}
	return eigene, fremde, err
}

// offene are the records of other tills that moved cash of this one and stand in none of its
// closings yet.
func offene(rows journal.Rows, till string) (list []Zeile, err error) {
	err = projection.Each(rows, table, journal.Prefix("f/"+till+"/"), func(_ string, z Zeile) (bool, error) {
		counted, err := gezaehlt(rows, till, z.Nummer)
		if !counted && err == nil {
			list = append(list, z)
		}
		return true, err
	})
	return list, err
}

// gezaehlt says whether a closing that counts has counted a record of another till.
func gezaehlt(rows journal.Rows, till, nummer string) (counted bool, err error) {
	err = projection.Each(rows, table, journal.Prefix("g/"+till+"/"+nummer+"/"), func(_ string, z int) (bool, error) {
		a, _, err := Find(rows, till, z)
		counted = slices.Contains(a.Fremde, nummer)
		return !counted, err
	})
	return counted, err
}

// Zeilen returns what moved the cash of a till since its last closing, in order of time.
func Zeilen(rows journal.Rows, till string) ([]Zeile, error) {
	last, _, err := Letzter(rows, till)
	if err != nil {
		return nil, err
	}
	from, err := ab(last)
	if err != nil {
		return nil, err
	}
	list, err := offene(rows, till)
	if err != nil {
		return nil, err
	}
	r := journal.Prefix("b/" + till + "/")
	r.From = fmt.Sprintf("b/%s/%09d/", till, from)
	err = projection.Each(rows, table, r, func(_ string, z Zeile) (bool, error) {
		list = append(list, z)
		return true, nil
	})
	slices.SortStableFunc(list, func(a, b Zeile) int { return cmp.Compare(a.Zeit, b.Zeit) })
	return list, err
}

// EachZeile calls f for everything that ever moved the cash of a till: first what it booked
// itself, then what other tills booked for it.
func EachZeile(rows journal.Rows, till string, f func(Zeile) (bool, error)) error {
	more := true
	for _, kind := range []string{"b/", "f/"} {
		if !more {
			return nil
		}
		err := projection.Each(rows, table, journal.Prefix(kind+till+"/"), func(_ string, z Zeile) (_ bool, err error) {
			more, err = f(z)
			return more, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Offen returns the first record of a till that stands in no closing yet; false if there is
// none. What another till has moved of its cash since then does not make its day open: that
// stands in a closing of the other one, and without a record of its own a till cannot be closed.
// A sale that was entered from a slip happened before: it is the first only if there are no
// others.
func Offen(rows journal.Rows, till string) (first bon.Bon, found bool, err error) {
	last, _, err := Letzter(rows, till)
	if err != nil {
		return first, false, err
	}
	from, err := ab(last)
	if err != nil {
		return first, false, err
	}
	for _, read := range []func(journal.Rows, string, int, func(bon.Bon) (bool, error)) error{bons.Ab, belege.Ab} {
		err := read(rows, till, from, func(b bon.Bon) (bool, error) {
			same := b.Nacherfassung == first.Nacherfassung
			if !found || same && b.Zeit < first.Zeit || !same && first.Nacherfassung {
				first, found = b, true
			}
			return b.Nacherfassung, nil
		})
		if err != nil {
			return first, false, err
		}
	}
	return first, found, nil
}

// Zeitraum returns the closings of all tills of a span of business days, by day, till and number.
func Zeitraum(rows journal.Rows, von, bis civil.Day) (list []abschluss.Abschluss, err error) {
	tills, err := Laden(rows)
	if err != nil {
		return nil, err
	}
	for _, t := range tills {
		err := EachAbschluss(rows, t.Till, func(a abschluss.Abschluss) (bool, error) {
			if von <= a.Tag && a.Tag <= bis {
				list = append(list, a)
			}
			return true, nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b abschluss.Abschluss) int {
		return cmp.Or(cmp.Compare(a.Tag, b.Tag), cmp.Compare(a.Till, b.Till), cmp.Compare(a.Nummer, b.Nummer))
	})
	return list, nil
}
