package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/ncruces/go-sqlite3"
)

// withBallast runs f, and once more with the room of the ballast if the disk is full.
func (s *Store) withBallast(f func() error) error {
	err := s.opt.roomless(f())
	if full(err) && s.ballast.release() || mayBeFull(err) && s.ballast.gaveWay() {
		err = s.opt.roomless(f())
	}
	return err
}

// roomless says that an error of the disk is really its lack of room, or that it may
// only be read: the driver reports a write that was not possible as any other failure.
func (o Options) roomless(err error) error {
	if o.VFS != "" || !mayBeFull(err) || full(err) {
		return err
	}
	probe := writeZeros(filepath.Join(o.Dir, probeFile), probeSize)
	switch {
	case noRoom(probe):
		err = fmt.Errorf("%w: %w", sqlite3.FULL, err)
	case errors.Is(probe, os.ErrPermission) || errors.Is(probe, syscall.EROFS):
		err = fmt.Errorf("%w: %w", sqlite3.READONLY, err)
	}
	_ = os.Remove(filepath.Join(o.Dir, probeFile)) // next time it is overwritten
	return err
}

// mayBeFull reports whether want of room may be behind an error.
func mayBeFull(err error) bool {
	return full(err) || errors.Is(err, sqlite3.IOERR) || errors.Is(err, sqlite3.CANTOPEN)
}

// What a full disk is called: by POSIX, and by Windows (ERROR_DISK_FULL,
// ERROR_HANDLE_DISK_FULL).
func noRoom(err error) bool {
	n, ok := errors.AsType[syscall.Errno](err)
	return ok && (n == syscall.ENOSPC || n == syscall.EDQUOT || windows && (n == 112 || n == 39))
}

const windows = os.PathSeparator == '\\'

// ballast is a file that gives its room to the running sale when the disk is full.
type ballast struct {
	name string
	size int64

	mu       sync.Mutex
	released bool
	yielded  bool // took the last room while it was filled, and gave it back
}

func newBallast(o Options) *ballast {
	if o.Ballast <= 0 {
		return nil
	}
	return &ballast{name: filepath.Join(o.Dir, ballastFile), size: o.Ballast}
}

// fill makes the file as large as it should be. On a disk that is already full it
// gives back what it took.
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
	if writeZeros(b.name, b.size) != nil {
		_ = os.Truncate(b.name, 0) // without ballast all works but the last sale on a full disk
		b.yielded = true
	}
}

// writeZeros writes a file of a size and flushes it.
func writeZeros(name string, size int64) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // only its kind counts
	}
	block := make([]byte, 1<<16)
	for left := size; left > 0 && err == nil; left -= int64(len(block)) {
		_, err = f.Write(block[:min(left, int64(len(block)))])
	}
	return errors.Join(err, f.Sync(), f.Close())
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

// gaveWay reports once that there was no room only because the ballast was being
// filled on a disk too small for it; it waits until that is over.
func (b *ballast) gaveWay() bool {
	if b == nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	yes := b.yielded
	b.yielded = false
	return yes
}
