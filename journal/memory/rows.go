package memory

import (
	"bytes"
	"fmt"

	"github.com/offizin/offizin/journal"
)

// rows are the rows of one root. A key in the tree is the table, a zero byte and
// the key in the table.
type rows struct {
	root *node
	over bool
}

// Get implements journal.Rows.
func (r *rows) Get(table, key string) ([]byte, error) {
	if r.over {
		return nil, journal.ErrOver
	}
	value, ok := r.root.get(table + "\x00" + key)
	if !ok {
		return nil, nil
	}
	return clone(value), nil
}

// Scan implements journal.Rows.
func (r *rows) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	if r.over {
		return journal.ErrOver
	}
	from, to := table+"\x00"+g.From, table+"\x01"
	if g.To != "" {
		to = table + "\x00" + g.To
	}
	_, err := r.root.walk(from, to, g.Reverse, func(n *node) (bool, error) {
		return f(n.key[len(table)+1:], clone(n.value))
	})
	return err
}

func clone(value []byte) []byte { return append([]byte{}, value...) }

// tx lets one projection change its own table.
type tx struct {
	*rows
	table string
}

// Get implements journal.Rows. A projection sees its own table only: one that
// read another could not be rebuilt alone.
func (t tx) Get(table, key string) ([]byte, error) {
	if err := t.own(table); err != nil {
		return nil, err
	}
	return t.rows.Get(table, key)
}

// Scan implements journal.Rows, for the own table.
func (t tx) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	if err := t.own(table); err != nil {
		return err
	}
	return t.rows.Scan(table, g, f)
}

// Put implements journal.Tx.
func (t tx) Put(table, key string, value []byte) error {
	if err := t.own(table); err != nil {
		return err
	}
	if len(key) > journal.MaxRowKey {
		return fmt.Errorf("key of a row of %s is longer than %d bytes", table, journal.MaxRowKey)
	}
	t.root = t.root.put(table+"\x00"+key, bytes.Clone(value))
	return nil
}

// Delete implements journal.Tx.
func (t tx) Delete(table, key string) error {
	if err := t.own(table); err != nil {
		return err
	}
	t.root = t.root.without(table + "\x00" + key)
	return nil
}

func (t tx) own(table string) error {
	switch {
	case t.over:
		return journal.ErrOver
	case table != t.table:
		return fmt.Errorf("projection %s touches table %s", t.table, table)
	}
	return nil
}
