package verkauf

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/rueckzahlung"
)

// Storno undoes a whole sale by a counter-sale: all amounts negative, goods back in
// stock, prescriptions open again, money back the way it came. Only once, and not
// after a Retoure.
func (s *Service) Storno(ctx context.Context, a workflow.Auftrag, nummer, grund string) (bon.Bon, error) {
	return s.StornoMit(ctx, a, nummer, grund, rueckzahlung.Wunsch{})
}

// StornoMit is Storno, with the money back as it is wanted. *rueckzahlung.Fehlt: the terminal has to give
// it back first.
func (s *Service) StornoMit(
	ctx context.Context, a workflow.Auftrag, nummer, grund string, w rueckzahlung.Wunsch,
) (bon.Bon, error) {
	grund, err := reason(grund)
	if err != nil {
		return bon.Bon{}, err
	}
	now := s.kern.Clock.Now()
	return s.book(ctx, a, []any{"Storno", nummer, grund, w}, func(rows journal.Rows) (bon.Bon, error) {
		old, undoing, err := s.sale(rows, nummer)
		if err != nil {
			return bon.Bon{}, err
		}
		if len(undoing) > 0 {
			return bon.Bon{}, fault.New(fault.Conflict, "V-404", fmt.Sprintf(
				"Zu diesem Bon gibt es schon die Retoure %s – nehmen Sie den Rest ebenso als Retoure zurück.",
				undoing[0].Nummer), nil)
		}
		if err := umkehrbar(rows, old); err != nil {
			return bon.Bon{}, err
		}
		b := against(old, bon.Storno, grund, a.Actor, now)
		b.Positionen = old.Umkehr()
		if err := rechte.Umkehr(rows, a.Actor, b, b.Tag); err != nil {
			return b, err
		}
		err = rueckzahlung.Zahlungen(rows, s.kern.Till, old, undoing, &b, w)
		return b, err
	})
}

// Retoure takes goods back, whole lines or single packs, and pays out in cash what was
// paid for them. What the Kostenträger bears goes back to the prescription.
func (s *Service) Retoure(
	ctx context.Context, a workflow.Auftrag, nummer string, zeilen []retoure.Zeile, grund string,
) (bon.Bon, error) {
	return s.RetoureMit(ctx, a, nummer, zeilen, grund, rueckzahlung.Wunsch{})
}

// RetoureMit is Retoure, with the money back as it is wanted. *rueckzahlung.Fehlt: the terminal has to
// give it back first.
func (s *Service) RetoureMit(
	ctx context.Context, a workflow.Auftrag, nummer string, zeilen []retoure.Zeile, grund string, w rueckzahlung.Wunsch,
) (bon.Bon, error) {
	grund, err := reason(grund)
	if err != nil {
		return bon.Bon{}, err
	}
	now := s.kern.Clock.Now()
	return s.book(ctx, a, []any{"Retoure", nummer, zeilen, grund, w}, func(rows journal.Rows) (bon.Bon, error) {
		old, undoing, err := s.sale(rows, nummer)
		if err != nil {
			return bon.Bon{}, err
		}
		b := against(old, bon.Retoure, grund, a.Actor, now)
		if b.Positionen, err = retoure.Zurueck(old, zeilen, retoure.Bisher(undoing)); err != nil {
			return bon.Bon{}, err
		}
		back, err := verrechnet(rows, old, undoing, -b.Summen().Patient)
		if err != nil {
			return bon.Bon{}, err
		}
		b.Positionen = append(b.Positionen, back...)
		if err := rechte.Umkehr(rows, a.Actor, b, b.Tag); err != nil {
			return b, err
		}
		err = rueckzahlung.Zahlungen(rows, s.kern.Till, old, undoing, &b, w)
		return b, err
	})
}

