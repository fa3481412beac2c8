package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
)

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
	if b.write() != nil {
		_ = os.Truncate(b.name, 0) // without ballast all works but the last sale on a full disk
	}
}

func (b *ballast) write() error {
	f, err := os.OpenFile(b.name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // only whether it worked counts
	}
	block := make([]byte, 1<<20)
	for left := b.size; left > 0 && err == nil; left -= int64(len(block)) {
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
