package verkauf

import (
	"context"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/uebernahme"
)

// Parken puts a cart aside; every machine can fetch it back.
func (s *Service) Parken(ctx context.Context, a workflow.Auftrag, id, notiz string) error {
	if utf8.RuneCountInString(notiz) > 100 {
		return fault.New(fault.Invalid, "V-126", "Die Notiz ist zu lang – höchstens 100 Zeichen.", nil)
	}
	return s.head(ctx, a, id, "Parken", notiz, func(v vorgang.Vorgang, k *vorgang.Kopf) error {
		if err := s.editable(v); err != nil {
			return err
		}
		if len(v.Positionen) == 0 {
			return fault.New(fault.Invalid, "V-127", "Der Vorgang ist leer – es gibt nichts zu parken.", nil)
		}
		k.Zustand, k.Notiz = vorgang.Geparkt, notiz
		return nil
	})
}

// Fortsetzen fetches a parked cart, or takes over the open one of another machine:
// the user has made sure that it is off. With the owner the epoch rises.
func (s *Service) Fortsetzen(ctx context.Context, a workflow.Auftrag, id string) (Ansicht, error) {
	err := s.head(ctx, a, id, "Fortsetzen", nil, func(v vorgang.Vorgang, k *vorgang.Kopf) error {
		if v.Zustand == vorgang.Offen && v.Platz == s.kern.Platz {
			return workflow.ErrUnchanged
		}
		if err := uebernahme.Check(s.kern, v); err != nil {
			return err
		}
		k.Zustand, k.Notiz = vorgang.Offen, ""
		if k.Platz != s.kern.Platz {
			k.Platz, k.Epoche = s.kern.Platz, k.Epoche+1
		}
		return nil
	})
	if err != nil {
		return Ansicht{}, err
	}
	return s.Ansicht(ctx, id)
}

// head changes the state of a cart.
func (s *Service) head(
	ctx context.Context, a workflow.Auftrag, id, was string, input any, f func(vorgang.Vorgang, *vorgang.Kopf) error,
) error {
	_, err := s.kern.Do(ctx, a, []any{was, id, input}, func(rows journal.Rows) ([]journal.Event, error) {
		v, err := find(rows, id)
		if err != nil {
			return nil, err
		}
		k := v.Kopf
		if err := f(v.Vorgang, &k); err != nil {
			return nil, err
		}
		e := event.VorgangGeaendert{ID: id, Version: v.Version + 1, Kopf: &k, Was: was}
		if k.Platz != v.Platz {
			e.Von = v.Platz
		}
		return []journal.Event{e}, nil
	})
	return err
}

// Zurueck takes the last change of a cart back, by a new one. Parking, resuming and
// taking over are not changes of that kind.
func (s *Service) Zurueck(ctx context.Context, a workflow.Auftrag, id string) (Ansicht, error) {
	res, err := s.mitSpur(ctx, a, []any{"Zurück", id}, func(rows journal.Rows, spur spur) ([]journal.Event, error) {
		v, err := find(rows, id)
		if err != nil {
			return nil, err
		}
		if err := s.editable(v.Vorgang); err != nil {
			return nil, err
		}
		before, ok, err := vorgaenge.Before(rows, v)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, fault.New(fault.Conflict, "V-128", "Es gibt nichts mehr rückgängig zu machen.", nil)
		}
		next := before.Vorgang
		next.Platz, next.Epoche, next.Zustand, next.Notiz = v.Platz, v.Epoche, v.Zustand, v.Notiz
		e, _ := diff(v.Vorgang, next)
		e.Was, e.Zurueck = "Zurück", true
		e.Storniert, err = spur(rows, v, next)
		return []journal.Event{e}, err
	})
	if err != nil {
		return Ansicht{}, err
	}
	return s.danach(ctx, id, res)
}
