package sicherung

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal/seal"
	schluesseldatei "github.com/offizin/offizin/sqlite/schluessel"
)

// errGefunden ends the reading of a backup at what was looked for.
var errGefunden = errors.New("found")

// Knotenschluessel takes the key of the node alone out of a backup, without restoring it. J-327: it
// is not in it.
func Knotenschluessel(ctx context.Context, von string, mit ...age.Identity) (key seal.Key, err error) {
	f, err := os.Open(von)
	if err != nil {
		return key, fault.New(fault.NotFound, "D-118", "Die Sicherung „"+von+"“ lässt sich nicht öffnen; bitte Stick und "+
			"Dateinamen prüfen.", err)
	}
	defer f.Close() //nolint:errcheck // only read
	err = jede(&gezaehlt{ctx, f, func(int) {}}, nil, func(name string, size int64, r io.Reader) error {
		if name != schluesseldatei.File || size != int64(len(key)) {
			return nil
		}
		if _, err := io.ReadFull(r, key[:]); err != nil {
			return fmt.Errorf("read key from backup: %w", err)
		}
		return errGefunden
	}, mit...)
	if errors.Is(err, errGefunden) {
		return key, nil
	}
	if err == nil {
		err = fault.New(fault.NotFound, "J-327", "In dieser Sicherung liegt kein Schlüssel der Kundendaten; bitte eine "+
			"andere nehmen.", nil)
	}
	return key, err
}
