package verkauf

import (
	"context"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
)

// Voranschlag prices each article as the next line of a cart, so that the patient can
// be told before anything is chosen. Nothing is written.
func (s *Service) Voranschlag(ctx context.Context, id string, in []Eingabe) ([]Zeile, error) {
	var out []Zeile
	now := s.kern.Clock.Now()
	list := make([]vorgang.Position, 0, len(in))
	for _, e := range in {
		list = append(list, vorgang.Position{
			Art: vorgang.Artikel, PZN: e.PZN, Menge: max(e.Menge, 1), Rezept: e.Rezept, Verordnung: e.Verordnung,
		})
	}
	err := s.rechnung.Opened(ctx, func() error {
		return s.kern.Store.View(ctx, func(rows journal.Rows) error {
			v, err := find(rows, id)
			if err != nil {
				return err
			}
			out, err = s.rechnung.Voranschlag(ctx, rows, v.Vorgang, now, list)
			return err
		})
	})
	return out, err
}
