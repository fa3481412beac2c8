package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/platte"
)

// withBallast runs f, and once more with the room of the ballast if the disk is full.
func (s *Store) withBallast(f func() error) error {
	err := s.opt.roomless(f())
	if full(err) && s.ballast.release() {
		err = s.opt.roomless(f())
	}
	return err
}

// roomless says that an error of the disk is really its lack of room, or that it may
// only be read: the driver reports a write that was not possible as any other failure.
func (o Options) roomless(err error) error {
	if o.VFS != "" || !errors.Is(err, sqlite3.IOERR) && !errors.Is(err, sqlite3.CANTOPEN) {
		return err
	}
	switch why := platte.Hindernis(o.Dir); {
	case errors.Is(why, platte.ErrVoll):
		return fmt.Errorf("%w: %w", sqlite3.FULL, err)
	case errors.Is(why, platte.ErrNurLesen), o.forbidden():
		return fmt.Errorf("%w: %w", sqlite3.READONLY, err)
	}
	return err
}

// forbidden reports whether a file of the journal may not be written by this user.
func (o Options) forbidden() bool {
	for _, name := range []string{File, File + "-wal", lockFile} {
		f, err := os.OpenFile(filepath.Join(o.Dir, name), os.O_RDWR, 0)
		if err == nil {
			_ = f.Close() // nothing was written
		}
		if errors.Is(err, os.ErrPermission) {
			return true
		}
	}
	return false
}

// ballast is a file that gives its room to the running sale when the disk is full.
type ballast struct {
	name string
	size int64

	mu       sync.Mutex
	released bool
}

func newBallast(o Options) *ballast {
	if o.Ballast <= 0 {
		return nil
	}
	return &ballast{name: filepath.Join(o.Dir, ballastFile), size: o.Ballast}
}

// fill makes the file as large as it should be. It takes at most half of what is free:
// what is written meanwhile, such as a catalogue, must not find the disk full because of
// it. Without ballast all works but the last sales on a full disk.
func (b *ballast) fill() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.released {
		return
	}
	if fi, err := os.Stat(b.name); err == nil && fi.Size() == b.size {
		return
	}
	if free, _, err := platte.Frei(filepath.Dir(b.name)); err != nil || free < 2*b.size {
		return
	}
	if platte.WriteZeros(b.name, b.size) != nil {
		_ = os.Truncate(b.name, 0) // a quota, or somebody was faster
	}
}

// release gives the room back; false if there was none left to give. It is filled
// again at the next start.
func (b *ballast) release() bool {
	if b == nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	fi, err := os.Stat(b.name)
	if err != nil || fi.Size() == 0 {
		return false
	}
	b.released = true
	return os.Truncate(b.name, 0) == nil
}
