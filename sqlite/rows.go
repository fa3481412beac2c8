package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
)

// rows are the rows of the projections as one connection sees them.
type rows struct{ c *conn }

// Get implements journal.Rows.
func (r *rows) Get(table, key string) ([]byte, error) {
	if r.c == nil {
		return nil, journal.ErrOver
	}
	var value []byte
	_, err := r.c.one("SELECT value FROM row WHERE tab = ? AND key = ?", func(st *sqlite3.Stmt) {
		value = st.ColumnBlob(0, []byte{})
	}, table, key)
	return value, doing("read row "+table+"/"+key, err)
}

// Scan implements journal.Rows.
func (r *rows) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	if r.c == nil {
		return journal.ErrOver
	}
	sql, args := "SELECT key, value FROM row WHERE tab = ? AND key >= ?", []any{table, g.From}
	if g.To != "" {
		sql, args = sql+" AND key < ?", append(args, g.To)
	}
	if g.Reverse {
		sql += " ORDER BY key DESC"
	} else {
		sql += " ORDER BY key"
	}
	err := r.c.query(sql, func(st *sqlite3.Stmt) (bool, error) {
		return f(st.ColumnText(0), st.ColumnBlob(1, []byte{}))
	}, args...)
	return doing("scan rows of "+table, err)
}

// Put implements journal.Tx.
func (r *rows) Put(table, key string, value []byte) error {
	if r.c == nil {
		return journal.ErrOver
	}
	err := r.c.exec("INSERT INTO row VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", table, key, value)
	return doing("write row "+table+"/"+key, err)
}

// Delete implements journal.Tx.
func (r *rows) Delete(table, key string) error {
	if r.c == nil {
		return journal.ErrOver
	}
	return doing("delete row "+table+"/"+key, r.c.exec("DELETE FROM row WHERE tab = ? AND key = ?", table, key))
}

// tx lets one projection change its own table.
type tx struct {
	to    journal.Tx
	table string
}

// Get implements journal.Rows. A projection sees its own table only: one that
// read another could not be rebuilt alone.
func (t *tx) Get(table, key string) ([]byte, error) {
	if err := t.own(table); err != nil {
		return nil, err
	}
	return t.to.Get(table, key)
}

// Scan implements journal.Rows, for the own table.
func (t *tx) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	if err := t.own(table); err != nil {
		return err
	}
	return t.to.Scan(table, g, f)
}

// Put implements journal.Tx.
func (t *tx) Put(table, key string, value []byte) error {
	if err := t.own(table); err != nil {
		return err
	}
	if len(key) > journal.MaxRowKey {
		return fmt.Errorf("key of a row of %s is longer than %d bytes", table, journal.MaxRowKey)
	}
	return t.to.Put(table, key, value)
}

// Delete implements journal.Tx.
func (t *tx) Delete(table, key string) error {
	if err := t.own(table); err != nil {
		return err
	}
	return t.to.Delete(table, key)
}

func (t *tx) own(table string) error {
	if table != t.table {
		return fmt.Errorf("projection %s touches table %s", t.table, table)
	}
	return nil
}
