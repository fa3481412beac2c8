package fiskal

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// TSEExport writes the log messages of the TSE that was set up for the till of a data folder, or of
// the simulator whose folder it is, to a new file, as the device exports them (BSI TR-03153 5.1),
// and returns how many bytes that are. What could not be written in full is not left behind. The
// program must not run on the folder. Faults: T-902 there is no TSE, T-903 the file is there
// already, T-904 the TSE does not answer, those of the settings.
func TSEExport(ctx context.Context, daten, nach string, c clock.Clock) (n int64, err error) {
	device, err := tseOeffnen(daten, c)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, device.Close()) }()
	err = platte.Neu(nach, func(w io.Writer) error {
		if err := device.Export(ctx, 0, 0, gezaehlt{w, &n}); err != nil {
			return fault.New(fault.Unavailable, "T-904", "Die TSE gibt ihre Aufzeichnung nicht heraus; "+
				"bitte Anschluss und PIN prüfen und es noch einmal versuchen.", err)
		}
		return nil
	})
	if errors.Is(err, platte.ErrAnlegen) {
		err = fault.New(fault.Invalid, "T-903",
			"Die TAR-Datei lässt sich nicht anlegen; bitte einen Namen nehmen, den es noch nicht gibt.", err)
	}
	return n, err
}

// gezaehlt counts what is written.
type gezaehlt struct {
	io.Writer

	n *int64
}

func (g gezaehlt) Write(b []byte) (int, error) {
	n, err := g.Writer.Write(b)
	*g.n += int64(n)
	return n, err //nolint:wrapcheck // that of the file
}

// tseOeffnen opens the TSE of a folder. A simulator that is not there is not made.
func tseOeffnen(daten string, c clock.Clock) (anschluss.TSE, error) {
	cfg, found, err := anschluss.Lesen(daten)
	if err != nil {
		return nil, err
	}
	if !found {
		cfg = anschluss.Konfig{Treiber: simulator.Name, Ordner: daten}
	}
	if cfg.Treiber == simulator.Name {
		if _, err := os.Stat(filepath.Join(cfg.Ordner, simulator.Datei)); err != nil {
			return nil, fault.New(fault.NotFound, "T-902",
				"Für diesen Ordner ist keine TSE eingerichtet; bitte den Datenordner des Platzes angeben, an dem sie hängt.", err)
		}
	}
	return anschluss.Open(cfg, c)
}
