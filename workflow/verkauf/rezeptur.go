package verkauf

import (
	"context"
	"fmt"

	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rezeptur"
)

// RezepturEingabe is a preparation to add.
type RezepturEingabe = rezeptur.Eingabe

// Arbeiten lists the kinds of work with the Grundmengen of today.
func (s *Service) Arbeiten() ([]preis.Arbeitsart, error) {
	stand, err := s.kern.Recht.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return nil, fmt.Errorf("law of today: %w", err)
	}
	return preis.Arbeiten(stand.Preis), nil
}

// Rezeptur adds a preparation.
func (s *Service) Rezeptur(ctx context.Context, a workflow.Auftrag, id string, in RezepturEingabe) (Ansicht, error) {
	if in.Rezept == "" {
		in.Verordnung = 0
	}
	sok, err := in.Check()
	if err != nil {
		return Ansicht{}, err
	}
	return s.add(ctx, a, id, vorgang.Position{
		Art: vorgang.Rezeptur, SOK: sok, Bezeichnung: in.Bezeichnung, Betrag: in.Betrag, Zubereitung: in.Zubereitung,
		Menge: 1, Rezept: in.Rezept, Verordnung: in.Verordnung,
	})
}
