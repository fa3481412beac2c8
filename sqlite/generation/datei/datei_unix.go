//go:build unix

package datei

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Map maps a file for reading; its pages belong to the system, not to the process.
func Map(name string) (b []byte, unmap func() error, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("open search index: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	fi, err := f.Stat()
	if err != nil || fi.Size() == 0 {
		return nil, nil, errors.Join(errEmpty, err)
	}
	b, err = syscall.Mmap(int(f.Fd()), 0, int(fi.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, fmt.Errorf("map search index: %w", err)
	}
	return b, func() error { return syscall.Munmap(b) }, nil
}

// SyncDir makes a new name durable.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
