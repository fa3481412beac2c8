package sqlite

import (
	"errors"
	"path/filepath"

	"github.com/offizin/offizin/sqlite/wal"
)

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
	return doing("secure the log", wal.Rewrite(f))
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
func (o Options) openLog() (wal.File, error) {
	return wal.Open(o.VFS, filepath.Join(o.Dir, File+"-wal"))
}
