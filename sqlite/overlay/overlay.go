// Package overlay holds changed rows of projections back until a batch of records is folded, so
// that a row that changes ten times is written once, and one that comes and goes not at all.
package overlay

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/offizin/offizin/journal"
)

// Rows are rows as they will be. They belong to one goroutine.
type Rows struct {
	base   journal.Rows
	tables map[string]map[string][]byte // nil: deleted
	order  map[string][]string          // the keys of tables, sorted
	seen   map[string]map[string][]byte // read from the base; nil: not there
	empty  map[place]bool               // ranges in which the base has nothing
	undo   []change                     // since the last Keep, newest last
}

// place is a range of a table. The direction makes no difference.
type place struct{ table, from, to string }

// change is what a row was in the overlay before.
type change struct {
	table, key string
	value      []byte
	there      bool
}

// New returns rows that are those of base, so far. Base must not change until Flush.
func New(base journal.Rows) *Rows {
	return &Rows{
		base: base, tables: map[string]map[string][]byte{}, order: map[string][]string{},
		seen: map[string]map[string][]byte{}, empty: map[place]bool{},
	}
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
	if !there {
		at, _ := slices.BinarySearch(o.order[table], key)
		o.order[table] = slices.Insert(o.order[table], at, key)
	}
}

// Keep makes the changes so far stay; Undo takes back those since.
func (o *Rows) Keep() { o.undo = o.undo[:0] }

// Undo takes back what was changed since the last Keep.
func (o *Rows) Undo() {
	for _, c := range slices.Backward(o.undo) {
		if c.there {
			o.tables[c.table][c.key] = c.value
			continue
		}
		delete(o.tables[c.table], c.key)
		if at, found := slices.BinarySearch(o.order[c.table], c.key); found {
			o.order[c.table] = slices.Delete(o.order[c.table], at, at+1)
		}
	}
	o.undo = o.undo[:0]
}

// errEnd ends a scan of the base.
var errEnd = errors.New("scan has ended")

// Scan implements journal.Rows: the rows of the base with those of the overlay in between.
func (o *Rows) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	m := o.merge(table, g, f)
	err := o.scanBase(table, g, m)
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
func (o *Rows) scanBase(table string, g journal.Range, m *merge) error {
	at, none := place{table, g.From, g.To}, true
	if o.empty[at] {
		return nil
	}
	err := o.base.Scan(table, g, func(key string, value []byte) (bool, error) {
		none = false
		if err := m.until(key); err != nil {
			return false, err
		}
		if _, ok := o.tables[table][key]; ok { // changed: its turn comes with those of the overlay
			return true, nil
		}
		return true, m.tell(key, value)
	})
	if err == nil && none {
		o.empty[at] = true
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
	keys := o.order[table]
	from, _ := slices.BinarySearch(keys, g.From)
	to := len(keys)
	if g.To != "" {
		to, _ = slices.BinarySearch(keys, g.To)
	}
	m.keys = slices.Clone(keys[from:max(from, to)]) // f may change them
	if g.Reverse {
		slices.Reverse(m.keys)
	}
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
		for _, key := range o.order[table] {
			if err := o.write(to, table, key, o.tables[table][key]); err != nil {
				return err
			}
		}
	}
	clear(o.tables)
	clear(o.order)
	clear(o.seen)
	clear(o.empty)
	o.undo = nil
	return nil
}

func (o *Rows) write(to journal.Tx, table, key string, value []byte) error {
	if value != nil {
		return to.Put(table, key, value)
	}
	if o.never(table, key) {
		return nil // it came and went
	}
	return to.Delete(table, key)
}

// never reports whether the base is known not to have a row: it was asked for it, or for all
// that begin like it.
func (o *Rows) never(table, key string) bool {
	if before, ok := o.seen[table][key]; ok {
		return before == nil
	}
	for at := strings.LastIndexByte(key, '/'); at > 0; at = strings.LastIndexByte(key[:at], '/') {
		if g := journal.Prefix(key[:at+1]); o.empty[place{table, g.From, g.To}] {
			return true
		}
	}
	return false
}
