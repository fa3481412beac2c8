package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// progressStep is after how many records a rebuild reports how far it is.
const progressStep = 1_000

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
		if err := w.rebuild(ctx, stale, s.opt.Progress); err != nil || len(stale) == len(s.opt.Projections) {
			return err
		}
		if _, unreadable, err = w.asides(); err != nil || unreadable == 0 {
			return err
		}
		return w.rebuild(ctx, s.opt.Projections, s.opt.Progress)
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
	if err := c.exec("DELETE FROM aside WHERE reason IN (?, ?)",
		string(journal.Unknown), string(journal.Unreadable)); err != nil {
		return doing("forget what was set aside", err)
	}
	aside := map[position]journal.Aside{}
	err := c.foldAll(ctx, c, list, progress, aside)
	for at, why := range aside {
		err = errors.Join(err, c.setAside(at, string(why)))
	}
	return err
}

// foldAll reads every record in order of arrival and folds it into rows of the
// connection to. It notes what it leaves out.
func (c *conn) foldAll(
	ctx context.Context, to *conn, list []journal.Projection, progress func(done, total int64),
	aside map[position]journal.Aside,
) error {
	total, err := c.int("SELECT count(*) FROM record")
	if err != nil {
		return doing("count records", err)
	}
	done, keepers := int64(0), journal.Keepers(list)
	return c.query("SELECT "+columns+", r.origin, o.self, ifnull(a.reason, '')"+fromRecord+
		"LEFT JOIN aside a ON a.origin = r.origin AND a.seq = r.seq ORDER BY r.pos",
		func(st *sqlite3.Stmt) (bool, error) {
			r, err := scanRecord(st)
			if err != nil {
				return false, damaged(err)
			}
			at, self, reason := position{st.ColumnInt64(13), int64(r.Seq)}, st.ColumnBool(14), st.ColumnText(15)
			if done++; done%progressStep == 0 {
				if err := ctx.Err(); err != nil {
					return false, fmt.Errorf("fold journal: %w", err)
				}
				if progress != nil {
					progress(done, total)
				}
			}
			switch reason {
			case string(journal.Repeated):
				_, err := foldRecord(to, keepers, r, self)
				return true, err
			case string(journal.Unreadable):
				return true, nil
			}
			why, err := foldRecord(to, list, r, self)
			if why != "" {
				aside[at] = why
			}
			return true, err
		})
}

// foldRecord folds one record; a type that is not known yet is left out, as when it was
// stored, and so is one of another machine that cannot be read.
func foldRecord(c *conn, list []journal.Projection, r journal.Record, self bool) (journal.Aside, error) {
	e, err := event.Decode(r.Type, r.Payload)
	switch {
	case err != nil && self:
		return "", damaged(err)
	case err != nil:
		return journal.Unreadable, nil //nolint:nilerr // it stops nothing; the caller notes it
	case e == nil:
		return journal.Unknown, nil
	case self:
		return "", fold(&rows{c}, list, r, e)
	}
	return c.tryFold(list, r, e)
}

// tryFold folds a record of another machine; one that a projection cannot take leaves no
// trace.
func (c *conn) tryFold(list []journal.Projection, r journal.Record, e journal.Event) (journal.Aside, error) {
	if err := c.exec("SAVEPOINT fold"); err != nil {
		return "", doing("begin to apply", err)
	}
	err := fold(&rows{c}, list, r, e)
	if err == nil {
		return "", doing("end applying", c.exec("RELEASE fold"))
	}
	if isDatabase(err) {
		return "", err
	}
	return journal.Unreadable, doing("undo applying", errors.Join(c.exec("ROLLBACK TO fold"), c.exec("RELEASE fold")))
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
	_, err := s.transact(func(w *conn) error { return w.rebuild(ctx, s.opt.Projections, s.opt.Progress) })
	s.afterWrite()
	return explain(err)
}
