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
	err := s.geoeffnet(ctx, func() error {
		out = nil
		return s.kern.Store.View(ctx, func(rows journal.Rows) error {
			v, err := find(rows, id)
			if err != nil {
				return err
			}
			l, err := s.lage(rows, v.Vorgang, now)
			if err != nil {
				return err
			}
			if _, err = l.price(ctx, v.Vorgang); err != nil {
				return err
			}
			out, err = l.each(ctx, v.Vorgang, in)
			return err
		})
	})
	return out, err
}

// each prices every article as if it alone came next.
func (l *lage) each(ctx context.Context, v vorgang.Vorgang, in []Eingabe) ([]Zeile, error) {
	list := make([]Zeile, 0, len(in))
	for _, e := range in {
		z, err := l.zeile(ctx, v, vorgang.Position{
			Nr: v.NextNr(), Art: vorgang.Artikel, PZN: e.PZN, Menge: max(e.Menge, 1), Rezept: e.Rezept, Verordnung: e.Verordnung,
		})
		if err != nil {
			return nil, err
		}
		list = append(list, z)
	}
	return list, nil
}
