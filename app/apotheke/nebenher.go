package apotheke

import (
	"context"
	"log/slog"
	"sync"
)

// Nebenher runs everything that goes on beside the sales, each part under watch, until ctx
// ends.
func (a *Apotheke) Nebenher(ctx context.Context, log *slog.Logger) {
	var all sync.WaitGroup
	all.Go(func() { a.Wacht.Wachen(ctx) })
	for name, part := range map[string]func(context.Context){
		"abzug":         func(ctx context.Context) { a.Snapshots(ctx, log) },
		"bondruck":      a.Dienste.Drucker.Laufen,
		"katalogwahl":   func(ctx context.Context) { a.Wahlen(ctx, log) },
		"nachtraege":    func(ctx context.Context) { a.Nachtraege(ctx, log) },
		"notfallmappe":  func(ctx context.Context) { a.Mappen.Laufen(ctx, log) },
		"nachpruefung":  func(ctx context.Context) { a.Nachpruefen(ctx, log) },
		"stoerungen":    a.Dienste.Stoerung.Laufen,
		"tagesarbeiten": a.Arbeiten.Laufen,
		"tse":           func(ctx context.Context) { a.tseLaufen(ctx, log) },
		"uhr":           func(ctx context.Context) { a.Uhr.Laufen(ctx, log) },
	} {
		all.Go(func() { a.Wacht.Laufen(ctx, name, part) })
	}
	all.Go(func() { a.Bauten(ctx) })
	all.Wait()
}
