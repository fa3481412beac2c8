package apotheke

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"time"

	"github.com/offizin/offizin/app/fiskal"
	"github.com/offizin/offizin/app/verfahren"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/aenderungen"
	"github.com/offizin/offizin/web/pruefung"
)

// pruefungsdateien are what an auditor takes with him. Whether he may was decided before.
func (a *Apotheke) pruefungsdateien() pruefung.Dateien {
	return pruefung.Dateien{
		{Pfad: "dsfinvk", Text: "DSFinV-K", Name: "dsfinvk.zip", Typ: "application/zip", Schreiben: a.DSFinVK},
		{Pfad: "tse", Text: "TSE-Export (TAR)", Name: "tse.tar", Typ: "application/x-tar", Schreiben: a.tseTAR},
		{Pfad: "gdpdu", Text: "Waren und Rezepte (GDPdU)", Name: "gdpdu.zip", Typ: "application/zip", Schreiben: a.gdpdu},
		{
			Pfad: "aenderungen", Typ: "text/csv; charset=utf-8",
			Text: "Änderungen der Stammdaten (CSV)", Name: "aenderungen.csv",
			Schreiben: a.stammdaten,
		},
		{
			Pfad: "verfahren", Typ: "text/markdown; charset=utf-8",
			Text: "Verfahrensdokumentation (Markdown)", Name: "verfahrensdokumentation.md",
			Schreiben: func(ctx context.Context, _, _ civil.Day, w io.Writer) error {
				text, err := a.verfahren(ctx)
				if err != nil {
					return err
				}
				_, err = w.Write(text)
				return err //nolint:wrapcheck // that of the file
			},
		},
	}
}

// DSFinVK writes the closings of a span of business days.
func (a *Apotheke) DSFinVK(ctx context.Context, von, bis civil.Day, w io.Writer) error {
	return a.Store.View(ctx, func(rows journal.Rows) error {
		_, err := fiskal.DSFinVK(rows, von, bis, a.dir, w)
		return err
	})
}

// tseTAR writes all that the TSE of this till holds: it cannot be cut by days.
func (a *Apotheke) tseTAR(ctx context.Context, _, _ civil.Day, w io.Writer) error {
	return exporte{a}.tar(ctx, w)
}

// stammdaten writes the changes of master data of a span of days.
func (a *Apotheke) stammdaten(ctx context.Context, von, bis civil.Day, w io.Writer) error {
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	_ = out.Write([]string{"Zeit", "Benutzer", "Art", "Was", "Vorher", "Nachher"}) // Error says it below
	err := a.Store.View(ctx, func(rows journal.Rows) error {
		return aenderungen.Each(rows, von, bis, func(z aenderungen.Zeile) (bool, error) {
			at := time.Unix(0, z.Zeit).In(clock.Berlin()).Format(time.RFC3339)
			return true, out.Write([]string{at, z.Wer, z.Art, z.Was, z.Vorher, z.Nachher})
		})
	})
	if err != nil {
		return err
	}
	if out.Flush(); out.Error() != nil {
		return fmt.Errorf("write changes of master data: %w", out.Error())
	}
	return nil
}

// verfahren is the Verfahrensdokumentation as it is now.
func (a *Apotheke) verfahren(ctx context.Context) ([]byte, error) {
	return verfahren.Schreiben(ctx, a.Kern, a.Dienste.Kassenmeldung)
}
