package benchcmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/integration/bdpm"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
)

// bdpmOrdner finds the French list. It is refused for a pharmacy that lives on after the
// measurement: its articles are not to be sold.
func (c *Suche) bdpmOrdner(e *env.Env) (string, error) {
	if c.An != "" || c.Ordner != "" {
		return "", env.Usage("Mit der französischen Liste misst Offizin nur an einem eigenen, das danach verschwindet; " +
			"bitte ohne --an und --ordner aufrufen. (A-708)")
	}
	dir := c.BDPM
	if root := e.Getenv("OFFIZIN_REFERENZ"); dir == "" && root != "" {
		dir = filepath.Join(root, "protocols", "catalogue-fr")
	}
	if dir == "" {
		return "", env.Usage("Der Ordner der französischen Liste fehlt; bitte mit --bdpm angeben oder OFFIZIN_REFERENZ " +
			"setzen. (A-709)")
	}
	return dir, nil
}

// bdpm makes the French list the catalogue that holds today.
func (l *lauf) bdpm(ctx context.Context, dir string) (err error) {
	to, today := filepath.Join(l.dir, apotheke.KatalogDir), clock.Today(l.env.Clock)
	m := catalogue.Manifest{
		Quelle: "BDPM, nur zur Messung", GueltigAb: today,
		// of two of one day the later one holds, and the demo may have built one just now
		Gebaut: l.env.Clock.Now().UTC().Add(time.Minute).Format(time.RFC3339),
	}
	m, err = generation.Build(ctx, to, m, catalogue.Quelle{Artikel: func(yield func(catalogue.Zeile, error) bool) {
		for a, err := range bdpm.Artikel(os.DirFS(dir)) {
			if !yield(catalogue.Zeile{Artikel: a}, err) || err != nil {
				return
			}
		}
	}}, nil)
	if err != nil {
		return err
	}
	o, err := generation.OpenOrdner(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if gen, err := o.Am(today); err != nil || gen.Manifest().ID != m.ID {
		return errors.Join(errors.New("the French list does not hold today"), err)
	}
	return nil
}
