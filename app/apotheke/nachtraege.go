package apotheke

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/workflow/stoerung"
)

// gesetzTakt is how soon a running program takes up law that has come.
const gesetzTakt = time.Second

// Nachtraege takes up law that has come while the program runs, until ctx ends: a Nachtrag laid
// into its folder, here or by another machine, and Festlegungen made on another machine.
func (a *Apotheke) Nachtraege(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(gesetzTakt)
	defer tick.Stop()
	folder, last := filepath.Join(a.dir, RechtDir), ""
	mark := gesetzMarke(folder)
	for {
		wacht.Runde(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := gesetzMarke(folder)
		err := a.Recht.AktualisiereNeues(ctx, now != mark)
		text := ""
		if err == nil {
			mark = now
		} else if text = err.Error(); text != last && ctx.Err() == nil {
			log.Error("law not read anew", slog.Any("error", err))
		}
		last = text
	}
}

// gesetzMarke is another text whenever a file of the law came, went or was changed.
func gesetzMarke(folder string) string {
	var mark strings.Builder
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err.Error()
	}
	for _, e := range entries {
		if fi, err := e.Info(); err == nil {
			fmt.Fprintf(&mark, "%s %d %d\n", e.Name(), fi.Size(), fi.ModTime().UnixNano())
		}
	}
	return mark.String()
}

// katalogstand is how catalogues stand on the other machines, if there are any.
func (a *Apotheke) katalogstand() (stoerung.Kataloge, bool) {
	if a.Kataloge == nil {
		return stoerung.Kataloge{}, false
	}
	return a.Kataloge()
}
