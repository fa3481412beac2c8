package platte

import (
	"errors"
	"fmt"
	"os"
)

// Zwischendatei makes a file for what is only on the way, in a folder, "" for that of the system.
// Where the system can, it has no name from the start, so that nothing is left of it if the program
// is killed; elsewhere Discard removes it, and RemoveDead what a killed program left.
func Zwischendatei(dir, anfang string) (*os.File, error) {
	f, err := os.CreateTemp(dir, anfang+"*"+zwischen)
	if err != nil {
		return nil, fmt.Errorf("make temporary file: %w", err)
	}
	if halten(f); !windows {
		if err := os.Remove(f.Name()); err != nil {
			return nil, errors.Join(fmt.Errorf("unlink temporary file: %w", err), f.Close())
		}
	}
	return f, nil
}

// zwischen is how the names of files on the way end.
const zwischen = ".tmp"

// Discard closes such a file and removes it.
func Discard(f *os.File) error {
	err := f.Close()
	if windows {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	if err != nil {
		return fmt.Errorf("remove temporary file: %w", err)
	}
	return nil
}
