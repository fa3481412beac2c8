//go:build unix

package notfall

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

var errDateisystem = errors.New("no file system is named")

// istEinhaengepunkt reports whether a folder is a mount of its own, and not that of the
// data: then the folder above lies on another file system.
func istEinhaengepunkt(stick, daten string) (bool, error) {
	stick, err := filepath.EvalSymlinks(stick)
	if err != nil {
		return false, err //nolint:wrapcheck // the caller says what it was asking
	}
	own, err := dateisystem(stick)
	above, err2 := dateisystem(filepath.Dir(stick))
	data, err3 := dateisystem(daten)
	return own != above && own != data, errors.Join(err, err2, err3)
}

func dateisystem(dir string) (uint64, error) {
	fi, err := os.Stat(dir)
	if err != nil {
		return 0, err //nolint:wrapcheck // as above
	}
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, errDateisystem
	}
	return uint64(st.Dev), nil //nolint:unconvert // its type differs between systems
}
