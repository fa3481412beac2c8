package wal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// File is what has to be done with the log file besides the database.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Sync() error
}

// Open opens the log file of a name, on the disk or on the simulated one that is named; nil if
// there is none.
func Open(disk, name string) (File, error) {
	if disk != "" {
		return openSimulated(vfs.Find(disk), name)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", sqlite3.CANTOPEN, err)
	}
	return realLog{f}, nil
}

// realLog reports its errors as those of the database, which are explained to users.
type realLog struct{ *os.File }

func (f realLog) WriteAt(b []byte, off int64) (int, error) {
	n, err := f.File.WriteAt(b, off)
	return n, failed(err)
}

func (f realLog) Sync() error { return failed(f.File.Sync()) }

func failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", sqlite3.IOERR, err)
}

// simulatedLog is the log file of a simulated disk.
type simulatedLog struct{ vfs.File }

func openSimulated(disk vfs.VFS, name string) (File, error) {
	if there, err := disk.Access(name, vfs.ACCESS_EXISTS); err != nil || !there {
		return nil, err //nolint:wrapcheck // the caller says what it was doing
	}
	f, _, err := disk.Open(name, vfs.OPEN_READWRITE|vfs.OPEN_WAL)
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	return simulatedLog{f}, nil
}

func (f simulatedLog) Sync() error {
	return f.File.Sync(vfs.SYNC_NORMAL) //nolint:wrapcheck // as above
}

// Rewrite writes a file over with what can be read of it, and waits until it lies on the disk.
func Rewrite(f File) error {
	block := make([]byte, 1<<16)
	for off := int64(0); ; {
		n, err := f.ReadAt(block, off)
		if _, err := f.WriteAt(block[:n], off); err != nil {
			return fmt.Errorf("write it over: %w", err)
		}
		off += int64(n)
		if errors.Is(err, io.EOF) {
			return f.Sync()
		}
		if err != nil {
			return fmt.Errorf("read it: %w", err)
		}
	}
}
