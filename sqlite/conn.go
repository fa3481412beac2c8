package sqlite

import (
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/sqlite/ort"
	"github.com/offizin/offizin/sqlite/satz"
)

// conn is one connection with its prepared statements. It belongs to one goroutine
// at a time.
type conn struct {
	*sqlite3.Conn
	idle map[string][]*sqlite3.Stmt // prepared, not in use, by their text
}

// connect opens the file through the VFS named in o.
func connect(o Options, file string, flags sqlite3.OpenFlag) (*conn, error) {
	c, err := sqlite3.OpenFlags(o.uri(file), flags|sqlite3.OPEN_URI)
	if err != nil {
		return nil, doing("open "+file, err)
	}
	return &conn{Conn: c, idle: map[string][]*sqlite3.Stmt{}}, nil
}

func (o Options) uri(file string) string {
	query := ""
	if o.VFS != "" {
		query = "vfs=" + o.VFS
	}
	return ort.URI(filepath.Join(o.Dir, file), query)
}

// take returns a statement that is free, prepared once per connection and use.
func (c *conn) take(sql string) (*sqlite3.Stmt, error) {
	if free := c.idle[sql]; len(free) > 0 {
		c.idle[sql] = free[:len(free)-1]
		return free[len(free)-1], nil
	}
	st, _, err := c.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	return st, err //nolint:wrapcheck // the caller says what it was doing
}

// give returns a statement for the next use and reports the error of its run.
func (c *conn) give(sql string, st *sqlite3.Stmt) error {
	err := st.Reset()
	c.idle[sql] = append(c.idle[sql], st)
	return err //nolint:wrapcheck // as above
}

// exec runs a statement without result rows.
func (c *conn) exec(sql string, args ...any) error {
	return c.query(sql, func(*sqlite3.Stmt) (bool, error) { return true, nil }, args...)
}

// query calls row for each result row until it returns false.
func (c *conn) query(sql string, row func(*sqlite3.Stmt) (bool, error), args ...any) (err error) {
	st, err := c.take(sql)
	if err != nil {
		return err
	}
	stepped := false
	defer func() {
		if reset := c.give(sql, st); err == nil && stepped {
			err = reset
		}
	}()
	if err := satz.Bind(st, args); err != nil {
		return err
	}
	for st.Step() {
		if more, err := row(st); err != nil || !more {
			return err
		}
	}
	stepped = true
	return st.Err() //nolint:wrapcheck // as above
}

// one reads a single value; found is false if there is no row.
func (c *conn) one(sql string, read func(*sqlite3.Stmt), args ...any) (found bool, err error) {
	err = c.query(sql, func(st *sqlite3.Stmt) (bool, error) {
		found = true
		read(st)
		return false, nil
	}, args...)
	return found, err
}

func (c *conn) int(sql string, args ...any) (int64, error) {
	var n int64
	_, err := c.one(sql, func(st *sqlite3.Stmt) { n = st.ColumnInt64(0) }, args...)
	return n, err
}

func (c *conn) text(sql string, args ...any) (string, error) {
	var s string
	_, err := c.one(sql, func(st *sqlite3.Stmt) { s = st.ColumnText(0) }, args...)
	return s, err
}

// close finalizes the statements and closes the connection.
func (c *conn) close() error {
	for _, list := range c.idle {
		for _, st := range list {
			_ = st.Close() // repeats the error of its last run
		}
	}
	c.idle = nil
	return doing("close database", c.Close())
}
