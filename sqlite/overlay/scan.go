package overlay

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/offizin/offizin/journal"
)

// errEnd ends a scan of the base.
var errEnd = errors.New("scan has ended")

// Scan implements journal.Rows: the rows of the base with those of the overlay in between.
func (o *Rows) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	return o.scan(table, g, func(key string, r *row, base []byte) (bool, error) {
		if r == nil {
			return f(key, base)
		}
		b, err := r.raw()
		if err != nil {
			return false, err
		}
		return f(key, bytes.Clone(b))
	})
}

// Keys implements journal.Holder.
func (o *Rows) Keys(table string, g journal.Range, f func(string) (bool, error)) error {
	return o.scan(table, g, func(key string, _ *row, _ []byte) (bool, error) { return f(key) })
}

// scan tells each row: one of the overlay, or what the base has.
func (o *Rows) scan(table string, g journal.Range, tell func(string, *row, []byte) (bool, error)) error {
	t := o.table(table)
	m := &merge{rows: t.rows, keys: t.order.between(g.From, g.To), order: cmp.Compare[string], f: tell}
	if g.Reverse {
		m.order = func(a, b string) int { return cmp.Compare(b, a) }
		slices.Reverse(m.keys)
	}
	err := o.scanBase(table, t, g, m)
	for err == nil && len(m.keys) > 0 {
		err = m.next()
	}
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}

// scanBase tells the rows of the base, unless it is known to have none there: the records of a
// cart ask for the same ranges again and again.
func (o *Rows) scanBase(name string, t *table, g journal.Range, m *merge) error {
	at, none := span{g.From, g.To}, true
	if t.empty[at] {
		return nil
	}
	err := o.base.Scan(name, g, func(key string, value []byte) (bool, error) {
		none = false
		if err := m.until(key); err != nil {
			return false, err
		}
		if r := t.rows[key]; r != nil && r.changed { // its turn comes with those of the overlay
			return true, nil
		}
		return true, m.tell(key, nil, value)
	})
	if err == nil && none {
		t.empty[at] = true
	}
	return err
}

// merge is a scan of two sets of rows.
type merge struct {
	rows  map[string]*row
	keys  []string // of changed rows, in the range and not told yet, in order
	order func(a, b string) int
	f     func(string, *row, []byte) (bool, error)
}

// until tells the rows of the overlay that come before a key.
func (m *merge) until(key string) error {
	for len(m.keys) > 0 && m.order(m.keys[0], key) < 0 {
		if err := m.next(); err != nil {
			return err
		}
	}
	return nil
}

// next tells the next row of the overlay, unless it was deleted.
func (m *merge) next() error {
	key := m.keys[0]
	m.keys = m.keys[1:]
	if r := m.rows[key]; r.changed && (r.bytes != nil || r.held != nil) {
		return m.tell(key, r, nil)
	}
	return nil
}

func (m *merge) tell(key string, r *row, base []byte) error {
	more, err := m.f(key, r, base)
	if err == nil && !more {
		return errEnd
	}
	return err
}
