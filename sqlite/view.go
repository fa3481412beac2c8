package sqlite

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/fehler"
	"github.com/offizin/offizin/sqlite/pool"
	"github.com/offizin/offizin/sqlite/satz"
)

// readers are the reading connections.
func readers(o Options) *pool.Pool[*conn] {
	return pool.New(func() (*conn, error) { return openReader(o) }, (*conn).close)
}

// reading runs f in a read transaction that sees one moment.
func (s *Store) reading(ctx context.Context, f func(*conn) error) error {
	ctx, done := context.WithCancel(ctx)
	defer done()
	defer context.AfterFunc(s.views, done)() //nolint:contextcheck // either ends it
	return s.readers.With(ctx, moment(ctx, f))
}

// moment is f within a read transaction, and whether the connection can be used again.
func moment(ctx context.Context, f func(*conn) error) func(*conn) (bool, error) {
	return func(c *conn) (sound bool, err error) {
		c.SetInterrupt(ctx)
		err = snapshot(c, f)
		c.SetInterrupt(context.Background())
		return c.exec("ROLLBACK") == nil && !fehler.Database(err), err
	}
}

// snapshot begins a read transaction and fixes the moment it sees. The caller ends it.
func snapshot(c *conn, f func(*conn) error) error {
	if err := c.exec("BEGIN"); err != nil {
		return doing("begin view", err)
	}
	if _, err := c.int("SELECT count(*) FROM origin"); err != nil {
		return doing("begin view", err)
	}
	return f(c)
}

// View implements journal.Store.
func (s *Store) View(ctx context.Context, f func(journal.Rows) error) error {
	return explain(s.reading(ctx, func(c *conn) error {
		view := &rows{c: c}
		defer func() { view.c = nil }()
		return f(view)
	}))
}

// Records implements journal.Store.
func (s *Store) Records(
	ctx context.Context, o journal.Origin, after uint64, f func(journal.Record) (bool, error),
) error {
	return explain(s.reading(ctx, func(c *conn) error {
		err := c.query("SELECT "+satz.Columns+satz.From+
			"WHERE r.origin = (SELECT id FROM origin WHERE node = ? AND incarnation = ?) AND r.seq > ? ORDER BY r.seq",
			func(st *sqlite3.Stmt) (bool, error) {
				r, err := satz.Scan(st)
				if err != nil {
					return false, damaged(err)
				}
				return f(r)
			}, o.Node, o.Incarnation, after)
		return doing("read records of "+o.String(), err)
	}))
}

// Heads implements journal.Store.
func (s *Store) Heads(ctx context.Context) ([]journal.Head, error) {
	var list []journal.Head
	err := s.reading(ctx, func(c *conn) error {
		return c.query("SELECT node, incarnation, seq, hash FROM origin ORDER BY self DESC, node, incarnation",
			func(st *sqlite3.Stmt) (bool, error) {
				h := journal.Head{
					Origin: journal.Origin{Node: st.ColumnText(0), Incarnation: st.ColumnText(1)},
					Seq:    uint64(st.ColumnInt64(2)),
				}
				copy(h.Hash[:], st.ColumnRawBlob(3))
				list = append(list, h)
				return true, nil
			})
	})
	return list, explain(err)
}
