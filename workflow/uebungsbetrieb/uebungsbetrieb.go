// Package uebungsbetrieb switches one till to practice and back: what is paid then is booked as
// AVTraining (DSFinV-K 2.4 Anhang B), signed, and has no effect on anything (ADR 0031).
package uebungsbetrieb

import (
	"context"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Service switches the till of this machine.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// An says whether this till practises.
func (s *Service) An(ctx context.Context) (bool, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (bool, error) {
		return haus.Uebungsbetrieb(rows, s.kern.Till)
	})
}

// Setzen begins or ends practice; not while something lies on the counter: what was shown as a
// sale must not become practice, nor the other way round.
func (s *Service) Setzen(ctx context.Context, a workflow.Auftrag, an bool) error {
	_, err := s.kern.Do(ctx, a, []any{"Übungsbetrieb", an}, func(rows journal.Rows) ([]journal.Event, error) {
		day := clock.Today(s.kern.Clock)
		if err := rechte.Fordern(rows, a.Actor, berechtigung.Verwalten, 0, day); err != nil {
			return nil, err
		}
		is, err := haus.Uebungsbetrieb(rows, s.kern.Till)
		if err != nil || is == an {
			return nil, unveraendert(err)
		}
		if err := s.leer(rows); err != nil {
			return nil, err
		}
		return []journal.Event{event.EinstellungGesetzt{
			Schluessel: haus.UebungSchluessel(s.kern.Till), Wert: map[bool]string{true: "ja", false: "nein"}[an],
		}}, nil
	})
	return err
}

func unveraendert(err error) error {
	if err == nil {
		err = workflow.ErrUnchanged
	}
	return err
}

// leer refuses while a cart with lines is open on this machine.
func (s *Service) leer(rows journal.Rows) error {
	list, err := vorgaenge.List(rows)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.Platz == s.kern.Platz && v.Zustand == vorgang.Offen && len(v.Positionen) > 0 {
			return fault.New(fault.Conflict, "V-531",
				"Auf dem Tisch liegt noch etwas – bezahlen, parken oder verwerfen Sie es zuerst.", nil)
		}
	}
	return nil
}
