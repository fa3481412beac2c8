package verkauf

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
)

// Verwerfen discards a cart, open or parked. Where a TSE signs, what lay in it stays as an
// abandoned record (AVBelegabbruch, DSFinV-K 2.4 Anhang B).
func (s *Service) Verwerfen(ctx context.Context, a workflow.Auftrag, id string) error {
	now := s.kern.Clock.Now()
	var dropped *bon.Bon
	err := s.rechnung.Opened(ctx, func() error {
		_, err := s.kern.Do(ctx, a, []any{"Verwerfen", id, nil}, func(rows journal.Rows) ([]journal.Event, error) {
			v, err := find(rows, id)
			if err != nil {
				return nil, err
			}
			if v.Platz != s.kern.Platz && v.Zustand == vorgang.Offen {
				return nil, elsewhere()
			}
			if err := ohneKarte(rows, id); err != nil {
				return nil, err
			}
			if dropped, err = s.abbruch(ctx, rows, v, a.Actor, now); err != nil {
				return nil, err
			}
			return verworfen(v, dropped), nil
		})
		return err
	})
	if err == nil && dropped != nil {
		s.kern.Absicherung.Nachher(*dropped)
	}
	return err
}

func verworfen(v vorgaenge.Eintrag, dropped *bon.Bon) []journal.Event {
	k := v.Kopf
	k.Zustand = vorgang.Verworfen
	list := []journal.Event{event.VorgangGeaendert{ID: v.ID, Version: v.Version + 1, Kopf: &k, Was: "Verwerfen"}}
	if dropped != nil {
		list = append(list, event.BelegGebucht{Bon: *dropped})
	}
	return list
}

// abbruch is the abandoned record of a cart; nil if no TSE signs or nothing lies in it, nor was
// taken out of it.
func (s *Service) abbruch(
	ctx context.Context, rows journal.Rows, v vorgaenge.Eintrag, actor string, now time.Time,
) (*bon.Bon, error) {
	if s.kern.Absicherung == nil || len(v.Positionen)+v.Entfernt == 0 {
		return nil, nil //nolint:nilnil // there is no record, and that is no error
	}
	out, err := s.rechnung.Ansicht(ctx, rows, v, now)
	if err != nil {
		return nil, err
	}
	b := out.Bon(actor, now)
	if b.Entfernt, err = vorgaenge.Entfernt(rows, v); err != nil || len(b.Positionen)+len(b.Entfernt) == 0 {
		return nil, err // what was taken out has been recorded before
	}
	b.Art, b.Platz = bon.Abbruch, s.kern.Platz
	if b.Nummer, err = bons.Next(rows, s.kern.Till); err != nil {
		return nil, err
	}
	if s.kern.Absicherung.Bon(&b); b.Serie == "" {
		return nil, nil //nolint:nilnil // no TSE signs here: there is no record, and that is no error
	}
	return &b, nil
}

// Inhalt is a cart as it would be booked now, without number and payments.
func (s *Service) Inhalt(ctx context.Context, id string) (bon.Bon, error) {
	a, err := s.Ansicht(ctx, id)
	if err != nil {
		return bon.Bon{}, err
	}
	b := a.Bon(a.Vorgang.Benutzer, s.kern.Clock.Now())
	b.Entfernt, err = workflow.View(ctx, s.kern, func(rows journal.Rows) ([]bon.Position, error) {
		v, err := find(rows, id)
		if err != nil {
			return nil, err
		}
		return vorgaenge.Entfernt(rows, v)
	})
	return b, err
}
