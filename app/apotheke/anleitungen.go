package apotheke

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/integration/anleitungen"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/rechner"
	"github.com/offizin/offizin/workflow"
)

// Anleitung prints the instruction on a subject; S-638 if there is none.
func (a *Apotheke) Anleitung(ctx context.Context, thema string) ([]byte, error) {
	if !slices.Contains(anleitungen.Themen(), thema) {
		return nil, fault.New(fault.NotFound, "S-638", "Dieses Blatt gibt es nicht; bitte unter Störungen eines wählen.", nil)
	}
	about, err := a.angaben(ctx)
	if err != nil {
		return nil, err
	}
	return anleitungen.PDF(thema, about)
}

// Anleitungen prints all of them, by name of their files.
func (a *Apotheke) Anleitungen(ctx context.Context) (map[string][]byte, error) {
	about, err := a.angaben(ctx)
	if err != nil {
		return nil, err
	}
	return anleitungen.Alle(about)
}

// angaben are what this pharmacy has its own instructions for.
func (a *Apotheke) angaben(ctx context.Context) (about anleitungen.Angaben, err error) {
	e, err := a.Dienste.Haus.Einstellungen(ctx)
	if err != nil {
		return about, err
	}
	dir, err := filepath.Abs(a.dir)
	if err != nil {
		dir = a.dir
	}
	about = anleitungen.Angaben{
		Apotheke: e.Name, Telefon: e.Telefon, Zeit: a.Kern.Clock.Now(), Platz: a.Kern.Platz, Daten: dir,
	}
	about.Rechner, err = workflow.View(ctx, a.Kern, func(rows journal.Rows) (list []anleitungen.Rechner, err error) {
		stored, err := rechner.Alle(rows)
		for _, r := range stored {
			if !r.Entfernt {
				list = append(list, anleitungen.Rechner{Platz: r.Platz, Adresse: r.Adresse, Rang: r.Rang})
			}
		}
		return list, err
	})
	return about, err
}
