package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/fehler"
	"github.com/offizin/offizin/sqlite/satz"
)

const (
	maxReaders  = 32 // at once; more wait
	idleReaders = 4  // stay open between views
)

// pool holds the reading connections.
type pool struct {
	opt   Options
	slots chan struct{}

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

func newPool(o Options) *pool { return &pool{opt: o, slots: make(chan struct{}, maxReaders)} }

// with runs f in a read transaction that sees one moment.
func (p *pool) with(ctx context.Context, f func(*conn) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait to read: %w", err)
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to read: %w", ctx.Err())
	}
	return p.read(ctx, f)
}

// try takes a slot for read if there is a free one.
func (p *pool) try() bool {
	select {
	case p.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// read is with, for who has a slot.
func (p *pool) read(ctx context.Context, f func(*conn) error) error {
	defer func() { <-p.slots }()
	c, err := p.take()
	if err != nil {
		return err
	}
	sound := false
	defer func() { p.give(c, sound) }() // also when f panics
	c.SetInterrupt(ctx)
	err = snapshot(c, f)
	c.SetInterrupt(context.Background())
	sound = c.exec("ROLLBACK") == nil && !fehler.Database(err)
	return err
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

func (p *pool) take() (*conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, journal.ErrClosed
	}
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c, nil
	}
	return openReader(p.opt)
}

func (p *pool) give(c *conn, sound bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sound && !p.closed && len(p.idle) < idleReaders {
		p.idle = append(p.idle, c)
		return
	}
	_ = c.close()
}

// close waits for the running views and closes all connections.
func (p *pool) close() error {
	for range maxReaders {
		p.slots <- struct{}{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var err error
	for _, c := range p.idle {
		err = errors.Join(err, c.close())
	}
	p.idle = nil
	for range maxReaders {
		<-p.slots
	}
	return err
}

// View implements journal.Store.
func (s *Store) View(ctx context.Context, f func(journal.Rows) error) error {
	return explain(s.readers.with(ctx, func(c *conn) error {
		view := &rows{c: c}
		defer func() { view.c = nil }()
		return f(view)
	}))
}

// Records implements journal.Store.
func (s *Store) Records(
	ctx context.Context, o journal.Origin, after uint64, f func(journal.Record) (bool, error),
) error {
	return explain(s.readers.with(ctx, func(c *conn) error {
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
	err := s.readers.with(ctx, func(c *conn) error {
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
