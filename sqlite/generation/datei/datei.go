// Package datei is what a folder of generations needs of the file system.
package datei

import (
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

var (
	errEmpty = errors.New("file is empty")
	errSize  = errors.New("file has another size than its manifest says")
)

// Datei is a file of an open generation: it is held open, so that it can be told from one
// that takes its name, and asked whether somebody writes into it.
type Datei struct {
	f     *os.File
	size  int64
	mtime time.Time
}

// Open opens a file that must have a size.
func Open(name string, size int64) (*Datei, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(name), err)
	}
	fi, err := f.Stat()
	if err == nil && fi.Size() != size {
		err = errSize
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Datei{f: f, size: size, mtime: fi.ModTime()}, nil
}

// Same says whether the name still means this file.
func (d *Datei) Same() bool {
	now, err := os.Stat(d.f.Name())
	mine, err2 := d.f.Stat()
	return err == nil && err2 == nil && os.SameFile(now, mine)
}

// Unchanged says whether nobody has written into the file since it was opened.
func (d *Datei) Unchanged() bool {
	fi, err := d.f.Stat()
	return err == nil && fi.Size() == d.size && fi.ModTime().Equal(d.mtime)
}

// Small reads a file of keys or a manifest; more than it may have is cut off.
func Small(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err //nolint:wrapcheck // its kind counts; the caller says what it read
	}
	defer f.Close()                                           //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(f, signatur.MaxDatei+1)) //nolint:wrapcheck // as above
}

// Hash adds the contents of a file to a sum and returns its size.
func Hash(abbruch func() error, h hash.Hash, name string) (int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", filepath.Base(name), err)
	}
	defer f.Close() //nolint:errcheck // only read
	n, err := io.Copy(h, reader{abbruch, f})
	if err != nil {
		return n, fmt.Errorf("read %s: %w", filepath.Base(name), err)
	}
	return n, nil
}

// SyncFile makes what was written durable.
func SyncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("sync %s: %w", filepath.Base(name), err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", filepath.Base(name), err)
	}
	return nil
}

// Copy copies a file and makes it durable.
func Copy(abbruch func() error, from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fault.New(fault.Corrupt, "A-416", "Der Katalog „"+filepath.Base(filepath.Dir(from))+"“ ist beschädigt; "+
			"bitte neu einspielen oder mit „offizin catalogue remove“ entfernen.", err)
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.Create(to)
	if err != nil {
		return fmt.Errorf("make %s: %w", filepath.Base(to), err)
	}
	_, err = io.Copy(out, reader{abbruch, in})
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", filepath.Base(to), err)
	}
	return nil
}

// Move moves a file that is durable.
func Move(_ func() error, from, to string) error {
	if err := platte.Rename(from, to); err != nil {
		return fmt.Errorf("move %s: %w", filepath.Base(to), err)
	}
	return nil
}

// Close closes the file.
func (d *Datei) Close() error { return d.f.Close() } //nolint:wrapcheck // only read

// reader ends a long reading when it is called off.
type reader struct {
	abbruch func() error
	io.Reader
}

func (a reader) Read(b []byte) (int, error) {
	if err := a.abbruch(); err != nil {
		return 0, err
	}
	return a.Reader.Read(b) //nolint:wrapcheck // wrapped by the caller
}
