// Package uhr lets a person decide when the machine's clock is in doubt.
package uhr

import (
	"context"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
)

// Uhr is a clock that can be in doubt.
type Uhr interface {
	Stand() clock.Stand
	Confirm() clock.Stand
	Merken() error // writes down what it knows
}

// Service confirms the clock.
type Service struct {
	kern *workflow.Kern
	uhr  Uhr
}

// New returns the service.
func New(k *workflow.Kern, u Uhr) *Service { return &Service{k, u} }

// Stand says how the clock stands.
func (s *Service) Stand() clock.Stand { return s.uhr.Stand() }

// Bestaetigen books that the machine's clock is right, and lets it count from then on. Gesehen
// is what it showed to the person, as Unix seconds: if it was set since, the person must look
// again (U-105). Without a doubt nothing happens.
func (s *Service) Bestaetigen(ctx context.Context, a workflow.Auftrag, gesehen int64) error {
	now := s.uhr.Stand()
	r, err := s.kern.Do(ctx, a, gesehen, func(journal.Rows) ([]journal.Event, error) {
		if now.Verdacht == clock.Kein {
			return nil, workflow.ErrUnchanged
		}
		if !seen(now, gesehen) {
			return nil, fault.New(fault.Conflict, "U-105",
				"Die Uhr des Rechners ist inzwischen verstellt worden – sehen Sie Datum und Uhrzeit noch einmal an.", nil)
		}
		e := event.UhrBestaetigt{
			Verdacht: string(now.Verdacht), Von: now.Vorbild.Von, Seit: now.Seit.UnixNano(), Gilt: now.Gilt.UnixNano(),
			Rechner: now.Rechner.UnixNano(),
		}
		if !now.Bis.IsZero() {
			e.Bis = now.Bis.UnixNano()
		}
		return []journal.Event{e}, nil
	})
	if err != nil || r.Repeated || len(r.Records) == 0 {
		return err
	}
	s.uhr.Confirm()
	return s.uhr.Merken()
}

// seen reports whether a person who saw that time has looked at this clock: half an hour may
// pass before the key is pressed.
func seen(s clock.Stand, unix int64) bool {
	const patience = 30 * 60
	passed := s.Rechner.Unix() - unix
	return passed >= -60 && passed <= patience
}
