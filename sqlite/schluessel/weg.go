package schluessel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal/seal"
)

// Wegschliessen locks the key of a data folder away in a key store and removes its file once the
// store has given it back from the new one. J-326: the store did not, and nothing has changed. It may
// be repeated, also after it was broken off anywhere.
func Wegschliessen(ctx context.Context, dir string, s keystore.Store, key seal.Key) error {
	wrapped, err := keystore.Ask(ctx, func(ctx context.Context) ([]byte, error) { return s.Wrap(ctx, key[:]) })
	if err == nil {
		err = gibt(ctx, s, wrapped, key)
	}
	name := filepath.Join(dir, s.File())
	if err == nil {
		err = platte.Replace(name, wrapped) // 0600, as every temporary file
	}
	if err == nil {
		if wrapped, err = os.ReadFile(name); err == nil {
			err = gibt(ctx, s, wrapped, key)
		}
	}
	if err != nil {
		return fault.New(fault.Unavailable, "J-326", "Der Schlüsselspeicher des Systems ("+s.Name()+") nimmt den Schlüssel "+
			"nicht an, er bleibt, wo er ist; bitte als Administrator aufrufen und wiederholen.", err)
	}
	platte.Reste(filepath.Join(dir, File)) // a key lies in no file that nobody knows of
	for _, old := range append([]string{File}, keystore.Files()...) {
		if old == s.File() {
			continue
		}
		if err := os.Remove(filepath.Join(dir, old)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", old, err)
		}
	}
	syncFolder(dir)
	return nil
}

// gibt reports an error unless the store gives the key.
func gibt(ctx context.Context, s keystore.Store, wrapped []byte, key seal.Key) error {
	got, err := oeffne(ctx, s, wrapped)
	if err == nil && *got != key {
		err = seal.ErrKey
	}
	return err
}

// Herausholen writes the key of a data folder into its file and removes what key stores have
// locked away there.
func Herausholen(dir string, key seal.Key) error {
	file := filepath.Join(dir, File)
	if now, err := Read(file, false); err != nil || *now != key {
		if err := Write(file, key); err != nil {
			return err
		}
	}
	for _, name := range keystore.Files() {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", name, err)
		}
	}
	syncFolder(dir)
	return nil
}
