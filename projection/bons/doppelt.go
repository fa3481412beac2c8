package bons

import (
	"strings"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection"
)

// mehrere stands for the databases of a till that had more than one.
const mehrere = "*"

// doppelt notes a number that two databases of one till gave to different Bons: one of them was an
// older copy of the other. Of a till with one database nothing is looked up.
func doppelt(tx journal.Tx, r journal.Record, nummer, prefix string) error {
	till, _, err := Split(nummer)
	if err != nil {
		return err
	}
	origin := r.Origin.String()
	known, there, err := projection.Get[string](tx, table, "o/"+till)
	switch {
	case err != nil || known == origin:
		return err
	case !there:
		return projection.Put(tx, table, "o/"+till, origin)
	case known != mehrere:
		if err := projection.Put(tx, table, "o/"+till, mehrere); err != nil {
			return err
		}
	}
	n := 0
	err = tx.Scan(table, journal.Prefix(prefix), func(string, []byte) (bool, error) {
		n++
		return n < 2, nil
	})
	if err != nil || n < 2 {
		return err
	}
	return projection.Put(tx, table, "z/"+nummer, true)
}

// Doppelte are the numbers that more than one Bon bears, in order.
func Doppelte(rows journal.Rows) (list []string, err error) {
	err = rows.Scan(table, journal.Prefix("z/"), func(key string, _ []byte) (bool, error) {
		list = append(list, strings.TrimPrefix(key, "z/"))
		return true, nil
	})
	return list, err
}
