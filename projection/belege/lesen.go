package belege

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

// Gesetzt is a TSE that signs for a till, since when and by whose hand.
type Gesetzt struct {
	event.TSEGesetzt
	Seit int64  `json:"seit"` // UTC nanoseconds
	Wer  string `json:"wer"`
}

// wechsel is that a TSE failed or is back.
type wechsel struct {
	Zeit  int64  `json:"zeit"`
	Da    bool   `json:"da,omitempty"`
	Grund string `json:"grund,omitempty"`
	Serie string `json:"serie"`
}

// Ausfall is a time in which a TSE did not sign (AEAO zu § 146a Nr. 1.14.1).
type Ausfall struct {
	Beginn, Ende int64 // UTC nanoseconds; Ende 0: it lasts
	Grund        string
	Seriennummer string
}

// Find returns a record that is no sale.
func Find(rows journal.Rows, nummer string) (b bon.Bon, found bool, err error) {
	prefix, err := numberKey("b/", nummer)
	if err != nil {
		return bon.Bon{}, false, nil //nolint:nilerr // what is no number names no record
	}
	each := func(_ string, e event.BelegGebucht) (bool, error) {
		b, found = e.Bon, true
		return false, nil
	}
	err = projection.Each(rows, table, journal.Prefix(prefix+"/"), each)
	return b, found, err
}

// Each calls f for the records of a till that are no sale, in order of their numbers.
func Each(rows journal.Rows, till string, f func(bon.Bon) (bool, error)) error {
	each := func(_ string, e event.BelegGebucht) (bool, error) { return f(e.Bon) }
	return projection.Each(rows, table, journal.Prefix("b/"+till+"/"), each)
}

// Gesichert returns what was signed for a number; false: nobody has said so yet.
func Gesichert(rows journal.Rows, nummer string) (kassenbeleg.Gesichert, bool, error) {
	g, ok, err := projection.Get[gesichert](rows, table, "s/"+nummer)
	return g.Gesichert, ok, err
}

// Ungesichert returns the numbers of a till that wait for the TSE, in order.
func Ungesichert(rows journal.Rows, till string) (list []string, err error) {
	err = projection.Each(rows, table, journal.Prefix("u/"+till+"/"), func(_ string, nummer string) (bool, error) {
		list = append(list, nummer)
		return true, nil
	})
	return list, err
}

// TSE returns the TSE that signs for a till; false if none was ever set up.
func TSE(rows journal.Rows, till string) (g Gesetzt, found bool, err error) {
	r := journal.Prefix("t/" + till + "/")
	r.Reverse = true
	err = projection.Each(rows, table, r, func(_ string, v Gesetzt) (bool, error) {
		g, found = v, true
		return false, nil
	})
	return g, found, err
}

// TSEs returns all that ever signed for a till, the first one first; of all tills if it is empty.
func TSEs(rows journal.Rows, till string) (list []Gesetzt, err error) {
	prefix := "t/"
	if till != "" {
		prefix += till + "/"
	}
	err = projection.Each(rows, table, journal.Prefix(prefix), func(_ string, v Gesetzt) (bool, error) {
		list = append(list, v)
		return true, nil
	})
	return list, err
}

// Ausfaelle returns the times in which a till's TSE did not sign, the first one first.
func Ausfaelle(rows journal.Rows, till string) (list []Ausfall, err error) {
	err = projection.Each(rows, table, journal.Prefix("a/"+till+"/"), func(_ string, w wechsel) (bool, error) {
		last := len(list) - 1
		lasts := last >= 0 && list[last].Ende == 0
		switch {
		case w.Da && lasts:
			list[last].Ende = w.Zeit
		case !w.Da && !lasts:
			list = append(list, Ausfall{Beginn: w.Zeit, Grund: w.Grund, Seriennummer: w.Serie})
		}
		return true, nil
	})
	return list, err
}
