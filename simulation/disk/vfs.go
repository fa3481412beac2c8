package disk

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Open implements vfs.VFS.
func (d *Disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return nil, flags, sqlite3.CANTOPEN
	}
	if name == "" {
		name = "temp-" + strconv.Itoa(d.power) + "-" + strconv.Itoa(len(d.files))
	}
	img := d.files[name]
	if img == nil || !img.exists {
		if flags&vfs.OPEN_CREATE == 0 {
			return nil, flags, sqlite3.CANTOPEN
		}
		if d.step() != nil {
			return nil, flags, sqlite3.CANTOPEN
		}
		img = &image{exists: true}
		d.files[name] = img
	}
	f := &file{disk: d, image: img, power: d.power}
	f.memory = vfs.NewSharedMemory(filepath.Join(d.shm, d.name+"-"+filepath.Base(name)+"-shm"), flags)
	return f, flags, nil
}

// Delete implements vfs.VFS. A deletion is durable at once, as on a file system with
// a journal whose folder was synced.
func (d *Disk) Delete(name string, _ bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	if img := d.files[name]; img == nil || !img.exists {
		return sqlite3.IOERR_DELETE_NOENT
	}
	delete(d.files, name)
	return nil
}

// Access implements vfs.VFS.
func (d *Disk) Access(name string, _ vfs.AccessFlag) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	img := d.files[name]
	return img != nil && img.exists, nil
}

// FullPathname implements vfs.VFS.
func (d *Disk) FullPathname(name string) (string, error) { return name, nil }

// file is an open file on the disk. One that was opened before the power went is void.
type file struct {
	disk   *Disk
	image  *image
	power  int
	lock   vfs.LockLevel
	memory vfs.SharedMemory
}

// SharedMemory implements vfs.FileSharedMemory.
func (f *file) SharedMemory() vfs.SharedMemory { return f.memory }

// gone reports whether the file can no longer be used. The caller holds the mutex.
func (f *file) gone() bool { return f.disk.dead || f.power != f.disk.power }

// Close implements vfs.File.
func (f *file) Close() error {
	err := f.Unlock(vfs.LOCK_NONE)
	if f.memory != nil {
		_ = f.memory.Close() // memory, not disk
	}
	return err
}

// ReadAt implements vfs.File.
func (f *file) ReadAt(b []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.gone() {
		return 0, sqlite3.IOERR_READ
	}
	if off >= int64(len(f.image.current)) {
		return 0, io.EOF
	}
	n := copy(b, f.image.current[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt implements vfs.File. The write that a power cut hits stays pending: part of
// it may have reached the medium.
func (f *file) WriteAt(b []byte, off int64) (int, error) {
	d := f.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.gone() {
		return 0, sqlite3.IOERR_WRITE
	}
	w := write{off: off, data: slices.Clone(b), trunc: -1}
	if d.step() != nil {
		if d.dead {
			f.image.pending = append(f.image.pending, w)
		}
		return 0, sqlite3.IOERR_WRITE
	}
	end := off + int64(len(b))
	if !d.room(f.image, end) {
		return 0, sqlite3.FULL
	}
	if end > int64(len(f.image.current)) {
		f.image.current = resize(f.image.current, int(end))
	}
	copy(f.image.current[off:], b)
	f.image.pending = append(f.image.pending, w)
	return len(b), nil
}

// Truncate implements vfs.File.
func (f *file) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.gone() {
		return sqlite3.IOERR_TRUNCATE
	}
	if err := f.disk.step(); err != nil {
		return sqlite3.IOERR_TRUNCATE
	}
	if !f.disk.room(f.image, size) {
		return sqlite3.FULL
	}
	f.image.current = resize(f.image.current, int(size))
	f.image.pending = append(f.image.pending, write{trunc: size})
	return nil
}

// Sync implements vfs.File. What a failed sync did not write is never tried again, as
// with the page cache of Linux: it stays visible until the power goes.
func (f *file) Sync(vfs.SyncFlag) error {
	d, img := f.disk, f.image
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.gone() {
		return sqlite3.IOERR_FSYNC
	}
	d.syncs++
	if err := d.step(); err != nil || d.syncs == d.faults.FailSync {
		if !d.dead {
			img.lose(d)
		}
		return sqlite3.IOERR_FSYNC
	}
	if d.faults.Lie {
		return nil
	}
	for _, w := range img.pending {
		img.durable = apply(img.durable, w)
	}
	img.pending, img.existed = nil, img.exists
	return nil
}

// lose forgets what is not durable yet but for a random part.
func (img *image) lose(d *Disk) {
	for _, w := range img.pending {
		img.durable = d.survive(img.durable, w)
	}
	img.pending = nil
}

// apply makes one write durable as a whole.
func apply(b []byte, w write) []byte {
	if w.trunc >= 0 {
		return resize(b, int(w.trunc))
	}
	if end := int(w.off) + len(w.data); end > len(b) {
		b = resize(b, end)
	}
	copy(b[w.off:], w.data)
	return b
}

// Size implements vfs.File.
func (f *file) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.gone() {
		return 0, sqlite3.IOERR_FSTAT
	}
	return int64(len(f.image.current)), nil
}

// Lock implements vfs.File, as several connections of one process need it.
func (f *file) Lock(lock vfs.LockLevel) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.gone() {
		return sqlite3.IOERR_LOCK
	}
	if f.lock >= lock {
		return nil
	}
	switch lock {
	case vfs.LOCK_SHARED:
		if f.image.upgrading {
			return sqlite3.BUSY
		}
		f.image.shared++
	case vfs.LOCK_RESERVED:
		if f.image.reserved {
			return sqlite3.BUSY
		}
		f.image.reserved = true
	case vfs.LOCK_EXCLUSIVE:
		f.lock, f.image.upgrading = vfs.LOCK_PENDING, true
		if f.image.shared > 1 {
			return sqlite3.BUSY
		}
	case vfs.LOCK_NONE, vfs.LOCK_PENDING: // never asked for
	}
	f.lock = lock
	return nil
}

// Unlock implements vfs.File.
func (f *file) Unlock(lock vfs.LockLevel) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.lock <= lock {
		return nil
	}
	if f.lock >= vfs.LOCK_RESERVED {
		f.image.reserved = false
	}
	if f.lock >= vfs.LOCK_PENDING {
		f.image.upgrading = false
	}
	if lock < vfs.LOCK_SHARED {
		f.image.shared--
	}
	f.lock = lock
	return nil
}

// CheckReservedLock implements vfs.File.
func (f *file) CheckReservedLock() (bool, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return f.image.reserved, nil
}

// SectorSize implements vfs.File.
func (*file) SectorSize() int { return sectorSize }

// DeviceCharacteristics implements vfs.File: a disk that promises nothing.
func (*file) DeviceCharacteristics() vfs.DeviceCharacteristic { return 0 }

func sorted(files map[string]*image) []string { return slices.Sorted(maps.Keys(files)) }
