// Package overlay holds changed rows of projections back until a batch of records is folded, so
// that a row that changes ten times is written once, and one that comes and goes not at all. A row
// that is held as a value becomes bytes only when somebody asks for them.
package overlay

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/offizin/offizin/journal"
)

// Rows are rows as they will be. They belong to one goroutine.
type Rows struct {
	base   journal.Rows
	tables map[string]*table
	undo   []change // since the last Keep, newest last
	spills int
	young  []place // what has changed since the last Spill, each once
	old    []place // and between the one before and that
}

// place is where a row is.
type place struct {
	table string
	key   string
	row   *row
}

var _ journal.Holder = (*Rows)(nil)

// table is what is known of the rows of one projection.
type table struct {
	rows  map[string]*row
	order order         // keys of rows that have changed
	empty map[span]bool // ranges in which the base has nothing
}

// span is a range of a table. The direction makes no difference.
type span struct{ from, to string }

// row is a row that was changed, or read from the base.
type row struct {
	value
	changed bool
	seen    bool   // the base was asked for it
	base    []byte // what it said; nil: not there
	spills  int    // how many there had been when it changed last, and one
	spilled bool   // it was written as it is
	written bool   // it was written, and perhaps has changed since
}

// value is what a changed row is. The zero value: deleted.
type value struct {
	bytes  []byte // nil: not asked for yet, if it is held
	held   any    // nil: it was put as bytes
	encode func(any) ([]byte, error)
}

// change is what a row was in the overlay before.
type change struct {
	of  *table
	key string
	value
	changed bool
}

// New returns rows that are those of base, so far. Base must not change until Flush.
func New(base journal.Rows) *Rows { return &Rows{base: base, tables: map[string]*table{}} }

func (o *Rows) table(name string) *table {
	t := o.tables[name]
	if t == nil {
		t = &table{rows: map[string]*row{}, empty: map[span]bool{}}
		o.tables[name] = t
	}
	return t
}

// raw is the bytes of a changed row; nil: it was deleted.
func (r *row) raw() ([]byte, error) {
	if r.bytes == nil && r.held != nil {
		b, err := r.encode(r.held)
		if err != nil {
			return nil, err
		}
		r.bytes = b
	}
	return r.bytes, nil
}

// Get implements journal.Rows.
func (o *Rows) Get(table, key string) ([]byte, error) {
	t := o.table(table)
	r := t.rows[key]
	switch {
	case r != nil && r.changed:
		b, err := r.raw()
		return bytes.Clone(b), err
	case r != nil && r.seen:
		return bytes.Clone(r.base), nil
	case t.none(key):
		return nil, nil
	}
	b, err := o.base.Get(table, key)
	if err != nil {
		return nil, err
	}
	if r == nil {
		r = &row{}
		t.rows[key] = r
	}
	r.seen, r.base = true, bytes.Clone(b)
	return b, nil
}

// Held implements journal.Holder.
func (o *Rows) Held(table, key string) (v any, ok bool) {
	if r := o.table(table).rows[key]; r != nil && r.changed && r.held != nil {
		return r.held, true
	}
	return nil, false
}

// Put implements journal.Tx.
func (o *Rows) Put(table, key string, b []byte) error {
	o.set(table, key, value{bytes: append([]byte{}, b...)}) // never nil
	return nil
}

// Hold implements journal.Holder.
func (o *Rows) Hold(table, key string, v any, encode func(any) ([]byte, error)) error {
	o.set(table, key, value{held: v, encode: encode})
	return nil
}

// Delete implements journal.Tx.
func (o *Rows) Delete(table, key string) error {
	o.set(table, key, value{})
	return nil
}

func (o *Rows) set(table, key string, v value) {
	t := o.table(table)
	r := t.rows[key]
	if r == nil {
		r = &row{}
		t.rows[key] = r
	}
	o.undo = append(o.undo, change{t, key, r.value, r.changed})
	if !r.changed {
		t.order.add(key)
	}
	r.value, r.changed, r.spilled = v, true, false
	if r.spills <= o.spills {
		r.spills = o.spills + 1
		o.young = append(o.young, place{table, key, r})
	}
}

// Keep makes the changes so far stay; Undo takes back those since.
func (o *Rows) Keep() {
	clear(o.undo)
	o.undo = o.undo[:0]
}

// Undo takes back what was changed since the last Keep.
func (o *Rows) Undo() {
	for _, c := range slices.Backward(o.undo) {
		r := c.of.rows[c.key]
		if r.value, r.changed, r.spilled = c.value, c.changed, false; !c.changed {
			c.of.order.remove(c.key)
		}
	}
	o.Keep()
}

// Spill writes rows that have not changed since the last Spill but one: they are not likely to change
// again. They stay here as they are, whatever becomes of the base.
func (o *Rows) Spill(to journal.Tx) error {
	o.spills++
	slices.SortFunc(o.old, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.key, b.key))
	})
	for _, p := range o.old {
		if !p.row.changed || p.row.spills >= o.spills {
			continue // taken back, or changed again
		}
		if err := o.tables[p.table].write(to, p.table, p.key); err != nil {
			return err
		}
	}
	clear(o.old)
	o.young, o.old = o.old[:0], o.young
	return nil
}

// Flush writes what has changed and was not spilled, in order of keys, and forgets all.
func (o *Rows) Flush(to journal.Tx) error {
	for _, name := range slices.Sorted(maps.Keys(o.tables)) {
		t := o.tables[name]
		for _, keys := range t.order.blocks {
			for _, key := range keys {
				if err := t.write(to, name, key); err != nil {
					return err
				}
			}
		}
	}
	*o = *New(o.base)
	return nil
}

func (t *table) write(to journal.Tx, name, key string) error {
	r := t.rows[key]
	if r.spilled {
		return nil
	}
	b, err := r.raw()
	switch {
	case err != nil:
		return fmt.Errorf("encode row %s/%s: %w", name, key, err)
	case b != nil:
		r.spilled, r.written = true, true
		return to.Put(name, key, b)
	case !r.written && t.never(r, key):
		return nil // it came and went
	}
	r.spilled = true
	return to.Delete(name, key)
}

// never reports whether the base is known not to have a row.
func (t *table) never(r *row, key string) bool {
	if r.seen {
		return r.base == nil
	}
	return t.none(key)
}

// none reports whether the base is known to have nothing that begins like a key.
func (t *table) none(key string) bool {
	if len(t.empty) == 0 {
		return false
	}
	for at := strings.LastIndexByte(key, '/'); at > 0; at = strings.LastIndexByte(key[:at], '/') {
		if g := journal.Prefix(key[:at+1]); t.empty[span{g.From, g.To}] {
			return true
		}
	}
	return false
}
