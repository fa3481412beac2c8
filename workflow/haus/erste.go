package haus

import (
	"context"
	"strings"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
)

// ErstePerson adds the first person of the staff of a new pharmacy, an Inhaber, who does it as that
// person: there is nobody yet who could. As soon as there is anybody it is refused (T-951); so it is
// on a machine that has joined others (T-952): who works there is known, only not here yet.
func (s *Service) ErstePerson(ctx context.Context, key string, b Benutzer) error {
	b.Kuerzel, b.Name = strings.TrimSpace(b.Kuerzel), strings.TrimSpace(b.Name)
	b.Rolle, b.Aktiv = string(berechtigung.Inhaber), true
	if err := checkBenutzer(b); err != nil {
		return err
	}
	if s.kern.Nachbarn != nil && s.kern.Nachbarn.Anzahl() > 0 {
		return fault.New(fault.Conflict, "T-952",
			"Dieser Rechner holt noch, wer hier arbeitet – warten Sie einen Augenblick und laden Sie die Seite neu.", nil)
	}
	a := workflow.Auftrag{Key: key, Actor: b.Kuerzel}
	_, err := s.kern.Do(ctx, a, []any{"Erste Person", b}, func(rows journal.Rows) ([]journal.Event, error) {
		staff, err := haus.Benutzer(rows)
		if err == nil && len(staff) > 0 {
			err = fault.New(fault.Conflict, "T-951",
				"Hier arbeitet schon jemand – wählen Sie mit F1 Ihr Kürzel, oder lassen Sie sich anlegen.", nil)
		}
		return []journal.Event{event.BenutzerGesetzt(b)}, err
	})
	return err
}
