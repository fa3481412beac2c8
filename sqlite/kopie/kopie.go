// Package kopie copies the journal of a data folder while the program that owns the folder
// goes on selling: it is one more reader, which sees one moment and holds nobody up.
package kopie

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/ort"
)

// schritt is how many pages are copied before it is asked whether to go on.
const schritt = 2_000

// Stand is what a copy holds.
type Stand struct {
	Schema int            // of the database
	Koepfe []journal.Head // of every origin, own first
}

// Journal writes a copy of the journal as of one moment to a new file. The journal must be
// open in this process, or its folder claimed: nobody else may find its log file unrepaired.
// Progress counts pages and may be nil. What is left of a copy that failed is the caller's.
func Journal(ctx context.Context, dir, nach string, progress func(done, total int)) (s Stand, err error) {
	c, err := leser(dir)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, doing("close journal", c.Close())) }()
	c.SetInterrupt(ctx)
	if err := c.Exec("BEGIN"); err != nil {
		return s, doing("begin to copy", err)
	}
	if s, err = stand(c); err != nil { // from here on it is this moment that is copied
		return s, err
	}
	b, err := c.BackupInit("main", ort.URI(nach, ""))
	if err != nil {
		return s, doing("begin to copy", err)
	}
	for done := false; !done && err == nil; {
		if err = ctx.Err(); err != nil {
			break
		}
		done, err = b.Step(schritt)
		if progress != nil && err == nil {
			progress(b.PageCount()-b.Remaining(), b.PageCount())
		}
	}
	return s, errors.Join(doing("copy journal", err), doing("end copy", b.Close()))
}

// Geloescht lists the persons of a journal whose key was erased, in order of their names;
// under the same condition as Journal.
func Geloescht(dir string) (list []string, err error) {
	c, err := leser(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, doing("close journal", c.Close())) }()
	err = each(c, "SELECT person FROM person_key WHERE length(wrapped) = 0 ORDER BY person", func(st *sqlite3.Stmt) error {
		list = append(list, st.ColumnText(0))
		return nil
	})
	return list, doing("list erased persons", err)
}

func stand(c *sqlite3.Conn) (s Stand, err error) {
	err = each(c, "PRAGMA user_version", func(st *sqlite3.Stmt) error {
		s.Schema = st.ColumnInt(0)
		return nil
	})
	if err != nil {
		return s, doing("read schema version", err)
	}
	err = each(c, "SELECT node, incarnation, seq, hash FROM origin ORDER BY self DESC, node, incarnation",
		func(st *sqlite3.Stmt) error {
			h := journal.Head{
				Origin: journal.Origin{Node: st.ColumnText(0), Incarnation: st.ColumnText(1)}, Seq: uint64(st.ColumnInt64(2)),
			}
			if copy(h.Hash[:], st.ColumnRawBlob(3)) != len(h.Hash) {
				return errors.New("hash of wrong length")
			}
			s.Koepfe = append(s.Koepfe, h)
			return nil
		})
	return s, doing("read heads", err)
}

func leser(dir string) (*sqlite3.Conn, error) {
	name := filepath.Join(dir, sqlite.File)
	if _, err := os.Stat(name); err != nil {
		return nil, sqlite.Missing(err)
	}
	c, err := sqlite3.OpenFlags(ort.URI(name, ""), sqlite3.OPEN_READWRITE|sqlite3.OPEN_URI)
	if err != nil {
		return nil, doing("open journal", err)
	}
	if err := c.Exec("PRAGMA busy_timeout=5000; PRAGMA query_only=ON; PRAGMA cache_size=-2000"); err != nil {
		return nil, errors.Join(doing("prepare to read", err), c.Close())
	}
	return c, nil
}

func each(c *sqlite3.Conn, sql string, row func(*sqlite3.Stmt) error) (err error) {
	st, _, err := c.Prepare(sql)
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it was doing
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for st.Step() {
		if err := row(st); err != nil {
			return err
		}
	}
	return st.Err() //nolint:wrapcheck // as above
}

func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
