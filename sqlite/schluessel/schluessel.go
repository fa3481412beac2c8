// Package schluessel keeps the key of a node: in a file of its data folder, or locked away in the
// key store of the system.
package schluessel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal/seal"
)

// File is the name of the key file in the data folder.
const File = "knoten.key"

// ErrFile reports a key file that is missing, cannot be read or has the wrong size.
var ErrFile = errors.New("no key file to be used")

// Read reads the key file and makes it if it may be new.
func Read(name string, mayMake bool) (*seal.Key, error) {
	b, err := os.ReadFile(name)
	switch {
	case err == nil && len(b) == len(seal.Key{}):
		key := seal.Key(b)
		return &key, nil
	case err == nil && (!mayMake || len(b) > 0):
		return nil, ErrFile
	case err != nil && (!mayMake || !errors.Is(err, os.ErrNotExist)):
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return create(name)
}

// Write keeps a key that came back from elsewhere. What lies there is set aside, with the ending
// ".alt": it may be the key of another folder.
func Write(name string, key seal.Key) error {
	if err := platte.Rename(name, name+".alt"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("set key file aside: %w", err)
	}
	if err := platte.Replace(name, key[:]); err != nil { // 0600, as every temporary file
		return fmt.Errorf("write key file: %w", err)
	}
	return nil
}

func create(name string) (*seal.Key, error) {
	key := seal.New()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make key of the node: %w", err)
	}
	_, err = f.Write(key[:])
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write key of the node: %w", err)
	}
	syncFolder(filepath.Dir(name))
	return &key, nil
}

// syncFolder makes a new name in a folder durable. Windows does that by itself and
// refuses to be asked.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}
