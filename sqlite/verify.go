package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/pruefung"
	"github.com/offizin/offizin/sqlite/schema"
)

// Bericht is what a check of a journal found.
type Bericht = pruefung.Bericht

// Verify checks the journal of a data folder that no program works with: every hash,
// the chain of every origin, every event, and that the rows of the projections are
// those that a fresh fold of the journal makes. It reads only. A damaged database does
// not stop it from saying what it can.
func Verify(ctx context.Context, o Options) (Bericht, error) {
	o = o.filled()
	if o.VFS == "" {
		if _, err := os.Stat(filepath.Join(o.Dir, File)); err != nil {
			return Bericht{}, Missing(err)
		}
	}
	lock, err := takeLock(o)
	if err != nil {
		return Bericht{}, explain(o.roomless(err))
	}
	b, err := verifyFile(ctx, o)
	return b, explain(errors.Join(err, lock.close()))
}

// Missing is the fault for a folder without a journal: J-217.
func Missing(cause error) error {
	return fault.New(fault.NotFound, "J-217",
		"In diesem Ordner liegt kein Journal; bitte den Datenordner mit --daten angeben.", cause)
}

func verifyFile(ctx context.Context, o Options) (Bericht, error) {
	if err := o.soundLog(); fault.KindOf(err) == fault.Corrupt {
		var b Bericht // to open the database would throw away what stands behind the damage
		b.Add("Datei "+File+"-wal", "Die Datei ist mittendrin beschädigt und verdeckt, was danach gebucht wurde; "+
			"bitte den ganzen Datenordner sichern, wie er ist.")
		return b, nil
	}
	c, err := openReader(o)
	if fault.KindOf(explain(err)) == fault.Corrupt {
		return pruefung.Unreadable(File), nil
	}
	if err != nil {
		return Bericht{}, err
	}
	c.SetInterrupt(ctx)
	b, err := verify(ctx, c, o)
	return b, errors.Join(err, c.close())
}

// Verify checks the open journal as of this moment; acts go on meanwhile.
func (s *Store) Verify(ctx context.Context) (Bericht, error) {
	var b Bericht
	err := s.reading(ctx, func(c *conn) error {
		var err error
		o := s.opt
		o.Progress, o.Beside = nil, true // that is of rebuilding; others sell
		b, err = verify(ctx, c, o)
		return err
	})
	return b, explain(err)
}

// verify runs every check; one that cannot be carried out is a finding too.
func verify(ctx context.Context, c *conn, o Options) (Bericht, error) {
	var b Bericht
	empty, err := c.check()
	if err != nil {
		if fault.KindOf(err) == fault.Invalid {
			return b, err
		}
		return pruefung.Unreadable(File), nil
	}
	if empty {
		return b, fault.New(fault.Invalid, "J-307", "Das Journal ist leer: der erste Start wurde unterbrochen; "+
			"bitte Offizin starten, oder die Sicherung wiederherstellen, wenn schon verkauft wurde.", nil)
	}
	if v, err := c.int("PRAGMA user_version"); err == nil && v < schema.Version {
		return b, fault.New(fault.Invalid, "J-304", "Das Journal stammt von einer älteren Version und wird "+
			"beim nächsten Start angepasst; bitte Offizin einmal starten, dann lässt es sich prüfen.", nil)
	}
	b = o.twice(ctx, c, checkPages, checkRecords)
	if ctx.Err() != nil {
		return b, fmt.Errorf("verify journal: %w", ctx.Err())
	}
	return b, nil
}

// part is a part of the checks. One that cannot be carried out is a finding too.
type part func(context.Context, *conn, Options) Bericht

// twice runs two parts side by side, each on a connection of its own; one after the other if somebody
// else is at work, or if there is nothing but the moment that one connection sees.
func (o Options) twice(ctx context.Context, c *conn, first, second part) (b Bericht) {
	if o.Beside {
		b = first(ctx, c, o)
		b.Join(second(ctx, c, o))
		return b
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		other, err := openReader(o)
		if err != nil {
			b.Add("Datei "+File, cannot, err)
			return
		}
		other.SetInterrupt(ctx)
		b = first(ctx, other, o)
		_ = other.close() // it only read
	}()
	other := second(ctx, c, o)
	<-done
	b.Join(other)
	return b
}

