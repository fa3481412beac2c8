package tagesabschluss

import (
	"context"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
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
