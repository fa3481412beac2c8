// Package platte asks the machine about the disk under a folder: how much is free,
// and whether it still writes.
package platte

import (
	"fmt"
	"os"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// Frei returns the free and the total bytes of the file system that holds the folder.
// Free is what this program may use.
func Frei(dir string) (frei, gesamt int64, err error) {
	if frei, gesamt, err = space(dir); err != nil {
		return 0, 0, fmt.Errorf("ask for free space: %w", err)
	}
	return frei, gesamt, nil
}

// Schreibtest writes a block into the folder and waits until it lies on the disk; it
// returns how long that took. The file is removed again.
func Schreibtest(dir string, c clock.Clock) (dauer time.Duration, err error) {
	f, err := os.CreateTemp(dir, ".schreibtest-*")
	if err != nil {
		return 0, fmt.Errorf("make file for write test: %w", err)
	}
	defer func() {
		if gone := os.Remove(f.Name()); err == nil && gone != nil {
			err = fmt.Errorf("remove file of write test: %w", gone)
		}
	}()
	start := c.Mono()
	_, err = f.Write(make([]byte, 4096))
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return 0, fmt.Errorf("write test: %w", err)
	}
	return c.Mono() - start, nil
}
