package tagesabschluss

import (
	"context"
	"slices"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/retoure"
)

// maxListe is the most closings that a list shows.
const maxListe = 400

// Abschluesse returns the last closings of a till, the last one first.
func (s *Service) Abschluesse(ctx context.Context, till string) ([]abschluss.Abschluss, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []abschluss.Abschluss, err error) {
		err = kassenbuch.EachAbschluss(rows, till, func(a abschluss.Abschluss) (bool, error) {
			list = append(list, a)
			return len(list) < maxListe, nil
		})
		return list, err
	})
}

// Bericht is a closing with the name of who closed.
type Bericht struct {
	abschluss.Abschluss
	Name string
}

// Abschluss returns a closing.
func (s *Service) Abschluss(ctx context.Context, till string, nummer int) (Bericht, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (b Bericht, err error) {
		found := false
		if b.Abschluss, found, err = kassenbuch.Find(rows, till, nummer); err != nil {
			return b, err
		}
		if !found {
			return b, fault.New(fault.NotFound, "T-526", "Diesen Abschluss gibt es nicht – wählen Sie einen aus der Liste.", nil)
		}
		b.Name, err = haus.Name(rows, b.Benutzer)
		return b, err
	})
}

// mehrfach are the Bons of which a till undid something since its last closing, and of which more came back than
// was sold, or went back on a card beside the Storno, in order of their number.
func mehrfach(rows journal.Rows, till string) (list []string, err error) {
	own, _, err := kassenbuch.Belege(rows, till)
	if err != nil {
		return nil, err
	}
	for _, b := range own {
		if b.Bezug == "" || slices.Contains(list, b.Bezug) {
			continue
		}
		old, found, err := bons.Find(rows, b.Bezug)
		if err != nil {
			return nil, err
		}
		undoing, err := bons.Undoing(rows, b.Bezug)
		if err != nil {
			return nil, err
		}
		besides, _, err := kartenzahlungen.Erstattet(rows, b.Bezug) // by the terminal of another till, on no Bon
		if err != nil {
			return nil, err
		}
		if found && (retoure.Mehrfach(old, undoing) != nil || b.Art == bon.Storno && besides != nil) {
			list = append(list, b.Bezug)
		}
	}
	slices.Sort(list)
	return list, nil
}
