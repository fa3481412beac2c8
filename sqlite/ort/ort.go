// Package ort remembers where the files of a journal lay when they were opened.
package ort

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/platte"
)

// Files are files as they were opened.
type Files []file

type file struct {
	name string
	was  os.FileInfo
}

// Mark remembers those of the files that are there.
func Mark(names ...string) (list Files) {
	for _, name := range names {
		if was, err := os.Stat(name); err == nil {
			list = append(list, file{name, was})
		}
	}
	return list
}

// Missing is the first file that lies there no more; empty: all do. What else is wrong with the
// disk shows when it is written to.
func (list Files) Missing() string {
	for _, f := range list {
		now, err := os.Stat(f.name)
		if errors.Is(err, os.ErrNotExist) || err == nil && !os.SameFile(now, f.was) {
			return f.name
		}
	}
	return ""
}

// Forbidden reports whether one of the files in a folder may not be written by this user.
func Forbidden(dir string, names ...string) bool {
	for _, name := range names {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
		if err == nil {
			_ = f.Close() // nothing was written
		}
		if errors.Is(err, os.ErrPermission) {
			return true
		}
	}
	return false
}

// Roomless says that an error of the disk is really its lack of room, or that it, or one of its files, may
// only be read: the driver reports a write that was not possible as any other failure.
func Roomless(err error, dir string, names ...string) error {
	if !errors.Is(err, sqlite3.IOERR) && !errors.Is(err, sqlite3.CANTOPEN) {
		return err
	}
	switch why := platte.Hindernis(dir); {
	case errors.Is(why, platte.ErrVoll):
		return fmt.Errorf("%w: %w", sqlite3.FULL, err)
	case errors.Is(why, platte.ErrNurLesen), Forbidden(dir, names...):
		return fmt.Errorf("%w: %w", sqlite3.READONLY, err)
	}
	return err
}
