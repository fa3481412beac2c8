package sqlite

import (
	"path/filepath"

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

// roomless is ort.Roomless for the files of the journal.
func (o Options) roomless(err error) error {
	if o.VFS != "" {
		return err
	}
	return ort.Roomless(err, o.Dir, File, File+"-wal", lockFile)
}

func newBallast(o Options) *platte.Ballast {
	return platte.NewBallast(filepath.Join(o.Dir, ballastFile), o.Ballast)
}
