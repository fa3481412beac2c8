// Package overlay holds changed rows of projections back until a batch of records is folded, so
// that a row that changes ten times is written once, and one that comes and goes not at all.
package overlay

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/offizin/offizin/journal"
)

// Rows are rows as they will be. They belong to one goroutine.
type Rows struct {
	base   journal.Rows
	tables map[string]map[string][]byte // nil: deleted
	seen   map[string]map[string][]byte // read from the base; nil: not there
	undo   []change                     // since the last Keep, newest last
}

// change is what a row was in the overlay before.
type change struct {
	table, key string
	value      []byte
	there      bool
}

// New returns rows that are those of base, so far. Base must not change until Flush.
func New(base journal.Rows) *Rows {
	return &Rows{base: base, tables: map[string]map[string][]byte{}, seen: map[string]map[string][]byte{}}
}

// Get implements journal.Rows.
func (o *Rows) Get(table, key string) ([]byte, error) {
	if value, ok := o.tables[table][key]; ok {
		return bytes.Clone(value), nil
	}
	if value, ok := o.seen[table][key]; ok {
		return bytes.Clone(value), nil
	}
	value, err := o.base.Get(table, key)
	if err == nil {
		into(o.seen, table)[key] = bytes.Clone(value)
	}
	return value, err
}

// into is the rows of a table, which begins empty.
func into(tables map[string]map[string][]byte, table string) map[string][]byte {
	t := tables[table]
	if t == nil {
		t = map[string][]byte{}
		tables[table] = t
	}
	return t
}

// Put implements journal.Tx.
func (o *Rows) Put(table, key string, value []byte) error {
	o.set(table, key, append([]byte{}, value...)) // never nil
	return nil
}

// Delete implements journal.Tx.
func (o *Rows) Delete(table, key string) error {
	o.set(table, key, nil)
	return nil
}

func (o *Rows) set(table, key string, value []byte) {
	t := into(o.tables, table)
	old, there := t[key]
	o.undo = append(o.undo, change{table, key, old, there})
	t[key] = value
}

// Keep makes the changes so far stay; Undo takes back those since.
func (o *Rows) Keep() { o.undo = o.undo[:0] }

// Undo takes back what was changed since the last Keep.
func (o *Rows) Undo() {
	for _, c := range slices.Backward(o.undo) {
		if c.there {
			o.tables[c.table][c.key] = c.value
		} else {
			delete(o.tables[c.table], c.key)
		}
	}
	o.undo = o.undo[:0]
}

// errEnd ends a scan of the base.
var errEnd = errors.New("scan has ended")

// Scan implements journal.Rows: the rows of the base with those of the overlay in between.
func (o *Rows) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	m := o.merge(table, g, f)
	err := o.base.Scan(table, g, func(key string, value []byte) (bool, error) {
		if err := m.until(key); err != nil {
			return false, err
		}
		if _, ok := o.tables[table][key]; ok { // changed: its turn comes with those of the overlay
			return true, nil
		}
		return true, m.tell(key, value)
	})
	for err == nil && len(m.keys) > 0 {
		err = m.next()
	}
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}

// merge is a scan of two sets of rows.
type merge struct {
	rows  map[string][]byte // of the overlay
	keys  []string          // of these, in the range and not told yet, in order
	order func(a, b string) int
	f     func(string, []byte) (bool, error)
}

func (o *Rows) merge(table string, g journal.Range, f func(string, []byte) (bool, error)) *merge {
	m := &merge{rows: o.tables[table], order: cmp.Compare[string], f: f}
	if g.Reverse {
		m.order = func(a, b string) int { return cmp.Compare(b, a) }
	}
	for key := range m.rows {
		if key >= g.From && (g.To == "" || key < g.To) {
			m.keys = append(m.keys, key)
		}
	}
	slices.SortFunc(m.keys, m.order)
	return m
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
	if m.rows[key] == nil {
		return nil
	}
	return m.tell(key, bytes.Clone(m.rows[key]))
}

func (m *merge) tell(key string, value []byte) error {
	more, err := m.f(key, value)
	if err == nil && !more {
		return errEnd
	}
	return err
}

// Flush writes what has changed, in order of keys, and forgets it.
func (o *Rows) Flush(to journal.Tx) error {
	for _, table := range slices.Sorted(maps.Keys(o.tables)) {
		rows := o.tables[table]
		for _, key := range slices.Sorted(maps.Keys(rows)) {
			if err := o.write(to, table, key, rows[key]); err != nil {
				return err
			}
		}
	}
	clear(o.tables)
	clear(o.seen)
	o.undo = nil
	return nil
}

func (o *Rows) write(to journal.Tx, table, key string, value []byte) error {
	if value != nil {
		return to.Put(table, key, value)
	}
	if before, ok := o.seen[table][key]; ok && before == nil {
		return nil // it came and went
	}
	return to.Delete(table, key)
}
