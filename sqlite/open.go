package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/schema"
)

// Open opens the journal of a data folder and makes it if there is none. A foreign,
// damaged or newer database is refused and never touched; one that another process
// works with is refused too. On a full disk the ballast gives the room a start needs.
func Open(ctx context.Context, o Options) (*Store, error) {
	o = o.filled()
	s, err := open(ctx, o)
	if err = o.roomless(err); full(err) && newBallast(o).Release() {
		s, err = open(ctx, o)
		err = o.roomless(err)
	}
	if err != nil {
		return nil, explain(err)
	}
	return s, nil
}

func open(ctx context.Context, o Options) (s *Store, err error) {
	lock, err := takeLock(o)
	if err != nil {
		return nil, err
	}
	s = &Store{
		opt: o, lock: lock, readers: readers(o), turn: make(chan struct{}, 1), wake: make(chan struct{}, 1),
		anewBell: make(chan struct{}, 1), stop: func() {}, doubt: true, ballast: newBallast(o),
	}
	s.views, s.halt = context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // Close calls it, if a view is late
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.prepare(ctx); err != nil {
		return s, err
	}
	s.start(ctx)
	return s, nil
}

// prepare makes or checks the database, the key of the node and the projections.
func (s *Store) prepare(ctx context.Context) error {
	if err := s.opt.soundLog(); err != nil {
		return err
	}
	if err := s.opt.rewriteLog(); err != nil {
		return err
	}
	w, err := openWriter(s.opt)
	if err != nil {
		return err
	}
	end, id, err := w.chain()
	if err == nil {
		err = w.checkHead(end.Seq, end.Hash[:], id)
	}
	if err == nil {
		err = w.secure(sqlite3.CHECKPOINT_TRUNCATE) // also of keys that were erased just before
	}
	if err == nil && s.opt.Node != "" && end.Origin.Node != s.opt.Node {
		err = fault.New(fault.Conflict, "J-214", "Dieser Datenordner gehört dem Arbeitsplatz „"+end.Origin.Node+
			"“; bitte den richtigen Ordner angeben.", nil)
	}
	if err != nil {
		return errors.Join(err, w.close())
	}
	s.adopt(w)
	s.end, s.originID, s.doubt = end, id, false
	s.self.Store(&end.Origin)
	if err := s.unlock(ctx); err != nil {
		return err
	}
	return s.fresh(ctx)
}

// takeLock keeps other processes out of the folder for as long as it is open.
func takeLock(o Options) (*conn, error) {
	if o.VFS == "" {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return nil, fault.New(fault.Unavailable, "J-216",
				"Der Datenordner lässt sich nicht anlegen; bitte Pfad und Rechte prüfen.", err)
		}
	}
	c, err := connect(o, lockFile, sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE)
	if err != nil {
		return nil, err
	}
	err = errors.Join(checkVersion(c), c.exec("BEGIN EXCLUSIVE"))
	if errors.Is(err, sqlite3.NOTADB) {
		err = fault.New(fault.Unavailable, "J-222",
			"Die Datei journal.lock ist keine von Offizin; bitte löschen und neu starten, sie enthält keine Daten.", err)
	}
	if errors.Is(err, sqlite3.BUSY) {
		err = fault.New(fault.Conflict, "J-211",
			"Ein anderes Offizin arbeitet schon mit diesem Datenordner; bitte das andere zuerst beenden.", err)
	}
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// checkVersion refuses a database engine that is known to damage data.
func checkVersion(c *conn) error {
	text, err := c.text("SELECT sqlite_version()")
	if err != nil {
		return doing("ask for the version of SQLite", err)
	}
	return schema.Engine(text)
}

// openWriter opens the connection that writes and makes the database if it is empty.
func openWriter(o Options) (*conn, error) {
	w, err := connect(o, File, sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE)
	if err != nil {
		return nil, err
	}
	_ = w.BusyTimeout(busyTimeout) // another may be closing the last connection but this
	if err := w.setUp(o); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (c *conn) setUp(o Options) error {
	empty, err := c.check()
	if err != nil {
		return err
	}
	if empty {
		if err := o.lost(); err != nil {
			return err
		}
	}
	if err := c.pragmas(o); err != nil {
		return err
	}
	if !empty {
		return c.upgrade()
	}
	return c.create(o)
}

// upgrade adds what a later version of the database has.
func (c *conn) upgrade() error {
	v, err := c.int("PRAGMA user_version")
	if err == nil {
		err = c.Exec(schema.NeverReplace)
	}
	if err != nil || v >= schema.Version {
		return doing("read schema version", err)
	}
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return doing("begin", err)
	}
	change := schema.Keys
	if v < 2 {
		change = schema.Aside + change
	}
	err = c.Exec(change + fmt.Sprintf("PRAGMA user_version=%d; COMMIT;", schema.Version))
	if err != nil && !c.GetAutocommit() {
		err = errors.Join(err, c.exec("ROLLBACK"))
	}
	return doing("upgrade database", err)
}

