package apotheke

import (
	"context"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/werkstatt"
	"github.com/offizin/offizin/workflow/einspielung"
)

// abzugFrist is how long a build waits for a snapshot of its own.
const abzugFrist = 10 * time.Second

func (a *Apotheke) einspielung(o Options) *einspielung.Service {
	return einspielung.New(einspielung.Options{
		Clock: o.Clock, Log: o.Log, Werkstatt: werkstatt.New(werkstatt.Options{
			Dir: o.Dir, Katalog: filepath.Join(o.Dir, KatalogDir), Programm: o.Programm, Abzug: func(ctx context.Context) error {
				ctx, cancel := context.WithTimeout(ctx, abzugFrist)
				defer cancel()
				_, err := a.Abzug(ctx)
				return err
			},
		}),
	})
}

// Bauten clears away what the builds of an earlier start have left, and ends the one that
// goes on when ctx does.
func (a *Apotheke) Bauten(ctx context.Context) {
	a.Dienste.Einspielung.Erholen()
	<-ctx.Done()
	a.Dienste.Einspielung.Close()
}
