package generation

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// Schluessel returns the line with the public key that signs what is built here, made at
// first need, and the lines of the other keys that are trusted.
func Schluessel(dir string) (eigener string, fremde []string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, keinOrdner(err)
	}
	key, err := vertrauen.Bau(dir, uebernimm)
	if err != nil {
		return "", nil, err
	}
	eigener, fremde = vertrauen.Zeilen(dir, key)
	return eigener, fremde, nil
}

// uebernimm signs what is there with a signature of another key, and on demand what has
// none, also what is in quarantine. What was altered after it was signed stays as it is.
func uebernimm(dir string, key ed25519.PrivateKey, auchOhne bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return keinOrdner(err)
	}
	for _, e := range entries {
		folder := filepath.Join(dir, e.Name())
		m, text, err := liesManifest(folder)
		if !e.IsDir() || err != nil || m.ID != strings.TrimPrefix(e.Name(), quarantaenePrefix) {
			continue // no generation, or none that is whole
		}
		by, err := signatur.Oeffne(text)
		ours, _ := key.Public().(ed25519.PublicKey)
		if err == nil && by.Equal(ours) || errors.Is(err, signatur.ErrFalsch) || err != nil && !auchOhne {
			continue
		}
		platte.Reste(filepath.Join(folder, manifestFile))
		if err := schreibeManifest(folder, m, key); err != nil {
			return err
		}
	}
	return nil
}
