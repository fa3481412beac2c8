// Package ort remembers where the files of a journal lay when they were opened.
package ort

import (
	"errors"
	"os"
	"path/filepath"
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
