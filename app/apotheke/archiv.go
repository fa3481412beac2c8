package apotheke

import (
	"context"
	"io"

	"github.com/offizin/offizin/app/fiskal"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/gdpdu"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/haus"
)

// GDPdU writes goods, prices and prescriptions without patients of a span of days, and returns
// how many rows each table has.
func (a *Apotheke) GDPdU(ctx context.Context, von, bis civil.Day, w io.Writer) (rows map[string]int, err error) {
	err = a.Store.View(ctx, func(r journal.Rows) error {
		m, err := haus.Einstellungen(r)
		if err != nil {
			return err
		}
		k := gdpdu.Kopf{
			Name: m["name"], Ort: m["ort"], Von: von, Bis: bis, Zeit: a.Kern.Clock.Now().In(clock.Berlin()),
		}
		rows, err = gdpdu.Write(w, k, fiskal.Tabellen(r, von, bis))
		return err
	})
	return rows, err
}

func (a *Apotheke) gdpdu(ctx context.Context, von, bis civil.Day, w io.Writer) error {
	_, err := a.GDPdU(ctx, von, bis, w)
	return err
}
