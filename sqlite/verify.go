package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/pruefung"
	"github.com/offizin/offizin/sqlite/satz"
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
	b, err := verify(ctx, c, o)
	return b, errors.Join(err, c.close())
}

// Verify checks the open journal as of this moment; acts go on meanwhile.
func (s *Store) Verify(ctx context.Context) (Bericht, error) {
	var b Bericht
	err := s.readers.with(ctx, func(c *conn) error {
		var err error
		o := s.opt
		o.Progress = nil // that is of rebuilding
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
	for _, check := range []struct {
		name string
		run  func(context.Context, *conn, Options, *Bericht) error
	}{
		{"Datenbankdatei", checkFile},
		{"Kette", checkChains},
		{"Schlüssel der Vorgänge", checkKeys},
		{"Auswertungen", checkRows},
	} {
		if err := check.run(ctx, c, o, &b); err != nil {
			if ctx.Err() != nil {
				return b, fmt.Errorf("verify journal: %w", ctx.Err())
			}
			b.Add(check.name, "Die Prüfung ließ sich nicht beenden: %v.", err)
		}
	}
	return b, nil
}

// checkFile asks the database engine whether its pages and indexes are sound.
func checkFile(_ context.Context, c *conn, _ Options, b *Bericht) error {
	return c.query("PRAGMA integrity_check(20)", func(st *sqlite3.Stmt) (bool, error) {
		if text := st.ColumnText(0); text != "ok" {
			b.Add("Datei "+File, "Die Datenbank meldet: %s.", text)
		}
		return true, nil
	})
}

// checkChains follows the log of every origin from its first record to its head.
func checkChains(ctx context.Context, c *conn, _ Options, b *Bericht) error {
	type kopf struct {
		id int64
		journal.Head
	}
	var list []kopf
	err := c.query("SELECT id, node, incarnation, seq, hash FROM origin ORDER BY id",
		func(st *sqlite3.Stmt) (bool, error) {
			k := kopf{id: st.ColumnInt64(0)}
			k.Origin = journal.Origin{Node: st.ColumnText(1), Incarnation: st.ColumnText(2)}
			k.Seq = uint64(st.ColumnInt64(3))
			copy(k.Hash[:], st.ColumnRawBlob(4))
			list = append(list, k)
			return true, nil
		})
	if err != nil {
		return doing("read origins", err)
	}
	for _, k := range list {
		b.Kopf = append(b.Kopf, k.Head)
		if err := checkChain(ctx, c, k.id, k.Head, b); err != nil {
			return err
		}
	}
	return nil
}

// maxUnreadable is how many unreadable records in a row are stepped over.
const maxUnreadable = 1_000

func checkChain(ctx context.Context, c *conn, id int64, head journal.Head, b *Bericht) error {
	var last journal.Head
	whole := true // the record before was read
	for skipped := 0; ; skipped++ {
		before := last.Seq
		err := c.query("SELECT "+satz.Columns+satz.From+"WHERE r.origin = ? AND r.seq > ? ORDER BY r.seq",
			func(st *sqlite3.Stmt) (bool, error) {
				r, err := satz.Scan(st)
				b.Record(r, err, last, whole)
				last.Seq, last.Hash, whole = r.Seq, r.Hash, true
				return ctx.Err() == nil, nil
			}, id, last.Seq)
		if err == nil || ctx.Err() != nil {
			break
		}
		if last.Seq > before {
			skipped = 0
		}
		last.Seq, whole = last.Seq+1, false
		b.Damage(head.Origin, last.Seq)
		b.Add(fmt.Sprintf("%s Nr. %d", head.Origin, last.Seq), "Der Satz ist nicht lesbar: %v.", err)
		if skipped == maxUnreadable || last.Seq >= head.Seq {
			return nil
		}
	}
	if ctx.Err() == nil && (last.Seq != head.Seq || whole && last.Hash != head.Hash) {
		b.Add(head.Origin.String(), "Das Ende fehlt: der Kopf nennt Nr. %d, der letzte Satz ist Nr. %d.", head.Seq, last.Seq)
	}
	return nil
}

// checkKeys makes sure that no act of this node counts twice, and counts the keys of
// persons.
func checkKeys(_ context.Context, c *conn, _ Options, b *Bericht) error {
	err := c.query("SELECT key, count(*) FROM record NOT INDEXED WHERE own = 1 GROUP BY key HAVING count(*) > 1",
		func(st *sqlite3.Stmt) (bool, error) {
			b.Add("Vorgang "+st.ColumnText(0), "Der Vorgang steht %d-mal im Journal.", st.ColumnInt64(1))
			return true, nil
		})
	if err != nil {
		return doing("count keys of acts", err)
	}
	// The key of the authority is sealed like a person's data and belongs to none.
	return c.query("SELECT length(wrapped) = 0, count(DISTINCT person) FROM person_key "+
		"WHERE person NOT LIKE 'aussteller-%' GROUP BY 1", func(st *sqlite3.Stmt) (bool, error) {
		if st.ColumnBool(0) {
			b.Geloescht = st.ColumnInt(1)
		} else {
			b.Personen = st.ColumnInt(1)
		}
		return true, nil
	})
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
	if err := s.Exec(schema.ScratchMode + schema.Rows + "BEGIN"); err != nil { // never ended: it is thrown away
		return nil, errors.Join(doing("prepare scratch database", err), s.close())
	}
	return s, nil
}
