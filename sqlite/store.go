package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/sqlite/fehler"
	"github.com/offizin/offizin/sqlite/ort"
	"github.com/offizin/offizin/sqlite/pool"
	"github.com/offizin/offizin/sqlite/schluessel"
)

// Store is a journal on disk. It is safe for concurrent use; acts wait for each
// other, views do not.
type Store struct {
	opt     Options
	self    atomic.Pointer[journal.Origin]
	key     atomic.Pointer[seal.Key]        // of the node; nil: missing, personal data stay closed
	keyLage atomic.Pointer[schluessel.Lage] // how it is kept, and why it is missing
	lock    *conn                           // keeps other processes out
	readers *pool.Pool[*conn]
	cache   seal.Cache
	ballast *platte.Ballast

	turn     chan struct{} // holds one token: the right to write
	waiting  atomic.Int64  // how many wait for it
	writer   *conn         // nil: to be opened again
	places   ort.Files     // the files as they were opened
	doubt    bool          // the end of the chain must be read again
	end      journal.Chain
	reborn   journal.Origin // the origin that the last Reincarnate was about to begin
	originID int64

	bell     journal.Bell
	walPages atomic.Int64
	truncate atomic.Bool // erased keys may still stand in the log file
	unsynced atomic.Bool // moving the log failed: it may not be durable
	wake     chan struct{}
	anewBell chan struct{}         // read models may have to be built anew
	stuck    atomic.Pointer[error] // what holds that up; nil: nothing
	stop     context.CancelFunc
	views    context.Context //nolint:containedctx // ends what still reads when the journal is closed
	halt     context.CancelFunc
	done     sync.WaitGroup
	closed   atomic.Bool
}

var _ journal.Store = (*Store)(nil)

// Self implements journal.Store.
func (s *Store) Self() journal.Origin { return *s.self.Load() }

// Changed implements journal.Store.
func (s *Store) Changed() <-chan struct{} { return s.bell.Changed() }

// enter waits for the right to write.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait to write: %w", err)
	}
	s.waiting.Add(1)
	defer s.waiting.Add(-1)
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to write: %w", ctx.Err())
	}
	if s.closed.Load() {
		s.leave()
		return explain(journal.ErrClosed)
	}
	return nil
}

func (s *Store) leave() { <-s.turn }

// settle makes sure that the writing connection works and the end of the chain is
// known, after something went wrong before.
func (s *Store) settle() error {
	if s.writer != nil && !s.doubt && !s.unsynced.Load() {
		return nil
	}
	s.drop()
	if err := s.opt.rewriteLog(); err != nil {
		return err
	}
	s.unsynced.Store(false)
	w, err := openWriter(s.opt)
	if err != nil {
		return err
	}
	end, id, err := w.chain()
	if err == nil && end.Origin == s.reborn {
		s.self.Store(&end.Origin)
	}
	if err == nil && end.Origin != s.Self() {
		err = gone()
	}
	if err == nil {
		err = w.secure(sqlite3.CHECKPOINT_PASSIVE)
	}
	if err != nil {
		return errors.Join(err, w.close())
	}
	s.adopt(w)
	s.end, s.originID, s.doubt = end, id, false
	return nil
}

// drop closes the writing connection. The log file may go with it: whoever closes the last
// connection removes it.
func (s *Store) drop() {
	if s.writer != nil {
		_ = s.writer.close() // whatever state it is in
		s.writer = nil
		s.mark(s.opt.file())
	}
}

func (s *Store) adopt(w *conn) {
	w.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		s.walPages.Store(int64(pages))
		return nil
	})
	s.writer = w
	s.mark(s.opt.file(), s.opt.file()+"-wal")
}

// transact runs f in a writing transaction; all of it or nothing. The caller has
// the right to write. committed is set as soon as there may be no way back.
func (s *Store) transact(f func(*conn) error) (committed bool, err error) {
	if err := s.inPlace(); err != nil {
		return false, err
	}
	if err := s.settle(); err != nil {
		return false, err
	}
	w := s.writer
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		s.doubt = true
		return false, doing("begin", err)
	}
	open := true
	defer func() { // also when f panics
		if open {
			s.rollback()
		}
	}()
	if err = f(w); err == nil && w.GetAutocommit() {
		err = doing("commit", sqlite3.ABORT) // it was rolled back by itself, and nobody said so
	}
	if err != nil {
		s.doubt = s.doubt || fehler.Database(err)
		return false, err
	}
	err = w.exec("COMMIT")
	open = !w.GetAutocommit()
	if err != nil {
		s.doubt = true
	}
	return true, doing("commit", err)
}

func (s *Store) rollback() {
	w := s.writer
	if w.GetAutocommit() { // the database has rolled back by itself
		return
	}
	if err := w.exec("ROLLBACK"); err != nil {
		s.doubt = true
	}
}

// abschied is how long views that are running may go on when the journal is closed. An export, or a
// Notfallmappe, reads for minutes, whether somebody waits for it or not.
const abschied = time.Second

// Close ends the work of the journal and closes its files. Acts that are running end first; views as
// well, or they are broken off after a second.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.stop()
	s.done.Wait()
	s.turn <- struct{}{}
	defer s.leave()
	late := time.AfterFunc(abschied, s.halt)
	defer late.Stop()
	err := s.readers.Close()
	if s.writer != nil {
		err = errors.Join(err, s.writer.close())
		s.writer = nil
	}
	return errors.Join(err, s.lock.close())
}
