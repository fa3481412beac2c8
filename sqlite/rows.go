package sqlite

import (
	"strings"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
)

// rows are the rows of the projections as one connection sees them.
type rows struct {
	c    *conn
	next bool // those that are being built
}

// in makes a statement one about the rows that are meant.
func (r *rows) in(sql string) string {
	if r.next {
		return strings.Replace(sql, " row ", " "+nextRows+" ", 1)
	}
	return sql
}

// Get implements journal.Rows.
func (r *rows) Get(table, key string) ([]byte, error) {
	if r.c == nil {
		return nil, journal.ErrOver
	}
	var value []byte
	_, err := r.c.one(r.in("SELECT value FROM row WHERE tab = ? AND key = ?"), func(st *sqlite3.Stmt) {
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
	err := r.c.query(r.in(sql), func(st *sqlite3.Stmt) (bool, error) {
		return f(st.ColumnText(0), st.ColumnBlob(1, []byte{}))
	}, args...)
	return doing("scan rows of "+table, err)
}

// Put implements journal.Tx.
func (r *rows) Put(table, key string, value []byte) error {
	if r.c == nil {
		return journal.ErrOver
	}
	err := r.c.exec(r.in("INSERT INTO row VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"),
		table, key, value)
	return doing("write row "+table+"/"+key, err)
}

// Delete implements journal.Tx.
func (r *rows) Delete(table, key string) error {
	if r.c == nil {
		return journal.ErrOver
	}
	return doing("delete row "+table+"/"+key, r.c.exec(r.in("DELETE FROM row WHERE tab = ? AND key = ?"), table, key))
}
