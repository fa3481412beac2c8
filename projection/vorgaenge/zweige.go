package vorgaenge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

// schnitt is a take-over: the machine goes on from what it saw of the cart of another, which
// is what lies below the version it wrote.
type schnitt struct {
	Node    string           `json:"node"`
	Epoche  int              `json:"epoche"`
	Von     string           `json:"von"` // whose cart it was, in the epoch before; empty: not known
	Version int              `json:"version"`
	Stamp   projection.Stamp `json:"stamp"`
}

// node is the machine that wrote a change, whatever its database.
func (a aenderung) node() string {
	node, _, _ := strings.Cut(a.Stamp.Origin, "/")
	return node
}

// cut keeps the first change of an epoch by a machine, and reports whether it is this one.
func cut(tx journal.Tx, node string, a aenderung) (bool, error) {
	if a.epoche() <= 1 {
		return false, nil
	}
	key := fmt.Sprintf("k/%s/%09d/%s", a.ID, a.epoche(), node)
	old, known, err := projection.Get[schnitt](tx, table, key)
	if err != nil || known && old.Stamp.Before(a.Stamp) {
		return false, err
	}
	return true, projection.Put(tx, table, key, schnitt{node, a.epoche(), a.Von, a.Version, a.Stamp})
}

// cuts returns the take-overs of a cart, the lowest epoch first.
func cuts(rows journal.Rows, id string) (list zweige, err error) {
	err = projection.Each(rows, table, journal.Prefix("k/"+id+"/"), func(_ string, s schnitt) (bool, error) {
		list = append(list, s)
		return true, nil
	})
	return list, err
}

// zweige are all take-overs of a cart.
type zweige []schnitt

// sieger is the take-over that counts: the highest epoch, of two in one epoch the later one;
// nil: there was none.
func (z zweige) sieger() *schnitt {
	var best *schnitt
	for i, s := range z {
		if best == nil || s.Epoche > best.Epoche || s.Epoche == best.Epoche && best.Stamp.Before(s.Stamp) {
			best = &z[i]
		}
	}
	return best
}

// epoche is the epoch in which a machine wrote a change; 1 before its first take-over.
func (z zweige) epoche(a aenderung) int {
	e := 1
	for _, s := range z {
		if s.Node == a.node() && !a.Stamp.Before(s.Stamp) {
			e = max(e, s.Epoche)
		}
	}
	return e
}

// sah reports whether a machine saw a change when it took the cart over.
func (z zweige) sah(s schnitt, a aenderung) bool {
	own := z.epoche(a)
	for {
		switch {
		case a.Version >= s.Version:
			return false
		case s.Von == "" || a.node() == s.Von && own == max(s.Epoche-1, 1):
			return true
		}
		i := slices.IndexFunc(z, func(t schnitt) bool { return t.Node == s.Von && t.Epoche == s.Epoche-1 })
		if i < 0 {
			return false // or not yet known
		}
		s = z[i]
	}
}

// gilt reports whether a change belongs to the cart as it is.
func (z zweige) gilt(a aenderung) bool {
	s := z.sieger()
	return s == nil || a.node() == s.Node && z.epoche(a) == s.Epoche || z.sah(*s, a)
}

// changes returns the stored changes of a cart in order of their stamps.
func changes(rows journal.Rows, id string) (list []aenderung, err error) {
	err = projection.Each(rows, table, journal.Prefix("e/"+id+"/"), func(_ string, a aenderung) (bool, error) {
		list = append(list, a)
		return true, nil
	})
	return list, err
}

// replay folds the stored changes of a cart, up to a version if that is not 0.
func replay(rows journal.Rows, id string, version int) (v Eintrag, found bool, err error) {
	taken, err := cuts(rows, id)
	if err != nil {
		return v, false, err
	}
	list, err := changes(rows, id)
	if err != nil {
		return v, false, err
	}
	one := ""
	for i, a := range list {
		if i == 0 && len(taken) == 0 {
			one = a.Stamp.Origin
		} else if a.Stamp.Origin != one {
			one = ""
		}
		if found || !taken.gilt(a) {
			continue
		}
		v = v.fold(a)
		found = version != 0 && v.Version == version
	}
	v.Ursprung = one
	return v, found || version == 0, nil
}

// finished returns the ends of a cart, by machine.
func finished(rows journal.Rows, id string) (map[string]Abschluss, error) {
	done := map[string]Abschluss{}
	prefix := "x/" + id + "/"
	err := projection.Each(rows, table, journal.Prefix(prefix), func(key string, a Abschluss) (bool, error) {
		done[key[len(prefix):]] = a
		return true, nil
	})
	return done, err
}

// prune drops the changes of a finished cart that whoever finished it had seen. The others
// are in no Bon.
func prune(tx journal.Tx, id string) error {
	done, err := finished(tx, id)
	if err != nil {
		return err
	}
	taken, err := cuts(tx, id)
	if err != nil {
		return err
	}
	var views zweige
	for node, a := range done {
		for _, s := range taken {
			if s.Node == node && s.Epoche == a.Epoche {
				views = append(views, s)
			}
		}
		if a.Version > 0 { // it saw the cart of whoever had parked it
			views = append(views, schnitt{Node: node, Epoche: a.Kopf + 1, Von: a.Von, Version: a.Version})
		}
	}
	if len(taken)+len(views) == 0 {
		return pruneOwn(tx, id, done)
	}
	list, err := changes(tx, id)
	if err != nil {
		return err
	}
	for _, a := range list {
		end, own := done[a.node()]
		own = own && taken.epoche(a) == end.Epoche
		if !own && !slices.ContainsFunc(views, func(s schnitt) bool { return taken.sah(s, a) }) {
			continue
		}
		if err := tx.Delete(table, a.key()); err != nil {
			return err
		}
	}
	return nil
}

// pruneOwn drops the changes of a cart that nobody has taken over, each machine's if it finished
// the cart. Whose they are stands in their keys.
func pruneOwn(tx journal.Tx, id string, done map[string]Abschluss) error {
	return projection.Keys(tx, table, journal.Prefix("e/"+id+"/"), func(key string) (bool, error) {
		origin := key[strings.LastIndexByte(key[:strings.LastIndexByte(key, '/')], '/')+1:]
		node, _, _ := strings.Cut(origin, "/")
		if end, own := done[node]; !own || end.Epoche > 1 {
			return true, nil
		}
		return true, tx.Delete(table, key)
	})
}

// settle notes that somebody has looked at what a machine did besides, or at a double sale.
func settle(tx journal.Tx, e event.UebernahmeGeklaert) error {
	key := restKey(e.Vorgang, e.Platz, e.Epoche)
	old, _, err := projection.Get[int](tx, table, key)
	if err != nil {
		return err
	}
	return projection.Put(tx, table, key, max(old, e.Bis))
}
