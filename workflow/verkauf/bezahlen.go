package verkauf

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/rechnung"
	"github.com/offizin/offizin/workflow/rechte"
	"github.com/offizin/offizin/workflow/zahlung"
)

// Bezahlen finishes a cart. Everything is computed anew in the transaction that books
// it: what is booked is what was shown, or nothing is.
func (s *Service) Bezahlen(ctx context.Context, a workflow.Auftrag, id string, z Zahlung) (bon.Bon, error) {
	if s.kern.Absicherung != nil {
		s.kern.Absicherung.Warten(ctx, id)
	}
	now := s.kern.Clock.Now()
	return s.book(ctx, a, []any{"Bezahlen", id, z}, func(rows journal.Rows) (bon.Bon, error) {
		v, err := find(rows, id)
		if err != nil {
			return bon.Bon{}, err
		}
		if err := s.editable(v.Vorgang); err != nil {
			return bon.Bon{}, err
		}
		out, err := s.rechnung.Ansicht(ctx, rows, v, now)
		if err != nil {
			return bon.Bon{}, err
		}
		if err := payable(out, z); err != nil {
			return bon.Bon{}, err
		}
		b := out.Bon(a.Actor, now)
		if b.Entfernt, err = vorgaenge.Entfernt(rows, v); err != nil {
			return b, err
		}
		if b.Zahlungen, err = zahlung.Split(out.Summen.Patient, z.Karte, z.Gegeben); err != nil {
			return b, err
		}
		if err := mitKarte(rows, id, b.Zahlungen); err != nil {
			return b, err
		}
		return b, rechte.Verkauf(rows, a.Actor, posten(out), clock.DayOf(now))
	})
}

// book writes one Bon with the next number of this till. The same act gives the same
// Bon again.
func (s *Service) book(
	ctx context.Context, a workflow.Auftrag, input any, decide func(journal.Rows) (bon.Bon, error),
) (bon.Bon, error) {
	var res journal.Result
	var decided bon.Bon
	err := s.rechnung.Opened(ctx, func() error {
		var err error
		res, err = s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
			b, err := decide(rows)
			if err != nil {
				return nil, err
			}
			b.Platz = s.kern.Platz
			if b.Nummer, err = bons.Next(rows, s.kern.Till); err != nil {
				return nil, err
			}
			if s.kern.Absicherung != nil {
				s.kern.Absicherung.Bon(&b)
			}
			decided = b
			list, err := ereignisse(rows, a.Actor, b, s.kern.Clock)
			if err != nil {
				return nil, err
			}
			return kassenmeldung.Gebucht(rows, s.kern.Till, b, s.kern.Clock, list)
		})
		return err
	})
	if err != nil {
		return bon.Bon{}, err
	}
	s.kern.Safe(ctx, res)
	if res.Repeated {
		if decided, err = booked(res); err != nil {
			return bon.Bon{}, err
		}
	}
	if s.kern.Absicherung != nil {
		s.kern.Absicherung.Gebucht(ctx, decided)
	}
	return decided, nil
}

// booked reads the Bon from the records of an act that was done before.
func booked(res journal.Result) (bon.Bon, error) {
	for _, r := range res.Records {
		e, err := event.Decode(r.Type, r.Payload)
		if err != nil {
			return bon.Bon{}, err
		}
		switch v := e.(type) {
		case event.VerkaufAbgeschlossen:
			return v.Bon, nil
		case event.BelegGebucht:
			return v.Bon, nil
		}
	}
	return bon.Bon{}, errors.New("act wrote no Bon")
}

// payable says why a cart cannot be paid: the first reason that the user must settle.
func payable(out Ansicht, z Zahlung) error {
	if len(out.Zeilen) == 0 {
		return fault.New(fault.Invalid, "V-201",
			"Der Vorgang ist leer – scannen oder suchen Sie zuerst einen Artikel.", nil)
	}
	list := out.Befunde()
	for _, b := range list {
		if b.Schwere == befund.Hindernis {
			return fault.New(fault.Denied, b.Code, b.Text, b)
		}
	}
	if slices.Contains(z.Bestaetigt, rechnung.CodeUebung) && !out.Uebung {
		return fault.New(fault.Conflict, "V-532",
			"Der Übungsbetrieb ist inzwischen beendet – prüfen Sie den Vorgang und bezahlen Sie ihn noch einmal.", nil)
	}
	if due := out.Summen.Patient; due != z.Erwartet {
		return fault.New(fault.Conflict, "V-202", fmt.Sprintf(
			"Der Betrag hat sich geändert: zu zahlen sind jetzt %s statt %s – bitte prüfen und noch einmal bezahlen.",
			due, z.Erwartet), nil)
	}
	var open []string
	for _, b := range list {
		if b.Schwere == befund.Warnung && !slices.Contains(z.Bestaetigt, b.Code) && !slices.Contains(open, b.Error()) {
			open = append(open, b.Error())
		}
	}
	if len(open) > 0 {
		return fault.New(fault.Conflict, "V-203", "Bitte bestätigen Sie zuerst: "+strings.Join(open, " · ")+".", nil)
	}
	return nil
}

func posten(a Ansicht) (list []rechte.Posten) {
	for _, z := range a.Zeilen {
		list = append(list, rechte.Posten{Artikel: z.Artikel, Position: z.Position, Rechnung: z.Rechnung})
	}
	return list
}
