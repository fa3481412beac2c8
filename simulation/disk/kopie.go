package disk

import (
	"bytes"
	"slices"
)

// Copy is a disk as it was at one moment, as somebody copies it who knows nothing of what
// lies on it.
type Copy struct{ files map[string][]byte }

// Copy copies what the program sees now. A disk without power is copied as it is found.
func (d *Disk) Copy() Copy {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := Copy{map[string][]byte{}}
	for _, name := range sorted(d.files) {
		if img := d.files[name]; img.exists {
			c.files[name] = slices.Clone(img.current)
		}
	}
	return c
}

// Put puts a copy in the place of all that is on the disk; the zero Copy is an empty disk.
// What was open is void.
func (d *Disk) Put(c Copy) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files = map[string]*image{}
	for name, b := range c.files {
		d.files[name] = &image{current: slices.Clone(b), durable: slices.Clone(b), exists: true, existed: true}
	}
	d.dead, d.faults, d.ops, d.syncs = false, Faults{}, 0, 0
	d.power++
	d.forgetMemory()
}

// Contains reports whether the bytes stand in a file on the disk.
func (d *Disk) Contains(b []byte) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, img := range d.files {
		if img.exists && bytes.Contains(img.current, b) {
			return true
		}
	}
	return false
}
