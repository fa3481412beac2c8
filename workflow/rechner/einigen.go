package rechner

import (
	"cmp"
	"context"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/rechner"
	"github.com/offizin/offizin/workflow"
)

// naechster makes the authority after all that are known here.
func (s *Service) naechster(ctx context.Context) (event.AusstellerGesetzt, error) {
	if _, _, err := s.Aussteller(ctx); err != nil { // with locked keys none is made
		return event.AusstellerGesetzt{}, err
	}
	n, err := workflow.View(ctx, s.kern, rechner.Epochen)
	if err != nil {
		return event.AusstellerGesetzt{}, err
	}
	return s.aussteller(ctx, n+1)
}

// Einig reports whether no removed machine knows the present authority. If it was not made after all
// others, machines were removed on two sides of a network that was cut, and one of them may hold its key. If
// there are not more authorities than removals, a machine was replaced without a new one: by itself, with
// locked keys or by a release that made none.
func Einig(rows journal.Rows) (bool, error) {
	n, err := rechner.Epochen(rows)
	if err != nil || n == 0 {
		return true, err
	}
	removed, err := rechner.Entfernte(rows)
	if err != nil {
		return true, err
	}
	now, _, err := rechner.Aussteller(rows)
	return now.Epoche >= n && n > removed, err
}

// Einigen makes a new authority if a removed machine knows the present one; true if it has. Two machines
// that do so at once make two: then it is done once more.
func (s *Service) Einigen(ctx context.Context, a workflow.Auftrag) (bool, error) {
	one, err := workflow.View(ctx, s.kern, Einig)
	if err != nil || one {
		return false, err
	}
	authority, err := s.naechster(ctx)
	if err != nil {
		return false, err
	}
	input := []string{"einigen", string(authority.Zertifikat)}
	_, err = s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
		if one, err := Einig(rows); err != nil || one {
			return nil, cmp.Or(err, workflow.ErrUnchanged)
		}
		return []journal.Event{authority}, nil
	})
	return err == nil, err
}
