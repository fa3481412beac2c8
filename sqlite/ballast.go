package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/ort"
)

// withBallast runs f, and once more with the room of the ballast if the disk is full.
func (s *Store) withBallast(f func() error) error {
	err := s.opt.roomless(f())
	if full(err) && s.ballast.Release() {
		err = s.opt.roomless(f())
	}
	return err
}

// roomless says that an error of the disk is really its lack of room, or that it may
// only be read: the driver reports a write that was not possible as any other failure.
func (o Options) roomless(err error) error {
	if o.VFS != "" || !errors.Is(err, sqlite3.IOERR) && !errors.Is(err, sqlite3.CANTOPEN) {
		return err
	}
	switch why := platte.Hindernis(o.Dir); {
	case errors.Is(why, platte.ErrVoll):
		return fmt.Errorf("%w: %w", sqlite3.FULL, err)
	case errors.Is(why, platte.ErrNurLesen), ort.Forbidden(o.Dir, File, File+"-wal", lockFile):
		return fmt.Errorf("%w: %w", sqlite3.READONLY, err)
	}
	return err
}

func newBallast(o Options) *platte.Ballast {
	return platte.NewBallast(filepath.Join(o.Dir, ballastFile), o.Ballast)
}
