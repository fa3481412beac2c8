package apotheke

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/workflow/abzug"
)

// abzugFile lies among the generations; maxAbzug is more than any pharmacy fills.
const (
	abzugFile = "abzug.json"
	maxAbzug  = 64 << 20
)

var errAbzug = errors.New("no snapshot that this program can read")

// abzugTakt is how often a running program draws a snapshot.
const abzugTakt = 3 * time.Hour

// Snapshots draws a snapshot for the gate now and every few hours, until ctx ends. It only
// reads the journal; no sale waits for it.
func (a *Apotheke) Snapshots(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(abzugTakt)
	defer tick.Stop()
	for {
		wacht.Runde(ctx)
		if _, err := a.Abzug(ctx); err != nil && ctx.Err() == nil {
			log.Error("snapshot for the catalogue not drawn", slog.Any("error", err)) // the gate says how old it is
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Abzug draws the snapshot that the gate of the next catalogue reads, and returns it.
func (a *Apotheke) Abzug(ctx context.Context) (gate.Abzug, error) {
	s, err := abzug.New(a.Kern).Abzug(ctx)
	if err != nil {
		return s, err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return s, fmt.Errorf("encode snapshot: %w", err)
	}
	name := filepath.Join(a.dir, KatalogDir, abzugFile)
	a.abzug.Lock()
	defer a.abzug.Unlock()
	platte.Reste(name) // nobody else writes it: the journal of this folder is ours
	return s, platte.Replace(name, b)
}

// LiesAbzug reads the snapshot of a data folder for the gate; nil if there is none.
func LiesAbzug(dir string) (*gate.Abzug, error) {
	f, err := os.Open(filepath.Join(dir, KatalogDir, abzugFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // none is no error: the gate says so
	}
	if err != nil {
		return nil, fmt.Errorf("open snapshot: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	var a gate.Abzug
	if err := json.NewDecoder(io.LimitReader(f, maxAbzug)).Decode(&a); err != nil {
		return nil, fmt.Errorf("decode snapshot: %w", err)
	}
	if a.Format != gate.AbzugFormat {
		return nil, errAbzug
	}
	return &a, nil
}
