package platte

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrAnlegen says that a new file could not be made: it is there already, its folder is not, or
// nothing may be written there.
var ErrAnlegen = errors.New("new file not made")

// neuAnfang is how the name begins that a new file has until it is whole.
const neuAnfang = ".offizin-neu-"

// Neu writes a file that must not be there yet, for its owner only, and syncs it. It has its name
// when it is whole: neither an error nor the death of the program leaves half of it. What a program
// that was killed left in the folder is removed. The error is ErrAnlegen or that of write.
func Neu(name string, write func(io.Writer) error) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%w: %w", ErrAnlegen, os.ErrExist)
	}
	dir := filepath.Dir(name)
	RemoveDead(dir, neuAnfang)
	f, err := os.CreateTemp(dir, neuAnfang+"*"+zwischen)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnlegen, err)
	}
	halten(f)
	w := bufio.NewWriterSize(f, 1<<16)
	if err = write(w); err == nil {
		err = errors.Join(w.Flush(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = benennen(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// benennen gives a file its name, if no other one has it.
func benennen(from, to string) error {
	err := os.Link(from, to)
	switch {
	case errors.Is(err, os.ErrExist):
		return fmt.Errorf("%w: %w", ErrAnlegen, err)
	case err == nil:
		err = os.Remove(from)
	default: // a file system without links, as on most sticks
		f, made := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if made != nil {
			return fmt.Errorf("%w: %w", ErrAnlegen, made)
		}
		if err = errors.Join(f.Close(), os.Rename(from, to)); err != nil {
			err = errors.Join(err, os.Remove(to))
		}
	}
	if err != nil {
		return fmt.Errorf("name %s: %w", filepath.Base(to), err)
	}
	return syncDir(filepath.Dir(to))
}

func syncDir(dir string) error {
	if windows {
		return nil // it has no folder to sync
	}
	d, err := os.Open(dir)
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return fmt.Errorf("sync folder %s: %w", filepath.Base(dir), err)
	}
	return nil
}

// frisch is how long a file on the way is left alone: whoever made it may not hold it yet.
const frisch = time.Minute

// RemoveDead removes from a folder the files on the way, with names that begin so, of programs
// that are dead. What another program holds, what is new, and what has another name stays.
func RemoveDead(dir, anfang string) {
	now, err := jetzt(dir)
	if err != nil {
		return // nothing can be written here, so nothing removed
	}
	entries, _ := os.ReadDir(dir) // what cannot be listed cannot be removed
	for _, e := range entries {
		if !e.Type().IsRegular() || !eigen(e.Name(), anfang) {
			continue
		}
		name := filepath.Join(dir, e.Name())
		if fi, err := e.Info(); err == nil && now.Sub(fi.ModTime()) >= frisch && !gehalten(name) {
			_ = os.Remove(name) // next time
		}
	}
}

// jetzt is the time of the folder's file system, which is the one that its files have.
func jetzt(dir string) (time.Time, error) {
	f, err := os.CreateTemp(dir, neuAnfang+"*"+zwischen)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask for the time of a folder: %w", err)
	}
	fi, err := f.Stat()
	err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	if err != nil {
		return time.Time{}, fmt.Errorf("ask for the time of a folder: %w", err)
	}
	return fi.ModTime(), nil
}

// eigen says whether a name is one that we give to files on the way: a beginning, digits, an end.
func eigen(name, anfang string) bool {
	rest, begins := strings.CutPrefix(name, anfang)
	digits, ends := strings.CutSuffix(rest, zwischen)
	return begins && ends && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// ordnerAnfang is how the name begins that a new folder has until it is whole.
const ordnerAnfang = ".offizin-ordner-"

// alt is how old a folder is that nobody fills any more.
const alt = 24 * time.Hour

// NeuerOrdner makes a folder that must not be there yet, for its owner only: fill writes into it
// under another name, and it has its own when it is whole. What fill could not finish is removed,
// and what a killed program left there a day ago or more. The error is ErrAnlegen or that of fill.
func NeuerOrdner(name string, fill func(dir string) error) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%w: %w", ErrAnlegen, os.ErrExist)
	}
	parent := filepath.Dir(filepath.Clean(name))
	alteOrdner(parent)
	dir, err := os.MkdirTemp(parent, ordnerAnfang+"*"+zwischen)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnlegen, err)
	}
	if err = fill(dir); err == nil {
		err = errors.Join(syncDir(dir), os.Rename(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	return syncDir(parent)
}

func alteOrdner(parent string) {
	now, err := jetzt(parent)
	if err != nil {
		return
	}
	entries, _ := os.ReadDir(parent) // what cannot be listed cannot be removed
	for _, e := range entries {
		fi, err := e.Info()
		if err == nil && fi.IsDir() && eigen(e.Name(), ordnerAnfang) && now.Sub(fi.ModTime()) >= alt {
			_ = os.RemoveAll(filepath.Join(parent, e.Name())) // next time
		}
	}
}
