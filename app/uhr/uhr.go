// Package uhr keeps the highest time that a data folder has seen, so that a machine whose
// clock went wrong while the program was off is noticed.
package uhr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/internal/wacht"
)

// File is its name in the data folder.
const File = "uhr.json"

const takt = time.Minute // at most this much of the time is forgotten by a power cut

// Uhr is the clock of a pharmacy.
type Uhr struct {
	*clock.Guarded

	name string
	mu   sync.Mutex
	kept clock.Merk
	bald chan struct{} // something must be written down at once
}

// New returns the clock of a data folder over that of the machine. Memorised reports whether
// the folder remembers a time; a memory that cannot be read counts as none.
func New(dir string, machine clock.Clock) (u *Uhr, memorised bool) {
	u = &Uhr{name: filepath.Join(dir, File), bald: make(chan struct{}, 1)}
	var m clock.Merk
	b, err := os.ReadFile(u.name)
	memorised = err == nil && json.Unmarshal(b, &m) == nil && !m.Hoechste.IsZero()
	if !memorised {
		m = clock.Merk{}
	}
	u.Guarded = clock.NewGuarded(machine, m)
	return u, memorised
}

// Merken writes down what the clock knows, as a whole, if it has moved since.
func (u *Uhr) Merken() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	m := u.Merk()
	if m == u.kept {
		return nil
	}
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode the highest time seen: %w", err)
	}
	platte.Reste(u.name)
	if err := platte.Replace(u.name, append(b, '\n')); err != nil {
		return err
	}
	u.kept = m
	return nil
}

// Vergleichen hears what the clocks of the other machines say. Whether theirs counts is written down soon: after a
// power cut nobody may be there to be asked.
func (u *Uhr) Vergleichen(ich clock.Meinung, andere []clock.Meinung) bool {
	if !u.Guarded.Vergleichen(ich, andere) {
		return false
	}
	select {
	case u.bald <- struct{}{}:
	default:
	}
	return true
}

// Laufen writes it down every minute until ctx ends. A disk that does not take it is told of
// once; Störungen watches the disk.
func (u *Uhr) Laufen(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(takt)
	defer tick.Stop()
	for told := false; ; {
		wacht.Runde(ctx)
		err := u.Merken()
		if err != nil && !told && !errors.Is(err, fs.ErrNotExist) {
			log.Error("highest time seen not written", slog.Any("error", err))
		}
		told = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-u.bald:
		}
	}
}
