package verkauf

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
)

// MaxGegeben is the most cash one customer hands over: 10 000,00 €. More is a number
// scanned into the wrong field.
const MaxGegeben money.Cent = 1_000_000

// Bezahlen finishes a cart. Everything is computed anew in the transaction that books
// it: what is booked is what was shown, or nothing is.
func (s *Service) Bezahlen(ctx context.Context, a workflow.Auftrag, id string, z Zahlung) (bon.Bon, error) {
	now := s.kern.Clock.Now()
	return s.book(ctx, a, []any{"Bezahlen", id, z}, func(rows journal.Rows) (bon.Bon, error) {
		v, err := find(rows, id)
		if err != nil {
			return bon.Bon{}, err
		}
		if err := s.editable(v.Vorgang); err != nil {
			return bon.Bon{}, err
		}
		out, err := s.ansicht(ctx, rows, v, now)
		if err != nil {
			return bon.Bon{}, err
		}
		if err := payable(out, z); err != nil {
			return bon.Bon{}, err
		}
		b := out.bon(a.Actor, now)
		b.Zahlungen, err = payments(out.Summen.Patient, z)
		return b, err
	})
}

// book writes one Bon with the next number of this till. The same act gives the same
// Bon again.
func (s *Service) book(
	ctx context.Context, a workflow.Auftrag, input any, decide func(journal.Rows) (bon.Bon, error),
) (bon.Bon, error) {
	var res journal.Result
	var decided bon.Bon
	err := s.geoeffnet(ctx, func() error {
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
			decided = b
			return []journal.Event{event.VerkaufAbgeschlossen{Bon: b}}, nil
		})
		return err
	})
	if err != nil {
		return bon.Bon{}, err
	}
	s.kern.Safe(ctx, res)
	if !res.Repeated {
		return decided, nil
	}
	return booked(res)
}

// booked reads the Bon from the records of an act that was done before.
func booked(res journal.Result) (bon.Bon, error) {
	for _, r := range res.Records {
		e, err := event.Decode(r.Type, r.Payload)
		if err != nil {
			return bon.Bon{}, err
		}
		if v, ok := e.(event.VerkaufAbgeschlossen); ok {
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

// Befunde are all verdicts on a cart: on itself and on its lines.
func (a Ansicht) Befunde() []befund.Befund {
	list := slices.Clone(a.Hinweise)
	for _, z := range a.Zeilen {
		list = append(list, z.Befunde...)
	}
	return list
}

// payments checks what is handed over and returns the payments.
func payments(due money.Cent, z Zahlung) ([]bon.Zahlung, error) {
	var list []bon.Zahlung
	cash := due - z.Karte
	switch {
	case due < 0:
		return nil, fault.New(fault.Denied, "V-204",
			"Die Summe ist negativ – buchen Sie Zurückgebrachtes als Retoure.", nil)
	case z.Karte < 0 || cash < 0:
		return nil, fault.New(fault.Invalid, "V-205", fmt.Sprintf(
			"Mit Karte werden höchstens %s gezahlt – eine Auszahlung gibt es nicht.", due), nil)
	case z.Gegeben < 0 || z.Gegeben > MaxGegeben:
		return nil, fault.New(fault.Invalid, "V-206",
			"Der gegebene Betrag muss zwischen 0,01 € und 10.000,00 € liegen – wurde in dieses Feld gescannt?", nil)
	case z.Gegeben > 0 && cash == 0:
		return nil, fault.New(fault.Invalid, "V-207",
			"Bar ist nichts zu zahlen – lassen Sie den gegebenen Betrag leer.", nil)
	case z.Gegeben > 0 && z.Gegeben < cash:
		return nil, fault.New(fault.Invalid, "V-208", fmt.Sprintf(
			"Es fehlen noch %s – zu zahlen sind bar %s.", cash-z.Gegeben, cash), nil)
	}
	if z.Karte > 0 {
		list = append(list, bon.Zahlung{Art: bon.Karte, Betrag: z.Karte})
	}
	if cash > 0 {
		given := z.Gegeben
		if given == 0 {
			given = cash
		}
		list = append(list, bon.Zahlung{Art: bon.Bar, Betrag: cash, Gegeben: given})
	}
	return list, nil
}

// bon is the cart as it is booked, without number and payments.
func (a Ansicht) bon(actor string, now time.Time) bon.Bon {
	b := bon.Bon{
		Vorgang: a.Vorgang.ID, Art: bon.Verkauf, Nacherfassung: a.Vorgang.Geschehen != 0, Beleg: a.Vorgang.Beleg,
		Zeit: when(a.Vorgang, now).UnixNano(), Tag: a.Tag, Benutzer: actor, Kunde: a.Vorgang.Kunde, Katalog: a.Katalog,
	}
	for _, z := range a.Zeilen {
		b.Positionen = append(b.Positionen, z.Rechnung)
		for _, r := range a.Rezepte {
			b.Uebung = b.Uebung || r.Uebung && r.ID == z.Position.Rezept
		}
	}
	return b
}
