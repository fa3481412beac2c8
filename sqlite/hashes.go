package sqlite

import (
	"crypto/sha256"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
)

// hashes returns the sum of every row of a table by its key: about a hundred bytes a
// row, whatever its size.
func (c *conn) hashes(table string) (map[string]journal.Hash, error) {
	m := map[string]journal.Hash{}
	err := c.query("SELECT key, value FROM row WHERE tab = ?", func(st *sqlite3.Stmt) (bool, error) {
		m[st.ColumnText(0)] = sha256.Sum256(st.ColumnRawBlob(1))
		return true, nil
	}, table)
	return m, doing("read rows of "+table, err)
}
