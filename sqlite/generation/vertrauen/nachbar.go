package vertrauen

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
)

// Public are the public keys that count here, own and others, a line each under its usual
// name and in a fixed order: two machines that trust the same keys say the same.
func Public(dir string) string {
	v := Lies(dir)
	var lines []string
	for key := range v.eigene.Und(v.fremd) {
		lines = append(lines, zeile(ed25519.PublicKey(key)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func zeile(key ed25519.PublicKey) string {
	return signatur.Name(key) + " " + base64.StdEncoding.EncodeToString(key) + "\n"
}

// VertraueBund takes in the keys that count on another machine of the pharmacy. A file that
// is there stays as it is: one without a key in it withdraws the key of its name for good.
func VertraueBund(dir string, keys signatur.Bund) error {
	v := Lies(dir)
	folder := filepath.Join(dir, Dir)
	for key := range keys {
		public := ed25519.PublicKey(key)
		file := filepath.Join(folder, signatur.Name(public)+pubEnde)
		if v.eigene.Kennt(public) || v.fremd.Kennt(public) {
			continue
		}
		if _, err := os.Lstat(file); !errors.Is(err, os.ErrNotExist) {
			continue // withdrawn, or it cannot be told
		}
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return datei.Explain(dir, fmt.Errorf("make folder of keys: %w", err))
		}
		if err := platte.Replace(file, []byte(zeile(public))); err != nil {
			return datei.Explain(dir, err)
		}
	}
	return nil
}
