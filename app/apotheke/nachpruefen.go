package apotheke

import (
	"context"
	"log/slog"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/wacht"
)

// pruefTakt is how often the files of the catalogue are compared while it stays the same;
// blickTakt how often it is asked whether it still does.
const (
	pruefTakt = 3 * time.Hour
	blickTakt = 20 * time.Second
)

// Nachpruefen compares the files of the catalogue that holds with what was signed, soon after
// the start, when another one holds, and every few hours, until ctx ends: opening looks at
// their sizes only. A catalogue that does not pass is left out, Störungen names it, and the
// next look takes the one before. No sale waits for it.
func (a *Apotheke) Nachpruefen(ctx context.Context, log *slog.Logger) {
	next := time.NewTimer(a.pruefenNach)
	defer next.Stop()
	for p := (nachpruefung{}); ; {
		wacht.Runde(ctx)
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		err := p.blick(ctx, a)
		if err != nil && ctx.Err() == nil && fault.KindOf(err) != fault.Unavailable { // there is none yet
			log.Error("catalogue is not what was signed", slog.Any("error", err))
		}
		next.Reset(min(a.pruefenNach, blickTakt))
	}
}

// nachpruefung is which catalogue was compared, and when.
type nachpruefung struct {
	id   string
	mono time.Duration
}

// blick compares if it is time.
func (p *nachpruefung) blick(ctx context.Context, a *Apotheke) error {
	day, now := clock.Today(a.Kern.Clock), a.Kern.Clock.Mono()
	g, err := a.Katalog.Am(day)
	if err != nil {
		return err
	}
	id := g.Manifest().ID
	if id == p.id && now-p.mono < pruefTakt {
		return nil
	}
	p.id, p.mono = id, now
	return a.Katalog.Nachpruefen(ctx, day)
}
