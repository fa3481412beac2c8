package apotheke

import (
	"context"
	"io"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// exporte writes what a Kassen-Nachschau takes with it, for who may manage.
type exporte struct{ a *Apotheke }

// DSFinVK implements kassenbuch.Exporte.
func (e exporte) DSFinVK(ctx context.Context, wer string, von, bis civil.Day, w io.Writer) error {
	if err := e.darf(ctx, wer); err != nil {
		return err
	}
	return e.a.DSFinVK(ctx, von, bis, w)
}

// TSE implements kassenbuch.Exporte.
func (e exporte) TSE(ctx context.Context, wer string, w io.Writer) error {
	if err := e.darf(ctx, wer); err != nil {
		return err
	}
	return e.tar(ctx, w)
}

// tar writes the records of the TSE of this till.
func (e exporte) tar(ctx context.Context, w io.Writer) error {
	e.a.tseLock.Lock()
	device := e.a.tseOffen
	e.a.tseLock.Unlock()
	if device == nil {
		return fault.New(fault.NotFound, "T-603",
			"An diesem Platz ist keine TSE eingerichtet – es gibt nichts zu holen.", nil)
	}
	if err := device.Export(ctx, 0, 0, w); err != nil {
		return fault.New(fault.Unavailable, "T-604",
			"Die TSE gibt ihre Aufzeichnungen gerade nicht heraus – versuchen Sie es außerhalb der Öffnungszeit.", err)
	}
	return nil
}

// darf says whether somebody may take exports with him.
func (e exporte) darf(ctx context.Context, wer string) error {
	if err := workflow.Angemeldet(wer); err != nil { // another site may have sent the browser here
		return err
	}
	return e.a.Store.View(ctx, func(rows journal.Rows) error {
		return rechte.Fordern(rows, wer, berechtigung.Verwalten, 0, clock.Today(e.a.Kern.Clock))
	})
}
