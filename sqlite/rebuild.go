package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/folding"
	"github.com/offizin/offizin/sqlite/satz"
	"github.com/offizin/offizin/sqlite/schema"
)

// foldStep is how many records are folded before their rows are written, and progress is told.
const foldStep = 1_000

// checkStep is the same where a check has the machine to itself.
const checkStep = 4_000

// fresh rebuilds the projections whose shape has changed since they were written and
// drops those that the program no longer knows. What was set aside, or is now, counts for
// all projections or none: then all are rebuilt.
func (s *Store) fresh(ctx context.Context) error {
	_, err := s.transact(func(w *conn) error {
		stale, err := w.stale(s.opt.Projections)
		if err != nil {
			return err
		}
		known, unreadable, err := w.asides()
		if known || len(stale) > 0 && unreadable > 0 {
			stale = s.opt.Projections
		}
		if err != nil || len(stale) == 0 {
			return err
		}
		if len(stale) == len(s.opt.Projections) {
			return w.rebuildAll(ctx, s.opt)
		}
		if err := w.rebuild(ctx, stale, s.opt.Progress); err != nil {
			return err
		}
		if _, unreadable, err = w.asides(); err != nil || unreadable == 0 {
			return err
		}
		return w.rebuildAll(ctx, s.opt)
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

// rebuildAll is rebuild of all projections, in a new table: rows and keys of the old one may have come apart
// on a bad disk, and what one of them does not name is not found in the other.
func (c *conn) rebuildAll(ctx context.Context, o Options) error {
	if err := c.Exec("DROP TABLE row;" + schema.Rows); err != nil {
		return doing("drop rows", err)
	}
	return c.rebuild(ctx, o.Projections, o.Progress)
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
	if err := c.exec("DELETE FROM aside WHERE reason IN (?, ?)",
		string(journal.Unknown), string(journal.Unreadable)); err != nil {
		return doing("forget what was set aside", err)
	}
	if err := c.discard(); err != nil {
		return err
	}
	aside := map[position]journal.Aside{}
	if err := c.foldAll(ctx, &rows{c: c}, list, progress, aside); err != nil {
		return err
	}
	return c.setAsides(aside)
}

func (c *conn) setAsides(list map[position]journal.Aside) (err error) {
	for at, why := range list {
		err = errors.Join(err, c.setAside(at, string(why)))
	}
	return err
}

// foldAll folds every record, in order of arrival, into rows. It notes what it leaves out.
func (c *conn) foldAll(
	ctx context.Context, to journal.Tx, list []journal.Projection, progress func(done, total int64),
	aside map[position]journal.Aside,
) error {
	total, err := c.int("SELECT count(*) FROM record")
	if err != nil {
		return doing("count records", err)
	}
	for pos, done, n := int64(0), int64(0), 0; ; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("fold journal: %w", err)
		}
		if pos, n, err = c.foldSome(to, list, pos, foldStep, aside); err != nil || n < foldStep {
			return err
		}
		if done += int64(n); progress != nil {
			progress(done, total)
		}
	}
}

// foldSome folds the next records after a position into rows and returns the position of the
// last one, and how many there were: up to step, less if the journal ends.
func (c *conn) foldSome(
	to journal.Tx, list []journal.Projection, pos int64, step int, aside map[position]journal.Aside,
) (last int64, n int, err error) {
	last, run := pos, folding.New(to, list)
	err = c.query("SELECT "+satz.Columns+", r.origin, o.self, ifnull(a.reason, ''), r.pos FROM record r "+
		"CROSS JOIN origin o ON o.id = r.origin "+ // the planner must not begin with the origins
		"LEFT JOIN aside a ON a.origin = r.origin AND a.seq = r.seq WHERE r.pos > ? ORDER BY r.pos LIMIT ?",
		func(st *sqlite3.Stmt) (bool, error) {
			r, err := satz.Scan(st)
			if err != nil {
				return false, damaged(err)
			}
			last, n = st.ColumnInt64(16), n+1
			why, err := run.Record(r, st.ColumnBool(14), journal.Aside(st.ColumnText(15)))
			if why != "" {
				aside[position{st.ColumnInt64(13), int64(r.Seq)}] = why
			}
			if errors.Is(err, folding.ErrOwn) {
				err = damaged(err)
			}
			return true, err
		}, pos, step)
	if err == nil {
		err = run.Flush()
	}
	return last, n, doing("fold journal", err)
}

// asides says whether a record was set aside whose type this program knows, and how many
// are unreadable.
func (c *conn) asides() (known bool, unreadable int, err error) {
	err = c.query("SELECT a.reason, r.type FROM aside a JOIN record r ON r.origin = a.origin AND r.seq = a.seq",
		func(st *sqlite3.Stmt) (bool, error) {
			switch journal.Aside(st.ColumnText(0)) {
			case journal.Unknown:
				known = known || slices.Contains(event.Types(), st.ColumnText(1))
			case journal.Unreadable:
				unreadable++
			case journal.Repeated:
			}
			return true, nil
		})
	return known, unreadable, doing("read what was set aside", err)
}

// Rebuild throws all projections away and folds the journal anew.
func (s *Store) Rebuild(ctx context.Context) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	_, err := s.transact(func(w *conn) error { return w.rebuildAll(ctx, s.opt) })
	s.afterWrite()
	return explain(err)
}
