package apotheke

import (
	"context"
	"log/slog"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/workflow/tagesarbeit"
)

// tagesarbeiten are the jobs of each day. Names are for ever: they stand in the journal.
func (a *Apotheke) tagesarbeiten(log *slog.Logger) *tagesarbeit.Service {
	return tagesarbeit.New(a.Kern, []tagesarbeit.Arbeit{
		{Name: "notfallmappe", Stunde: 0, Minute: 5, Tun: a.mappeDesTages},
		{Name: "journalpruefung", Stunde: 4, Minute: 45, Tun: func(ctx context.Context, _ civil.Day) error {
			return a.probe.desTages(ctx)
		}},
	}, a.fuehrt, log)
}

// mappeDesTages makes sure that the Notfallmappe of the day is there; its own loop makes it
// anew when prices change.
func (a *Apotheke) mappeDesTages(ctx context.Context, _ civil.Day) error {
	if a.Mappen.Stand(ctx).Heute {
		return nil
	}
	_, err := a.Mappen.Erstellen(ctx)
	return err
}
