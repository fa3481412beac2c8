package verkauf

import (
	"context"
	"errors"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechnung"
)

// spur says what a change takes out of a cart, as it is priced at that moment.
type spur func(journal.Rows, vorgaenge.Eintrag, vorgang.Vorgang) ([]bon.Position, error)

// mitSpur changes a cart by an act that keeps what it takes out. Personal data that this takes are
// opened; where they cannot be, the change is made all the same, without a trace.
func (s *Service) mitSpur(
	ctx context.Context, a workflow.Auftrag, input any, decide func(journal.Rows, spur) ([]journal.Event, error),
) (journal.Result, error) {
	var res journal.Result
	var err error
	now := s.kern.Clock.Now()
	do := func(f spur) error {
		res, err = s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) { return decide(rows, f) })
		return err
	}
	opened := s.rechnung.Opened(ctx, func() error {
		return do(func(rows journal.Rows, old vorgaenge.Eintrag, next vorgang.Vorgang) ([]bon.Position, error) {
			return s.entfernt(ctx, rows, old, next, now)
		})
	})
	if _, sealed := errors.AsType[*rechnung.Missing](err); opened != nil && sealed {
		opened = do(func(journal.Rows, vorgaenge.Eintrag, vorgang.Vorgang) ([]bon.Position, error) { return nil, nil })
	}
	return res, opened
}

// entfernt is what is in a cart and not in what becomes of it, if a TSE signs (DSFinV-K 4.2.3). The
// only error is that personal data must be opened first: what has no price leaves no trace.
func (s *Service) entfernt(
	ctx context.Context, rows journal.Rows, old vorgaenge.Eintrag, next vorgang.Vorgang, now time.Time,
) ([]bon.Position, error) {
	gone := weniger(old.Vorgang, next)
	if len(gone) == 0 || !s.gesichert(old.ID) {
		return nil, nil
	}
	out, err := s.rechnung.Ansicht(ctx, rows, old, now)
	if missing, sealed := errors.AsType[*rechnung.Missing](err); sealed {
		return nil, missing
	}
	if err != nil {
		return nil, nil //nolint:nilerr // a line that cannot be priced can be removed all the same
	}
	var list []bon.Position
	for _, z := range out.Zeilen {
		known := z.Position.Art != vorgang.Artikel || z.Artikel.PZN != ""
		if n := gone[z.Position.Nr]; n > 0 && known && old.Entfernt+len(list) < bon.MaxEntfernt {
			list = append(list, z.Rechnung.Entfernt(n))
		}
	}
	return list, nil
}

// weniger is how many packs fewer there are of which lines. A line that is of something else now
// was taken out, too.
func weniger(old, next vorgang.Vorgang) map[int]int {
	gone := map[int]int{}
	for _, p := range old.Positionen {
		left := 0
		if q := next.Find(p.Nr); q != nil && q.Art == p.Art && q.PZN == p.PZN && q.SOK == p.SOK && q.Bezug == p.Bezug {
			left = q.Menge
		}
		if left < p.Menge {
			gone[p.Nr] = p.Menge - left
		}
	}
	return gone
}

// gesichert says whether a TSE signs what becomes of the cart.
func (s *Service) gesichert(id string) bool {
	if s.kern.Absicherung == nil {
		return false
	}
	b := bon.Bon{Vorgang: id}
	s.kern.Absicherung.Bon(&b)
	return b.Serie != ""
}