// check says whether the database is new, and refuses one that is not ours.
func (c *conn) check() (empty bool, err error) {
	tables, err := c.int("SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return false, doing("read schema", err)
	}
	app, err := c.int("PRAGMA application_id")
	if err != nil {
		return false, doing("read application id", err)
	}
	v, err := c.int("PRAGMA user_version")
	if err != nil {
		return false, doing("read schema version", err)
	}
	empty, err = schema.Judge(tables, app, v)
	if errors.Is(err, schema.ErrVersion) {
		err = damaged(err)
	}
	return empty, err
}

// pragmas set how the database writes, and read it back: a setting that did not take
// would lose sales and show nothing.
func (c *conn) pragmas(o Options) error {
	sync, want := "FULL", int64(2)
	if o.Unsafe != "" {
		sync, want = o.Unsafe, -1
	}
	for _, p := range []string{
		"busy_timeout=5000", "journal_mode=WAL", "synchronous=" + sync, "secure_delete=ON", "wal_autocheckpoint=0",
		"journal_size_limit=" + strconv.Itoa(walLimit), "cache_size=" + strconv.Itoa(cachePages), "temp_store=MEMORY",
		"foreign_keys=ON",
	} {
		if err := c.exec("PRAGMA " + p); err != nil {
			return doing("set "+p, err)
		}
	}
	mode, err := c.text("PRAGMA journal_mode")
	if err != nil {
		return doing("read journal mode", err)
	}
	got, err := c.int("PRAGMA synchronous")
	if err != nil {
		return doing("read synchronous", err)
	}
	deletes, err := c.int("PRAGMA secure_delete")
	if err != nil {
		return doing("read secure_delete", err)
	}
	if mode != "wal" || want >= 0 && got != want || deletes != 1 {
		return fmt.Errorf("database refuses safe settings: journal_mode=%s synchronous=%d secure_delete=%d",
			mode, got, deletes)
	}
	return nil
}

// create makes the tables and the origin of this database in one transaction.
func (c *conn) create(o Options) error {
	node := o.Node
	if node == "" {
		node = "platz-1"
	}
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return doing("begin", err)
	}
	err := c.Exec(schema.Create +
		fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d;", schema.Application, schema.Version))
	if err == nil {
		err = c.exec("INSERT INTO origin VALUES (1, ?, ?, 1, 0, ?, 0)",
			node, schema.NewIncarnation(), make([]byte, 32))
	}
	if err == nil {
		err = c.exec("COMMIT")
	}
	return doing("make database", err)
}

// checkHead compares the head of the own log with its last record.
func (c *conn) checkHead(seq uint64, hash []byte, id int64) error {
	last, err := c.int("SELECT ifnull(max(seq), 0) FROM record WHERE origin = ?", id)
	if err != nil {
		return doing("read last record", err)
	}
	if uint64(last) != seq {
		return damaged(fmt.Errorf("head says %d records, there are %d", seq, last))
	}
	if seq == 0 {
		return nil
	}
	same, err := c.int("SELECT hash = ? FROM record WHERE origin = ? AND seq = ?", hash, id, seq)
	if err == nil && same != 1 {
		err = damaged(errors.New("head has another hash than the last record"))
	}
	return err
}

// openReader opens a connection that cannot write.
func openReader(o Options) (*conn, error) {
	c, err := connect(o, File, sqlite3.OPEN_READWRITE)
	if err != nil {
		return nil, err
	}
	for _, p := range []string{"busy_timeout=5000", "query_only=ON", "cache_size=" + strconv.Itoa(readerCache)} {
		if err := c.exec("PRAGMA " + p); err != nil {
			return nil, errors.Join(doing("set "+p, err), c.close())
		}
	}
	return c, nil
}

// Claim makes sure that no program works with the data folder and keeps others out
// until release is called.
func Claim(dir string) (release func() error, err error) {
	c, err := takeLock(Options{Dir: dir}.filled())
	if err != nil {
		return nil, explain(err)
	}
	return c.close, nil
}
