package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/pruefung"
	"github.com/offizin/offizin/sqlite/schema"
)

// The read models are built anew beside the sales, in a second table of rows that takes the
// place of the first when it has all records. Its row ("", "stand") says how far that is, in the
// same transactions; no such table: nothing is being built.
const (
	nextRows = "row_neu"
	emptying = "leeren" // rows of a try before are removed, then it begins
	ending   = "weg"    // all rows are removed, and the table
	// Any other is the position of the last record that is folded.

	// buildStep and rowStep are how many records are folded, or rows removed, while acts wait.
	buildStep = 250
	rowStep   = 1_000
	// buildPause is after how long it goes on after an error, such as of a full disk.
	buildPause = 10 * time.Second
)

// defaultInPlace is up to how many records the read models are built anew at once: it takes
// less than a tenth of a second.
const defaultInPlace = 2_000

// anew has the read models built anew, because something that is in them counts no more: at
// once if that is quick, else beside the acts.
func (s *Store) anew(ctx context.Context, w *conn) error {
	n, err := w.int("SELECT max(pos) FROM record")
	if err != nil {
		return doing("count records", err)
	}
	if n <= int64(s.opt.InPlace) {
		return w.rebuildAll(ctx, s.opt)
	}
	if err := w.exec("DELETE FROM aside WHERE reason = ?", string(journal.Unreadable)); err != nil {
		return doing("forget what was set aside", err)
	}
	stand, err := w.stand()
	switch {
	case err != nil:
		return err
	case stand == "":
		err = w.Exec(strings.Replace(schema.Rows, " row (", " "+nextRows+" (", 1))
		stand = "0"
	case stand != "0":
		stand = emptying
	}
	if err != nil {
		return doing("begin to build read models", err)
	}
	return w.setStand(stand)
}

// stand says how far the second table of rows is; empty: there is none.
func (c *conn) stand() (stand string, err error) {
	n, err := c.int("SELECT count(*) FROM sqlite_schema WHERE name = ?", nextRows)
	if err != nil || n == 0 {
		return "", doing("look for read models being built", err)
	}
	stand = emptying // without a mark nobody knows what is in it
	_, err = c.one("SELECT value FROM "+nextRows+" WHERE tab = '' AND key = 'stand'", func(st *sqlite3.Stmt) {
		stand = string(st.ColumnRawBlob(0))
	})
	return stand, doing("look for read models being built", err)
}

// setStand notes how far it is, and keeps programs out that know nothing of it as long as
// those rows matter.
func (c *conn) setStand(stand string) error {
	if err := (&rows{c: c, next: true}).Put("", "stand", []byte(stand)); err != nil {
		return err
	}
	want := schema.Building
	if stand == ending {
		want = schema.Version
	}
	if v, err := c.int("PRAGMA user_version"); err != nil || v == int64(want) {
		return doing("read schema version", err)
	}
	return doing("set schema version", c.Exec(fmt.Sprintf("PRAGMA user_version=%d", want)))
}

// building reports whether the read models are being built anew.
func (c *conn) building() (bool, error) {
	stand, err := c.stand()
	return stand != "" && stand != ending, err
}

// discard gives up what is being built, since all is built at once.
func (c *conn) discard() error {
	if stand, err := c.stand(); err != nil || stand == "" {
		return err
	}
	return c.setStand(ending)
}

// Neubau is how far it is to build the read models anew beside the acts.
type Neubau = pruefung.Neubau

// Neubau says whether the read models are being built anew beside the acts, and how far that is.
func (s *Store) Neubau(ctx context.Context) (n Neubau, err error) {
	err = s.reading(ctx, func(c *conn) error {
		stand, err := c.stand()
		if n.Laeuft = stand != "" && stand != ending; err != nil || !n.Laeuft {
			return err
		}
		all, err := c.int("SELECT max(pos) FROM record")
		if pos, bad := strconv.ParseInt(stand, 10, 64); bad == nil && all > 0 {
			n.Prozent = int(min(pos*100/all, 100))
		}
		return doing("count records", err)
	})
	if stuck := s.stuck.Load(); n.Laeuft && stuck != nil {
		n.Fehler = *stuck
	}
	return n, explain(err)
}

