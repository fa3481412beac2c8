package benchcmd

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// appendBytes is what a sale of three lines adds to the log file of the database.
const appendBytes = 24 << 10

// platte measures the limit that physics sets: n times append and sync in the folder.
func platte(c clock.Clock, dir string, n int) (Messung, error) {
	f, err := os.Create(filepath.Join(dir, "platte.tmp"))
	if err != nil {
		return Messung{}, fmt.Errorf("measure disk: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a scratch file
	defer f.Close()           //nolint:errcheck // as above
	block := make([]byte, appendBytes)
	var r reihe
	for range n {
		start := c.Mono()
		if _, err := f.Write(block); err != nil {
			return Messung{}, fmt.Errorf("measure disk: %w", err)
		}
		if err := syncData(f); err != nil {
			return Messung{}, fmt.Errorf("measure disk: %w", err)
		}
		r = append(r, c.Mono()-start)
	}
	return r.messung("platte"), nil
}

// dauer runs f and returns how long it took.
func dauer(c clock.Clock, f func() error) (time.Duration, error) {
	start := c.Mono()
	err := f()
	return c.Mono() - start, err
}
