package sqlite

import (
	"context"
	"errors"

	"github.com/ncruces/go-sqlite3"
)

// start begins the work beside the acts: moving the log file into the database, keeping the
// ballast, building read models anew.
func (s *Store) start(ctx context.Context) {
	if s.opt.Inline {
		return
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = cancel
	s.done.Go(func() {
		s.ballast.Fill()
		s.background(ctx)
	})
	s.done.Go(func() { s.build(ctx) })
}

func (s *Store) background(ctx context.Context) {
	var c *conn
	defer func() {
		if c != nil {
			_ = c.close() // nothing is pending on it
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		if c == nil {
			var err error
			if c, err = openCheckpointer(s.opt); err != nil {
				continue // the appending goroutine does it when the log grows too long
			}
		}
		s.move(c)
	}
}

// move moves the log into the database as far as readers let it; what is left is for the
// next time. If the disk fails, the log is written over before the next act.
func (s *Store) move(c *conn) {
	_, _, err := c.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE)
	if errors.Is(err, sqlite3.IOERR) {
		s.unsynced.Store(true)
	}
}

// openCheckpointer opens a connection that moves the log without holding up acts. It
// syncs as the writer does.
func openCheckpointer(o Options) (*conn, error) {
	c, err := connect(o, File, sqlite3.OPEN_READWRITE)
	if err != nil {
		return nil, err
	}
	if err := c.pragmas(o); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// secure makes durable whatever can be read: a program that died between writing and
// flushing has left records behind that a repeated act would take for durable. A disk
// without room stops only the second half of it, moving the log into the database.
func (c *conn) secure(mode sqlite3.CheckpointMode) error {
	_, _, err := c.WALCheckpoint("main", mode)
	if full(err) || errors.Is(err, sqlite3.BUSY) {
		return nil
	}
	return doing("secure the log", err)
}

// afterWrite looks after the log file. The caller has the right to write.
func (s *Store) afterWrite() {
	if s.writer == nil || s.doubt {
		return
	}
	pages := s.walPages.Load()
	switch {
	case s.truncate.Load():
		s.empty()
	case pages >= hardCheckpoint, s.opt.Inline && pages >= int64(s.opt.CheckpointPages):
		s.move(s.writer)
	case pages >= int64(s.opt.CheckpointPages):
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// empty removes everything from the log file, in which an erased key may still stand.
// While somebody reads an older moment that is not possible; the next act tries again.
func (s *Store) empty() {
	_ = s.writer.BusyTimeout(0) // an act must not wait for a reader
	_, _, err := s.writer.WALCheckpoint("main", sqlite3.CHECKPOINT_TRUNCATE)
	_ = s.writer.BusyTimeout(busyTimeout)
	if errors.Is(err, sqlite3.IOERR) {
		s.unsynced.Store(true)
	}
	if err == nil {
		s.truncate.Store(false)
		s.walPages.Store(0)
	}
}
