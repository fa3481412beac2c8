package vorgaenge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection"
)

// doubled marks a cart that was sold more than once.
func doubled(tx journal.Tx, id string) error {
	list, err := sold(tx, id)
	if err != nil || len(list) < 2 {
		return err
	}
	return projection.Put(tx, table, "d/"+id, 1)
}

// sold returns the numbers of the Bons of a cart.
func sold(rows journal.Rows, id string) (list []string, err error) {
	done, err := finished(rows, id)
	for _, a := range done {
		if a.Bon != "" {
			list = append(list, a.Bon)
		}
	}
	slices.Sort(list)
	return list, err
}

// Doppelt is a cart that two machines have sold.
type Doppelt struct {
	Vorgang string
	Bons    []string // numbers of those that are not cancelled, at least two
}

// DoppeltVerkauft returns the carts that were sold more than once and are not settled.
func DoppeltVerkauft(rows journal.Rows) ([]Doppelt, error) {
	var list []Doppelt
	err := projection.Each(rows, table, journal.Prefix("d/"), func(key string, _ int) (bool, error) {
		d := Doppelt{Vorgang: key[len("d/"):]}
		if settled, err := rows.Get(table, restKey(d.Vorgang, "", 0)); err != nil || settled != nil {
			return err == nil, err
		}
		all, err := sold(rows, d.Vorgang)
		if err != nil {
			return false, err
		}
		for _, n := range all {
			gone, err := rows.Get(table, "s/"+n)
			if err != nil {
				return false, err
			}
			if gone == nil {
				d.Bons = append(d.Bons, n)
			}
		}
		if len(d.Bons) > 1 {
			list = append(list, d)
		}
		return true, nil
	})
	return list, err
}

// Rest is what a machine did to a cart that others had taken over or finished: nobody has
// seen it, and it is in no Bon.
type Rest struct {
	Vorgang, Platz string
	Epoche         int // in which it did so
	Version        int // up to which this is
	Positionen     []vorgang.Position
	Entfernt       int   // lines it took out
	Zeit           int64 // of the last change, UTC nanoseconds
	Wer            string
}

// Reste returns what is left over and not settled, in order of carts and machines.
func Reste(rows journal.Rows) ([]Rest, error) {
	ids, err := suspects(rows)
	if err != nil {
		return nil, err
	}
	var list []Rest
	for _, id := range ids {
		found, err := reste(rows, id)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			list = append(list, *r)
		}
	}
	return list, nil
}

// suspects are the carts that may have a rest: those with changes, taken over or finished.
func suspects(rows journal.Rows) (ids []string, err error) {
	last := ""
	err = rows.Scan(table, journal.Prefix("e/"), func(key string, _ []byte) (bool, error) {
		id, _, _ := strings.Cut(key[len("e/"):], "/")
		if id != last {
			ids = append(ids, id)
		}
		last = id
		return true, nil
	})
	return ids, err
}

func reste(rows journal.Rows, id string) (out []*Rest, err error) {
	done, err := finished(rows, id)
	if err != nil {
		return nil, err
	}
	taken, err := cuts(rows, id)
	if err != nil || len(taken)+len(done) == 0 {
		return nil, err
	}
	list, err := changes(rows, id)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if len(done) == 0 && taken.gilt(a) || len(a.Gesetzt)+len(a.Entfernt) == 0 {
			continue
		}
		epoche := taken.epoche(a)
		settled, _, err := projection.Get[int](rows, table, restKey(id, a.node(), epoche))
		if err != nil {
			return nil, err
		}
		if a.Version <= settled {
			continue
		}
		r := &Rest{Vorgang: id, Platz: a.node(), Epoche: epoche}
		i := slices.IndexFunc(out, func(o *Rest) bool { return o.Platz == r.Platz && o.Epoche == epoche })
		if i >= 0 {
			r = out[i]
		} else {
			out = append(out, r)
		}
		r.add(a)
	}
	slices.SortFunc(out, func(a, b *Rest) int {
		return cmp.Or(cmp.Compare(a.Platz, b.Platz), cmp.Compare(a.Epoche, b.Epoche))
	})
	return out, nil
}

func restKey(id, node string, epoche int) string { return fmt.Sprintf("g/%s/%s/%d", id, node, epoche) }

func (r *Rest) add(a aenderung) {
	v := Fold(vorgang.Vorgang{Positionen: r.Positionen}, a.VorgangGeaendert)
	r.Positionen, r.Entfernt = v.Positionen, r.Entfernt+len(a.Entfernt)
	r.Version, r.Zeit, r.Wer = max(r.Version, a.Version), a.Zeit, a.Wer
}
