// Package fiskal reads from the journal what the tax office wants to have: the closings of the
// tills with their records, as the DSFinV-K export takes them.
package fiskal

import (
	"cmp"
	"io"
	"slices"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kassenbuch"
)

// Quelle is the closings of a span of business days, of all tills. It implements dsfinvk.Quelle.
type Quelle struct {
	rows     journal.Rows
	von, bis civil.Day
	tills    []string
	index    map[string][]eintrag

	// bestellt are the records of carts that waited overnight, by cart: the sale refers to the
	// last of them (DSFinV-K 2.7.2).
	bestellt map[string]string
}

// eintrag says which records a closing has: what is needed to find one that another refers to.
type eintrag struct {
	nummer   int
	zeit     int64
	tag      civil.Day
	von, bis int // running numbers
}

// NewQuelle finds the closings of the business days from von to bis.
func NewQuelle(rows journal.Rows, von, bis civil.Day) (*Quelle, error) {
	q := &Quelle{rows: rows, von: von, bis: bis, index: map[string][]eintrag{}, bestellt: map[string]string{}}
	laden, err := kassenbuch.Laden(rows)
	if err != nil {
		return nil, err
	}
	for _, l := range laden {
		q.tills = append(q.tills, l.Till)
		var list []eintrag
		if err := kassenbuch.EachAbschluss(rows, l.Till, func(a abschluss.Abschluss) (bool, error) {
			e, err := neu(a)
			list = append(list, e)
			return true, err
		}); err != nil {
			return nil, err
		}
		slices.Reverse(list)
		for i := 1; i < len(list); i++ { // a closing without records stands where it would have some
			if list[i].von == 0 {
				list[i].von, list[i].bis = list[i-1].bis+1, list[i-1].bis
			}
		}
		q.index[l.Till] = list
		if err := belege.Each(rows, l.Till, func(b bon.Bon) (bool, error) {
			if b.Art == bon.Bestellung && b.Vorgang != "" {
				q.bestellt[b.Vorgang] = b.Nummer
			}
			return true, nil
		}); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func neu(a abschluss.Abschluss) (e eintrag, err error) {
	e = eintrag{nummer: a.Nummer, zeit: a.Zeit, tag: a.Tag}
	if a.Von == "" {
		return e, nil
	}
	if _, e.von, err = bons.Split(a.Von); err != nil {
		return e, err
	}
	_, e.bis, err = bons.Split(a.Bis)
	return e, err
}

// DSFinVK writes the closings of a span of business days, by way of temporary files in a folder.
func DSFinVK(rows journal.Rows, von, bis civil.Day, dir string, w io.Writer) (dsfinvk.Summe, error) {
	q, err := NewQuelle(rows, von, bis)
	if err != nil {
		return dsfinvk.Summe{}, err
	}
	return dsfinvk.Schreiben(w, dir, q)
}

// Abschluesse implements dsfinvk.Quelle.
func (q *Quelle) Abschluesse(f func(abschluss.Abschluss) error) error {
	for _, till := range q.tills {
		for _, e := range q.index[till] {
			if e.tag < q.von || e.tag > q.bis {
				continue
			}
			a, _, err := kassenbuch.Find(q.rows, till, e.nummer)
			if err != nil {
				return err
			}
			if err := f(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// Belege implements dsfinvk.Quelle: sales, and between them the records that are none.
func (q *Quelle) Belege(a abschluss.Abschluss, f func(dsfinvk.Beleg) error) error {
	e, err := neu(a)
	if err != nil || a.Von == "" {
		return err
	}
	var andere []bon.Bon
	if err := belege.Ab(q.rows, a.Till, e.von, bisZu(e.bis, func(b bon.Bon) error {
		andere = append(andere, b)
		return nil
	})); err != nil {
		return err
	}
	davor := func(b bon.Bon) bool { return len(andere) > 0 && nach(b, andere[0]) }
	if err := bons.Ab(q.rows, a.Till, e.von, bisZu(e.bis, func(b bon.Bon) error {
		for davor(b) {
			if err := q.beleg(andere[0], f); err != nil {
				return err
			}
			andere = andere[1:]
		}
		return q.beleg(b, f)
	})); err != nil {
		return err
	}
	for _, b := range andere {
		if err := q.beleg(b, f); err != nil {
			return err
		}
	}
	return nil
}

// bisZu calls f up to a running number.
func bisZu(last int, f func(bon.Bon) error) func(bon.Bon) (bool, error) {
	return func(b bon.Bon) (bool, error) {
		_, n, err := bons.Split(b.Nummer)
		if err != nil || n > last {
			return false, err
		}
		return true, f(b)
	}
}

// nach says whether a comes after b: numbers of one till, which may have more digits than six.
func nach(a, b bon.Bon) bool {
	return cmp.Or(cmp.Compare(len(a.Nummer), len(b.Nummer)), cmp.Compare(a.Nummer, b.Nummer)) > 0
}

func (q *Quelle) beleg(b bon.Bon, f func(dsfinvk.Beleg) error) error {
	g, _, err := belege.Gesichert(q.rows, b.Nummer)
	if err != nil {
		return err
	}
	r, err := q.bezuege(b)
	if err != nil {
		return err
	}
	return f(dsfinvk.Beleg{Bon: b, Gesichert: g, Kunde: kunde(b), Bezuege: r})
}

// bezuege are the records that one refers to: what it undoes, and what was ordered before it was
// paid.
func (q *Quelle) bezuege(b bon.Bon) (list []dsfinvk.Bezug, err error) {
	numbers := []string{b.Bezug}
	if b.Art == bon.Verkauf {
		numbers = append(numbers, q.bestellt[b.Vorgang])
	}
	for _, n := range numbers {
		if n == "" {
			continue
		}
		r, err := q.bezug(n)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// bezug is a record with the closing it is in.
func (q *Quelle) bezug(nummer string) (r dsfinvk.Bezug, err error) {
	till, n, err := bons.Split(nummer)
	if err != nil {
		return r, err
	}
	r = dsfinvk.Bezug{Till: till, Nummer: nummer}
	list := q.index[till]
	i, _ := slices.BinarySearchFunc(list, n, func(e eintrag, n int) int { return cmp.Compare(e.bis, n) })
	if i < len(list) && list[i].von <= n && n <= list[i].bis {
		r.Abschluss, r.Zeit = list[i].nummer, list[i].zeit
	}
	return r, nil
}

// kunde is the number of a customer who owes or has paid ahead, as the tax office has to see
// that both belong together; it says nothing of the person. Whoever has a prescription filled
// stays unnamed (§ 203 StGB, § 102 AO).
func kunde(b bon.Bon) string {
	if b.Kunde == "" || slices.ContainsFunc(b.Positionen, func(p bon.Position) bool { return p.Rezept != "" || p.Rx }) {
		return ""
	}
	for _, p := range b.Positionen {
		if slices.Contains([]bon.Geschaeft{
			bon.Forderung, bon.Forderungsausgleich, bon.Anzahlung, bon.Anzahlungsausgleich,
		}, p.Geschaeft) {
			return b.Kunde
		}
	}
	return ""
}
