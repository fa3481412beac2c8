package rechnung

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
)

// Voranschlag prices each line as if it alone came next in a cart.
func (s *Service) Voranschlag(
	ctx context.Context, rows journal.Rows, v vorgang.Vorgang, now time.Time, in []vorgang.Position,
) ([]Zeile, error) {
	l, err := s.lage(rows, v, now)
	if err != nil {
		return nil, err
	}
	if _, err = l.price(ctx, v); err != nil {
		return nil, err
	}
	list := make([]Zeile, 0, len(in))
	for _, p := range in {
		p.Nr = v.NextNr()
		z, err := l.zeile(ctx, v, p)
		if err != nil {
			return nil, err
		}
		list = append(list, z)
	}
	return list, nil
}
