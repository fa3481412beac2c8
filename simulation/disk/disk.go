// Package disk simulates a disk beneath the database driver: it loses power, tears
// writes, fills up, fails and lies, always the same way for the same seed.
//
// What is written is visible at once and durable only after a sync. A power cut keeps
// everything durable and, of the rest, a random part of the sectors.
package disk

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// sectorSize is what a disk writes whole or not at all.
const sectorSize = 512

// Faults is how a disk misbehaves. The zero value is a good disk.
type Faults struct {
	CutAt    int   // the power goes at this operation; 0: never
	FailAt   int   // this operation fails once; 0: never
	FailSync int   // this sync fails once; 0: never
	Capacity int64 // bytes of all files together; 0: no limit
	Lie      bool  // a sync is acknowledged without being done
}

// Disk is a simulated disk, registered with the database driver under its name.
type Disk struct {
	name string
	shm  string // folder for the index that all connections share in memory

	mu     sync.Mutex
	files  map[string]*image
	rand   *rand.Rand
	faults Faults
	ops    int // writing operations since the faults were set
	syncs  int // those of them that are syncs
	dead   bool
	power  int // how often the program began anew; files opened before are void
}

// image is one file: what the program sees, what is durable, and what lies between.
type image struct {
	current, durable []byte
	pending          []write
	exists, existed  bool // now, and at the last sync

	shared              int // locks held by open files
	reserved, upgrading bool
}

// write is one write or truncation that no sync has made durable yet.
type write struct {
	off   int64
	data  []byte
	trunc int64 // new length; −1 for a write
}

// New registers a disk. Dir is a folder of the test for what is memory, not disk.
func New(name, dir string, seed uint64) *Disk {
	d := &Disk{
		name: name, shm: dir, files: map[string]*image{},
		rand: rand.New(rand.NewPCG(seed, 0xd15c)),
	}
	vfs.Register(name, d)
	return d
}

// Close takes the disk from the driver.
func (d *Disk) Close() { vfs.Unregister(d.name) }

// Name is what to call the disk in the options of a store.
func (d *Disk) Name() string { return d.name }

// Set changes how the disk misbehaves from now on; operations count anew.
func (d *Disk) Set(f Faults) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults, d.ops, d.syncs = f, 0, 0
}

// Ops is how many writing operations there were since Set.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ops
}

// Dead reports whether the power is gone.
func (d *Disk) Dead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}

// Cut switches the power off now.
func (d *Disk) Cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
}

// Restore switches the power on again. Each file keeps what is durable and a random
// part of the sectors that were not synced: a write may survive, vanish or tear.
func (d *Disk) Restore() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, name := range sorted(d.files) {
		img := d.files[name]
		img.lose(d)
		left := img.durable
		exists := img.existed || img.exists && d.rand.IntN(2) == 0
		d.files[name] = &image{current: append([]byte(nil), left...), durable: left, exists: exists, existed: exists}
	}
	d.dead, d.faults, d.ops, d.syncs = false, Faults{}, 0, 0
	d.power++
	d.forgetMemory()
}

// Kill is the end of the program alone: what it wrote stays visible, and what it had
// open is void. Whether it is durable has not changed.
func (d *Disk) Kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, img := range d.files {
		d.files[name] = &image{
			current: img.current, durable: img.durable, pending: img.pending, exists: img.exists, existed: img.existed,
		}
	}
	d.power++
	d.forgetMemory()
}

// forgetMemory removes what would not survive in the memory of a machine.
func (d *Disk) forgetMemory() {
	names, _ := filepath.Glob(filepath.Join(d.shm, "*-shm")) // the pattern is well formed
	for _, n := range names {
		_ = os.Remove(n) // the next start makes it anew
	}
}

func (d *Disk) survive(left []byte, w write) []byte {
	if w.trunc >= 0 {
		if d.rand.IntN(2) == 0 {
			left = resize(left, int(w.trunc))
		}
		return left
	}
	for from := 0; from < len(w.data); from += sectorSize {
		if d.rand.IntN(2) == 0 {
			continue
		}
		to := min(from+sectorSize, len(w.data))
		if end := int(w.off) + to; end > len(left) {
			left = resize(left, end)
		}
		copy(left[int(w.off)+from:], w.data[from:to])
	}
	return left
}

// step counts a writing operation and says whether it may go on.
func (d *Disk) step() error {
	if d.dead {
		return sqlite3.IOERR
	}
	d.ops++
	switch d.ops {
	case d.faults.CutAt:
		d.dead = true
		return sqlite3.IOERR
	case d.faults.FailAt:
		return sqlite3.IOERR
	}
	return nil
}

// room reports whether the file may grow to the size.
func (d *Disk) room(img *image, size int64) bool {
	if d.faults.Capacity == 0 || size <= int64(len(img.current)) {
		return true
	}
	used := size - int64(len(img.current))
	for _, f := range d.files {
		if f.exists {
			used += int64(len(f.current))
		}
	}
	return used <= d.faults.Capacity
}

// Used is how many bytes all files have.
func (d *Disk) Used() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	var n int64
	for _, f := range d.files {
		if f.exists {
			n += int64(len(f.current))
		}
	}
	return n
}

// Flip damages one byte of a file, on the medium and for the program.
func (d *Disk) Flip(name string, off int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, img := range d.files {
		if filepath.Base(key) == name && off < len(img.current) && off < len(img.durable) {
			img.current[off] ^= 0x40
			img.durable[off] ^= 0x40
			return nil
		}
	}
	return fmt.Errorf("no byte %d in a file %s", off, name)
}

func resize(b []byte, n int) []byte {
	if n <= len(b) {
		return b[:n]
	}
	return append(b, make([]byte, n-len(b))...)
}