const cannot = "Die Prüfung ließ sich nicht beenden: %v."

// checkPages looks at the file, its indexes and the keys.
func checkPages(_ context.Context, c *conn, o Options) (b Bericht) {
	if !o.Beside {
		_ = c.exec("PRAGMA cache_size=" + strconv.Itoa(checkCache)) // the keys of the indexes lie all over the file
	}
	if err := b.File(File, c.query); err != nil {
		b.Add("Datenbankdatei", cannot, err)
	}
	if err := b.Keys(c.query); err != nil {
		b.Add("Schlüssel der Vorgänge", cannot, err)
	}
	return b
}

// checkRecords checks all records, and the rows of the projections against them. Both in one pass if
// all is as it should be; else one after the other, so that everything is named.
func checkRecords(ctx context.Context, c *conn, o Options) (b Bericht) {
	if whole, err := checkWhole(ctx, c, o, &b); whole && err == nil || ctx.Err() != nil {
		return b
	}
	b = Bericht{}
	if err := b.Chains(ctx, c.query); err != nil {
		b.Add("Kette", cannot, err)
	}
	if err := checkRows(ctx, c, o, &b); err != nil {
		b.Add("Auswertungen", cannot, err)
	}
	return b
}

// checkWhole reads every record once, folds it into a database of its own, and compares the rows. It
// reports false if that is not enough to say what is wrong.
func checkWhole(ctx context.Context, c *conn, o Options, b *Bericht) (whole bool, err error) {
	building, err := c.building()
	if err != nil || building {
		return false, err
	}
	total, err := c.int("SELECT count(*) FROM record")
	if err != nil {
		return false, doing("count records", err)
	}
	fresh, err := scratch(o)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, fresh.close()) }()
	done := int64(0)
	fold := func(batch []pruefung.Gelesen) error {
		if done += int64(len(batch)); o.Progress != nil {
			o.Progress(done, total)
		}
		return pruefung.Fold(&rows{c: fresh}, o.Projections, batch)
	}
	hand, wait, step := fold, func() error { return nil }, foldStep
	if !o.Beside {
		hand, wait = pruefung.Beside(fold)
		step = checkStep
	}
	whole, err = b.Whole(ctx, c.query, step, hand)
	if err = errors.Join(err, wait()); err != nil || !whole {
		return false, err
	}
	return true, b.Rows(&rows{c: c}, &rows{c: fresh}, o.Projections)
}

// checkRows folds the journal a second time, into a database of its own, and compares.
// Rows that are being built anew are not those of the journal yet: the report says so.
func checkRows(ctx context.Context, c *conn, o Options, b *Bericht) error {
	var err error
	if b.Neubau, err = c.building(); err != nil || b.Neubau {
		return err
	}
	fresh, err := scratch(o)
	if err != nil {
		return err
	}
	err = c.foldAll(ctx, &rows{c: fresh}, o.Projections, o.Progress, map[position]journal.Aside{})
	if err == nil {
		err = b.Rows(&rows{c: c}, &rows{c: fresh}, o.Projections)
	}
	return errors.Join(err, fresh.close())
}

// scratch is an empty table of rows that is gone when it is closed.
func scratch(o Options) (*conn, error) {
	name := ":memory:"
	if o.VFS == "" {
		name = "" // a file of the system's temporary folder, deleted on close
	}
	c, err := sqlite3.Open(name)
	if err != nil {
		return nil, doing("open scratch database", err)
	}
	s := &conn{Conn: c, idle: map[string][]*sqlite3.Stmt{}}
	mode := schema.ScratchMode
	if !o.Beside {
		mode += "PRAGMA cache_size=" + strconv.Itoa(scratchCache) + ";"
	}
	if err := s.Exec(mode + schema.Rows + "BEGIN"); err != nil { // never ended: it is thrown away
		return nil, errors.Join(doing("prepare scratch database", err), s.close())
	}
	return s, nil
}
