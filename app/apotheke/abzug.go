package apotheke

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/catalogue/gate"
)

// abzugFile lies among the generations; maxAbzug is more than any pharmacy fills.
const (
	abzugFile = "abzug.json"
	maxAbzug  = 64 << 20
)

var errAbzug = errors.New("no snapshot that this program can read")

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
