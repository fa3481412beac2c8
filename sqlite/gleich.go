package sqlite

import "github.com/ncruces/go-sqlite3"

// eachRow calls f for every row of a table in order of keys; the value is f's until it returns.
func (c *conn) eachRow(table string, f func(key string, value []byte) error) error {
	err := c.query("SELECT key, value FROM row WHERE tab = ? ORDER BY key", func(st *sqlite3.Stmt) (bool, error) {
		return true, f(st.ColumnText(0), st.ColumnRawBlob(1))
	}, table)
	return doing("read rows of "+table, err)
}

// row returns a row, if there is one.
func (c *conn) row(table, key string) (value []byte, found bool, err error) {
	found, err = c.one("SELECT value FROM row WHERE tab = ? AND key = ?", func(st *sqlite3.Stmt) {
		value = st.ColumnBlob(0, nil)
	}, table, key)
	return value, found, doing("read row of "+table, err)
}
