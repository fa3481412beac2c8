package kartenzahlung

import (
	"context"
	"errors"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
	"github.com/offizin/offizin/workflow/rueckzahlung"
)

// Buchen books a Storno or Retoure. If the terminal has to give something back first, it is asked, and
// then it is booked; what is unclear has to be settled before. Nothing is asked of it that could not
// be booked, nor twice for the same act.
func (s *Service) Buchen(
	ctx context.Context, a workflow.Auftrag, buchen func() (bon.Bon, error),
) (bon.Bon, error) {
	b, err := buchen()
	f, missing := errors.AsType[*rueckzahlung.Fehlt](err)
	if !missing {
		return b, err
	}
	if err := s.Erstatten(ctx, workflow.Auftrag{Key: a.Key + "/e", Actor: a.Actor}, f); err != nil {
		return bon.Bon{}, err
	}
	return buchen()
}

// Erstatten has the terminal give back what is missing. Faults: V-541 something else is unclear, V-603
// this is, V-605 it declines, G-1xx for who may not.
func (s *Service) Erstatten(ctx context.Context, a workflow.Auftrag, f *rueckzahlung.Fehlt) error {
	id := "k-" + workflow.ID(a)
	ende, err := s.beginnen(id)
	if err != nil {
		return s.nurUnklar(err)
	}
	defer ende()
	input := []any{"Erstattung", f.Bon, f.Betrag}
	res, err := s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
		if err := rechte.Fordern(rows, a.Actor, berechtigung.Storno, f.Betrag, clock.Today(s.kern.Clock)); err != nil {
			return nil, err
		}
		open, err := kartenzahlungen.Offen(rows, s.kern.Till)
		if err == nil && len(open) > 0 {
			err = unklar()
		}
		if err != nil {
			return nil, err
		}
		if z, _, err := kartenzahlungen.Erstattet(rows, f.Bon); err != nil || z != nil { // another till was quicker
			return nil, errors.Join(err, rueckzahlung.Unklar())
		}
		return []journal.Event{event.KartenzahlungBegonnen{
			ID: id, Erstattung: f.Bon, Till: s.kern.Till, Betrag: f.Betrag, Zeit: s.kern.Clock.Now().UnixNano(),
		}}, nil
	})
	if err != nil {
		return err
	}
	if res.Repeated {
		return s.nurUnklar(s.klaeren(ctx, a, id))
	}
	within, stop := context.WithTimeout(context.WithoutCancel(ctx), geduldKunde)
	defer stop()
	answer, err := s.terminal.Erstatten(within, id, f.Zahlung, f.Betrag)
	return s.nurUnklar(s.beenden(ctx, a, id, answer, err))
}

// nurUnklar says of an unclear refund what to do on the page of a Bon.
func (s *Service) nurUnklar(err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code == "V-541" {
		return rueckzahlung.Unklar()
	}
	return err
}

// Erstattet is what the terminal has given back for a Bon and stands on none yet; nil: nothing.
func (s *Service) Erstattet(ctx context.Context, nummer string) (*kartenzahlungen.Zahlung, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (*kartenzahlungen.Zahlung, error) {
		z, _, err := kartenzahlungen.Erstattet(rows, nummer)
		return z, err
	})
}

// verweigert is that the terminal does not give the money back.
func verweigert(e event.KartenzahlungBeendet) error {
	text := "Das Terminal gibt das Geld nicht zurück"
	if e.Text != "" {
		text += " (" + e.Text + ")"
	}
	return fault.New(fault.Denied, "V-605", text+" – versuchen Sie es noch einmal, oder zahlen Sie bar aus und schreiben "+
		"Sie, warum.", nil)
}
