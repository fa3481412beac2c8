package platte

import (
	"os"
	"path/filepath"
	"sync"
)

// Ballast is a file that gives its room to the running sale when the disk is full.
type Ballast struct {
	name string
	size int64

	mu       sync.Mutex
	released bool
}

// NewBallast returns a ballast of a size in bytes, which is not filled yet; nil, of which
// nothing comes, if the size is not positive.
func NewBallast(name string, size int64) *Ballast {
	if size <= 0 {
		return nil
	}
	return &Ballast{name: name, size: size}
}

// Fill makes the file as large as it should be. It takes at most half of what is free:
// what is written meanwhile, such as a catalogue, must not find the disk full because of
// it. Without ballast all works but the last sales on a full disk.
func (b *Ballast) Fill() {
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
	if free, _, err := Frei(filepath.Dir(b.name)); err != nil || free < 2*b.size {
		return
	}
	if WriteZeros(b.name, b.size) != nil {
		_ = os.Truncate(b.name, 0) // a quota, or somebody was faster
	}
}

// Release gives the room back; false if there was none left to give. It is filled
// again at the next start.
func (b *Ballast) Release() bool {
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
