package sqlite

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/offizin/offizin/sqlite/wal"
)

// logFile is what has to be done with the log file besides the database.
type logFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Sync() error
}

// rewriteLog writes the log file over with what can be read of it, and waits until it
// lies on the disk. After a sync that failed a further one may do nothing: Linux counts
// the pages as clean and keeps showing them until the power goes. To trust such a log, and
// to move it into the database, could lose what was acknowledged. The same holds for a
// log that a program left that died. The caller has the right to write.
func (o Options) rewriteLog() (err error) {
	f, err := o.openLog()
	if f == nil || err != nil {
		return doing("open the log", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	block := make([]byte, 1<<16)
	for off := int64(0); ; {
		n, err := f.ReadAt(block, off)
		if _, err := f.WriteAt(block[:n], off); err != nil {
			return doing("write the log over", err)
		}
		off += int64(n)
		if errors.Is(err, io.EOF) {
			return doing("sync the log", f.Sync())
		}
		if err != nil {
			return doing("read the log", err)
		}
	}
}

// soundLog reports damage of the log file.
func (o Options) soundLog() error {
	f, err := o.openLog()
	if f == nil || err != nil {
		return doing("open the log", err)
	}
	err = wal.Check(f)
	if errors.Is(err, wal.ErrBroken) {
		err = damaged(err)
	}
	return errors.Join(err, f.Close())
}

// openLog opens the log file; nil if there is none.
func (o Options) openLog() (logFile, error) {
	name := filepath.Join(o.Dir, File+"-wal")
	if o.VFS != "" {
		return openSimulated(vfs.Find(o.VFS), name)
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

func openSimulated(disk vfs.VFS, name string) (logFile, error) {
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
