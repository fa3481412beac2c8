package sqlite

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// progressStep is after how many records a rebuild reports how far it is.
const progressStep = 1_000

// fresh rebuilds the projections whose shape has changed since they were written and
// drops those that the program no longer knows.
func (s *Store) fresh(ctx context.Context) error {
	_, err := s.transact(func(w *conn) error {
		stale, err := w.stale(s.opt.Projections)
		if err != nil || len(stale) == 0 {
			return err
		}
		return w.rebuild(ctx, stale, s.opt.Progress)
	})
	return err
}

// stale returns the projections to be rebuilt and drops unknown ones.
func (c *conn) stale(list []journal.Projection) ([]journal.Projection, error) {
	stored := map[string]int{}
	err := c.query("SELECT name, schema FROM projection", func(st *sqlite3.Stmt) (bool, error) {
		stored[st.ColumnText(0)] = st.ColumnInt(1)
		return true, nil
	})
	if err != nil {
		return nil, doing("read projections", err)
	}
	var stale []journal.Projection
	for _, p := range list {
		if v, ok := stored[p.Name()]; !ok || v != p.Schema() {
			stale = append(stale, p)
		}
		delete(stored, p.Name())
	}
	for name := range stored {
		if err := c.drop(name); err != nil {
			return nil, err
		}
	}
	return stale, nil
}

func (c *conn) drop(name string) error {
	if err := c.exec("DELETE FROM row WHERE tab = ?", name); err != nil {
		return doing("drop rows of "+name, err)
	}
	return doing("drop projection "+name, c.exec("DELETE FROM projection WHERE name = ?", name))
}

// rebuild folds the whole journal into the projections, within a transaction.
func (c *conn) rebuild(ctx context.Context, list []journal.Projection, progress func(done, total int64)) error {
	for _, p := range list {
		if err := c.drop(p.Name()); err != nil {
			return err
		}
		if err := c.exec("INSERT INTO projection VALUES (?, ?)", p.Name(), p.Schema()); err != nil {
			return doing("note projection "+p.Name(), err)
		}
	}
	return c.foldAll(ctx, c, list, progress)
}

// foldAll reads every record in order of arrival and folds it into rows of the
// connection to.
func (c *conn) foldAll(
	ctx context.Context, to *conn, list []journal.Projection, progress func(done, total int64),
) error {
	total, err := c.int("SELECT count(*) FROM record")
	if err != nil {
		return doing("count records", err)
	}
	done := int64(0)
	return c.query("SELECT "+columns+fromRecord+"ORDER BY r.pos", func(st *sqlite3.Stmt) (bool, error) {
		r, err := scanRecord(st)
		if err != nil {
			return false, damaged(err)
		}
		if done++; done%progressStep == 0 {
			if err := ctx.Err(); err != nil {
				return false, fmt.Errorf("fold journal: %w", err)
			}
			if progress != nil {
				progress(done, total)
			}
		}
		return true, foldRecord(to, list, r)
	})
}

// foldRecord folds one record; a type that is not known yet is left out, as when it
// was stored.
func foldRecord(c *conn, list []journal.Projection, r journal.Record) error {
	e, err := event.Decode(r.Type, r.Payload)
	if err != nil {
		return damaged(err)
	}
	if e == nil {
		return nil
	}
	return fold(c, list, r, e)
}

// Rebuild throws all projections away and folds the journal anew.
func (s *Store) Rebuild(ctx context.Context) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	_, err := s.transact(func(w *conn) error { return w.rebuild(ctx, s.opt.Projections, s.opt.Progress) })
	s.afterWrite()
	return explain(err)
}