// Build goes a step on with building read models anew and reports whether there is another. The
// store does so by itself unless it is Inline.
func (s *Store) Build(ctx context.Context) (more bool, err error) {
	more, err = s.buildSome(ctx)
	if err = explain(err); err == nil || ctx.Err() != nil || errors.Is(err, journal.ErrClosed) {
		s.stuck.Store(nil)
		return more, err
	}
	err = pruefung.Stuck(err)
	if old := s.stuck.Swap(&err); s.opt.Failed != nil && (old == nil || !pruefung.Same(*old, err)) {
		s.opt.Failed(err)
	}
	return more, err
}

// ringAnew says that read models may have to be built anew.
func (s *Store) ringAnew() {
	select {
	case s.anewBell <- struct{}{}:
	default:
	}
}

// build builds read models anew, whenever there is need, until the context ends.
func (s *Store) build(ctx context.Context) {
	for ctx.Err() == nil {
		more, err := s.Build(ctx)
		if err == nil && more {
			continue
		}
		wait, stop := ctx, context.CancelFunc(func() {})
		if err != nil {
			wait, stop = context.WithTimeout(ctx, buildPause)
		}
		select {
		case <-s.anewBell:
		case <-wait.Done():
		}
		stop()
	}
}

// buildSome goes a step on, in a transaction of its own, and reports whether there is another.
func (s *Store) buildSome(ctx context.Context) (more bool, err error) {
	if err := s.enter(ctx); err != nil {
		return false, err
	}
	defer s.leave()
	swapped, next := false, ""
	_, err = s.transact(func(w *conn) error {
		stand, err := w.stand()
		if err != nil || stand == "" {
			return err
		}
		more = true
		switch stand {
		case emptying:
			return w.emptyRows(func() error { return w.setStand("0") })
		case ending:
			return w.emptyRows(func() error { return doing("drop rows", w.exec("DROP TABLE "+nextRows)) })
		}
		if swapped, next, err = w.foldNext(s.opt, stand); err != nil || next == "" || s.opt.UnsafeStand {
			return err
		}
		return w.setStand(next)
	})
	if err == nil && next != "" && s.opt.UnsafeStand {
		_, err = s.transact(func(w *conn) error { return w.setStand(next) })
	}
	s.afterWrite()
	if swapped && err == nil {
		s.bell.Ring() // what others see has changed
	}
	return more, err
}

// emptyRows removes some of the rows being built; then, if there was none, it does what follows.
func (c *conn) emptyRows(then func() error) error {
	err := c.exec("DELETE FROM "+nextRows+" WHERE (tab, key) IN (SELECT tab, key FROM "+nextRows+
		" WHERE tab > '' LIMIT ?)", rowStep)
	if err != nil {
		return doing("remove rows", err)
	}
	if c.Changes() > 0 {
		return nil
	}
	return then()
}

// foldNext folds the next records into the rows being built, and says how far that is then. When
// there are no more, those become the rows of the read models.
func (c *conn) foldNext(o Options, stand string) (swapped bool, next string, err error) {
	pos, err := strconv.ParseInt(stand, 10, 64)
	if err != nil {
		return false, "", damaged(err)
	}
	aside := map[position]journal.Aside{}
	last, n, err := c.foldSome(&rows{c: c, next: true}, o.Projections, pos, o.BuildStep, aside)
	if err == nil {
		err = c.setAsides(aside)
	}
	if err != nil || n == o.BuildStep {
		return false, strconv.FormatInt(last, 10), err
	}
	for _, sql := range []string{
		"DELETE FROM " + nextRows + " WHERE tab = ''",
		"ALTER TABLE row RENAME TO row_alt",
		"ALTER TABLE " + nextRows + " RENAME TO row",
		"ALTER TABLE row_alt RENAME TO " + nextRows,
	} {
		if err := c.exec(sql); err != nil {
			return false, "", doing("take read models over", err)
		}
	}
	return true, ending, nil
}