// sale finds a Bon that can be undone, with the Retouren that undid part of it.
func (s *Service) sale(rows journal.Rows, nummer string) (bon.Bon, []bon.Bon, error) {
	practice, err := haus.Uebungsbetrieb(rows, s.kern.Till)
	if err != nil {
		return bon.Bon{}, nil, err
	}
	if practice {
		return bon.Bon{}, nil, fault.New(fault.Denied, "V-533",
			"Im Übungsbetrieb wird nichts storniert oder zurückgenommen – beenden Sie ihn zuerst in den Einstellungen.", nil)
	}
	b, ok, err := bons.Find(rows, nummer)
	switch {
	case err != nil:
		return bon.Bon{}, nil, err
	case !ok:
		return bon.Bon{}, nil, keinBon()
	case b.Art != bon.Verkauf:
		return bon.Bon{}, nil, fault.New(fault.Denied, "V-402",
			"Dieser Bon ist selbst ein Storno oder eine Retoure – er lässt sich nicht noch einmal umkehren.", nil)
	}
	undoing, err := bons.Undoing(rows, nummer)
	if err != nil {
		return bon.Bon{}, nil, err
	}
	for _, u := range undoing {
		if u.Art == bon.Storno {
			return bon.Bon{}, nil, fault.New(fault.Conflict, "V-403", fmt.Sprintf(
				"Der Bon ist schon storniert – siehe Bon %s.", u.Nummer), nil)
		}
	}
	return b, undoing, nil
}

func keinBon() error {
	return fault.New(fault.NotFound, "V-401",
		"Diesen Bon gibt es nicht – prüfen Sie die Nummer, zum Beispiel 1-000417.", nil)
}

// against is the head of a Bon that undoes another.
func against(old bon.Bon, art bon.Art, grund, actor string, now time.Time) bon.Bon {
	return bon.Bon{
		Art: art, Bezug: old.Nummer, BezugTag: old.Tag, Grund: grund, Uebung: old.Uebung, Unbar: old.Unbar,
		Zeit: now.UnixNano(), Tag: clock.DayOf(now), Benutzer: actor, Kunde: old.Kunde, Katalog: old.Katalog,
	}
}

func reason(grund string) (string, error) {
	grund = strings.TrimSpace(grund)
	if grund == "" || len(grund) > 200 {
		return "", fault.New(fault.Invalid, "V-409",
			"Der Grund fehlt oder ist zu lang – geben Sie 1 bis 200 Zeichen ein.", nil)
	}
	return grund, nil
}

// Nachdruck logs that the receipt ("bon") of a Bon is printed again.
func (s *Service) Nachdruck(ctx context.Context, a workflow.Auftrag, nummer, art string) error {
	if art != "bon" {
		return fault.New(fault.Invalid, "V-410",
			"Nachdrucken lässt sich hier nur der Bon – das Muster 16 drucken Sie beim Rezept.", nil)
	}
	_, err := s.kern.Do(ctx, a, []any{"Nachdruck", nummer, art}, func(rows journal.Rows) ([]journal.Event, error) {
		if _, ok, err := bons.Find(rows, nummer); err != nil || !ok {
			return nil, or(err, keinBon())
		}
		return []journal.Event{event.BelegNachgedruckt{Bon: nummer, Art: art}}, nil
	})
	return err
}

// Druck logs that what a Bon adds to a prescription on paper is printed on it, and
// whether that is the first print or a reprint.
func (s *Service) Druck(ctx context.Context, a workflow.Auftrag, nummer, rezept string) error {
	_, err := s.kern.Do(ctx, a, []any{"Druck", nummer, rezept}, func(rows journal.Rows) ([]journal.Event, error) {
		if _, ok, err := bons.Find(rows, nummer); err != nil || !ok {
			return nil, or(err, keinBon())
		}
		before, err := bons.Gedruckt(rows, nummer, rezept)
		e := event.BelegGedruckt{Bon: nummer, Art: "muster-16", Rezept: rezept, Druck: before + 1}
		return []journal.Event{e}, err
	})
	return err
}
