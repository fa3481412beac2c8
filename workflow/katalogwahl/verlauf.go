package katalogwahl

import (
	"context"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/katalogwahl"
	"github.com/offizin/offizin/workflow"
)

// Eintrag is a choice in the history.
type Eintrag struct {
	catalogue.Wahl

	Name         string // of who chose
	Rueckgaengig bool   // it can be undone: it still has an effect
	Alt, Neu     *catalogue.Manifest
}

// maxVerlauf is how many choices the page shows.
const maxVerlauf = 100

// Verlauf lists the choices, the latest first.
func (s *Service) Verlauf(ctx context.Context) (list []Eintrag, err error) {
	list, err = workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Eintrag, error) {
		stored, err := katalogwahl.List(rows, maxVerlauf)
		if err != nil {
			return nil, err
		}
		var list []Eintrag
		for _, row := range stored {
			name, err := haus.Name(rows, row.Wer)
			if err != nil {
				return nil, err
			}
			list = append(list, Eintrag{Wahl: vonZeile(row), Name: name})
		}
		return list, nil
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	today := clock.Today(s.kern.Clock)
	return list, s.ordner.Ansehen(func(a Auswahl) error {
		for i := range list {
			e := &list[i]
			_, err := a.Plan(catalogue.Vorhaben{Art: catalogue.Rueckgaengig, Bezug: &e.Wahl}, today)
			e.Rueckgaengig, e.Alt, e.Neu = err == nil, manifest(a, e.Vorher), manifest(a, e.Nachher)
		}
		return nil
	})
}

func inJournal(w catalogue.Wahl) event.KatalogGewaehlt {
	return event.KatalogGewaehlt{
		ID: w.ID, Art: string(w.Art), Katalog: w.Katalog, Tag: w.Tag, Vorher: w.Vorher, Nachher: w.Nachher, Hinaus: w.Hinaus,
		Hinein: w.Hinein, Ausgelassen: w.Ausgelassen, Bezug: w.Bezug, Grund: w.Grund, Zeit: w.Zeit.UnixNano(),
	}
}

func vonZeile(z katalogwahl.Wahl) catalogue.Wahl {
	return catalogue.Wahl{
		ID: z.ID, Art: catalogue.Wahlart(z.Art), Katalog: z.Katalog, Tag: z.Tag, Vorher: z.Vorher, Nachher: z.Nachher,
		Hinaus: z.Hinaus, Hinein: z.Hinein, Ausgelassen: z.Ausgelassen, Bezug: z.Bezug, Grund: z.Grund, Wer: z.Wer,
		Zeit: time.Unix(0, z.Zeit).UTC(),
	}
}
