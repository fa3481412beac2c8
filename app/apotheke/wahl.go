package apotheke

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/katalogwahl"
)

// abgleichTakt is how soon a running program journals what a command has chosen.
const abgleichTakt = time.Second

// wahlordner is the folder of the generations, as choosing needs it.
type wahlordner string

// Waehlend implements katalogwahl.Ordner.
func (o wahlordner) Waehlend(f func(katalogwahl.Auswahl) error) error {
	return generation.Waehlend(string(o), func(a *generation.Auswahl) error { return f(a) })
}

// Ansehen implements katalogwahl.Ordner.
func (o wahlordner) Ansehen(f func(katalogwahl.Auswahl) error) error {
	return generation.Ansehen(string(o), func(a *generation.Auswahl) error { return f(a) })
}

// Mark implements katalogwahl.Ordner.
func (o wahlordner) Mark() (string, error) { return generation.Mark(string(o)) }

func (a *Apotheke) wahl() *katalogwahl.Service {
	return katalogwahl.New(a.Kern, wahlordner(filepath.Join(a.dir, KatalogDir)))
}

// Wahlen settles the choices of catalogues between journal and file, until ctx ends. An
// error is logged once, until it is another.
func (a *Apotheke) Wahlen(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(abgleichTakt)
	defer tick.Stop()
	last := ""
	for {
		wacht.Runde(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		text := ""
		err := a.Dienste.Katalogwahl.Abgleich(ctx)
		if err != nil {
			text = err.Error()
		}
		if text != last && err != nil && ctx.Err() == nil {
			log.Error("choice of catalogue not settled", slog.Any("error", err))
		}
		last = text
	}
}
