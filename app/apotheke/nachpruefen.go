package apotheke

import (
	"context"
	"log/slog"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// pruefTakt is how often the files of the catalogue are compared.
const pruefTakt = 3 * time.Hour

// Nachpruefen compares the files of the catalogue that holds with what was signed, soon after
// the start and every few hours, until ctx ends: opening looks at their sizes only. A
// catalogue that does not pass is left out, and Störungen names it. No sale waits for it.
func (a *Apotheke) Nachpruefen(ctx context.Context, log *slog.Logger) {
	next := time.NewTimer(a.pruefenNach)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		err := a.Katalog.Nachpruefen(ctx, clock.Today(a.Kern.Clock))
		if err != nil && ctx.Err() == nil && fault.KindOf(err) != fault.Unavailable { // there is none yet
			log.Error("catalogue is not what was signed", slog.Any("error", err))
		}
		next.Reset(pruefTakt)
	}
}
