package drucker

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
)

// Digital is the receipt of a Bon as a customer gets it without paper (ADR 0033): the original if
// nobody has one and the printer makes none by itself, else marked as a copy. Faults: V-401 there
// is no such Bon, W-801 it has no receipt, W-802 the TSE has not answered yet.
func (s *Service) Digital(ctx context.Context, nummer string) (quittung.Beleg, error) {
	b, err := s.Beleg(ctx, nummer, Wunsch{})
	if err != nil {
		return b, err
	}
	if !gedruckt(b.Bon.Art) {
		return b, fault.New(fault.Invalid, "W-801", "Zu diesem Vorgang gibt es keinen Bon für Kunden.", nil)
	}
	_, settled, err := s.sicherung(ctx, b.Bon)
	if err != nil {
		return b, err
	}
	if age := s.kern.Clock.Now().Sub(time.Unix(0, b.Bon.Zeit).UTC()); !settled && age.Abs() < tseFrist {
		return b, fault.New(fault.Unavailable, "W-802",
			"Die TSE hat noch nicht geantwortet – warten Sie einen Augenblick, dann noch einmal.", nil)
	}
	e, err := s.Einstellung(ctx)
	if err != nil {
		return b, err
	}
	given, err := s.digitalGegeben(ctx, nummer)
	b.Digital = true
	if paper := e.Adresse != "" && e.Wann == Immer && !s.aufgegeben(nummer); given || paper || !s.ungedruckt(nummer) {
		b.Kopie = s.kern.Clock.Now().In(clock.Berlin())
	}
	return b, err
}

// Gegeben puts on record that a customer was given what Digital returned; what is printed
// afterwards is a copy.
func (s *Service) Gegeben(ctx context.Context, a workflow.Auftrag, b quittung.Beleg) error {
	nummer, copied := b.Bon.Nummer, !b.Kopie.IsZero()
	_, err := s.kern.Do(ctx, a, []any{"Digital", nummer}, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BelegDigital{Bon: nummer, Kopie: copied}}, nil
	})
	return err
}

// digitalGegeben says whether a customer was given the receipt of a Bon as QR code.
func (s *Service) digitalGegeben(ctx context.Context, nummer string) (bool, error) {
	n, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (int, error) { return bons.Digital(rows, nummer) })
	return n > 0, err
}
