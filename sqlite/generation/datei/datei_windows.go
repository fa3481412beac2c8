package datei

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"
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
	h, err := syscall.CreateFileMapping(syscall.Handle(f.Fd()), nil, syscall.PAGE_READONLY, 0, 0, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("map search index: %w", err)
	}
	defer syscall.CloseHandle(h) //nolint:errcheck // the view keeps it open
	addr, err := syscall.MapViewOfFile(h, syscall.FILE_MAP_READ, 0, 0, uintptr(fi.Size()))
	if err != nil {
		return nil, nil, fmt.Errorf("map search index: %w", err)
	}
	b = unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&addr))), int(fi.Size()))
	return b, func() error { return syscall.UnmapViewOfFile(addr) }, nil
}

// SyncDir has nothing to do: the file system keeps the names in its own log.
func SyncDir(string) error { return nil }
