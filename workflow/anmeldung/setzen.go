package anmeldung

import (
	"context"
	"strings"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/geheim"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/workflow"
)

const (
	pinLen  = 6
	ausweis = "OA" // how a badge begins: the same on every layout of a keyboard
	notcode = "ON" // how a sealed code begins
	ziffern = 30   // random digits after it: 99 bit
)

// IstAusweis reports whether a scan has the form of a badge.
func IstAusweis(code string) bool { return hatForm(code, ausweis) }

func hatForm(code, prefix string) bool {
	rest, ok := strings.CutPrefix(code, prefix)
	return ok && len(rest) == ziffern && strings.Trim(rest, "0123456789") == ""
}

// PINSetzen sets the PIN of a user: his own, or as somebody who may manage users. Until an
// Inhaber has one, anybody may set it: see ADR 0019.
func (s *Service) PINSetzen(ctx context.Context, a workflow.Auftrag, kuerzel, pin string) error {
	if len(pin) != pinLen || strings.Trim(pin, "0123456789") != "" {
		return fault.New(fault.Invalid, "G-130", "Eine PIN hat sechs Ziffern – geben Sie sechs Ziffern ein.", nil)
	}
	if leicht(pin) {
		return fault.New(fault.Invalid, "G-131",
			"Diese PIN errät man sofort – nehmen Sie keine Reihe und keine lauter gleichen Ziffern.", nil)
	}
	hash := s.hasher.Hash(pin) // outside of the transaction: it takes its time
	_, err := s.kern.Do(ctx, a, []string{"PIN", kuerzel}, func(rows journal.Rows) ([]journal.Event, error) {
		b, err := s.aktiv(rows, kuerzel)
		if err != nil {
			return nil, err
		}
		if own := a.Actor == b.kuerzel && b.pin != ""; !own {
			if err := s.darfAn(rows, a.Actor, b); err != nil {
				return nil, err
			}
		}
		return []journal.Event{event.PinGesetzt{Kuerzel: b.kuerzel, Hash: hash}}, nil
	})
	if err == nil {
		s.richtig(kuerzel)
	}
	return err
}

// leicht reports whether a PIN is one digit or a run.
func leicht(pin string) bool {
	step := int(pin[1]) - int(pin[0])
	for i := 1; i < len(pin); i++ {
		if int(pin[i])-int(pin[i-1]) != step {
			return false
		}
	}
	return step >= -1 && step <= 1
}

func (s *Service) aktiv(rows journal.Rows, kuerzel string) (bekannt, error) {
	b, err := person(rows, kuerzel)
	if err == nil && !b.aktiv {
		err = fault.New(fault.NotFound, "G-132",
			"Dieses Kürzel gehört zu niemandem, der hier arbeitet – legen Sie die Person zuerst an.", nil)
	}
	return b, err
}

// AusweisAusgeben makes a new badge and returns its code, this once; the old one is void.
func (s *Service) AusweisAusgeben(ctx context.Context, a workflow.Auftrag, kuerzel string) (string, error) {
	code := ausweis + geheim.Ziffern(ziffern)
	hash := s.hasher.Nachschlag(code)
	res, err := s.kern.Do(ctx, a, []string{"Ausweis", kuerzel}, func(rows journal.Rows) ([]journal.Event, error) {
		b, err := s.aktiv(rows, kuerzel)
		if err != nil {
			return nil, err
		}
		if b.pin == "" {
			return nil, fault.New(fault.Conflict, "G-133",
				"Ein Ausweis braucht eine PIN daneben – legen Sie sie zuerst fest.", nil)
		}
		return []journal.Event{event.AusweisGesetzt{Kuerzel: b.kuerzel, Hash: hash}}, s.darfAn(rows, a.Actor, b)
	})
	return einmal(code, res, err)
}

// einmal returns a code only to the act that made it.
func einmal(code string, res journal.Result, err error) (string, error) {
	if err == nil && res.Repeated {
		err = fault.New(fault.Conflict, "G-134",
			"Dieser Code wurde schon einmal gezeigt und ist nirgends gespeichert – stellen Sie einen neuen aus.", nil)
	}
	if err != nil {
		return "", err
	}
	return code, nil
}

// AusweisEntziehen makes a lost badge void.
func (s *Service) AusweisEntziehen(ctx context.Context, a workflow.Auftrag, kuerzel string) error {
	_, err := s.kern.Do(ctx, a, []string{"Ausweis weg", kuerzel}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a.Actor); err != nil {
			return nil, err
		}
		if old, err := anmeldung.Ausweis(rows, kuerzel); err != nil || old == "" {
			return nil, or(err, workflow.ErrUnchanged)
		}
		return []journal.Event{event.AusweisGesetzt{Kuerzel: kuerzel}}, nil
	})
	return err
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// NotschluesselAusstellen makes the sealed code of an Inhaber and returns it, this once.
func (s *Service) NotschluesselAusstellen(ctx context.Context, a workflow.Auftrag) (string, error) {
	code := notcode + geheim.Ziffern(ziffern)
	hash := s.hasher.Nachschlag(code)
	res, err := s.kern.Do(ctx, a, "Notschlüssel", func(rows journal.Rows) ([]journal.Event, error) {
		wer, err := inhaber(rows, a.Actor)
		if err != nil {
			return nil, err
		}
		return []journal.Event{event.NotschluesselGesetzt{Kuerzel: wer, Hash: hash}}, nil
	})
	return einmal(code, res, err)
}

// Notzugang opens a session of the Inhaber with the sealed code. The code is used up: the
// Ampel stays yellow until there is a new one.
func (s *Service) Notzugang(ctx context.Context, code string) (token, kuerzel string, err error) {
	code = strings.ToUpper(strings.Join(strings.FieldsFunc(code, func(r rune) bool { return r == ' ' || r == '-' }), ""))
	wrong := fault.New(fault.Denied, "G-126",
		"Dieser Notschlüssel gilt nicht oder ist verbraucht – prüfen Sie jede Ziffer.", nil)
	if !hatForm(code, notcode) {
		return "", "", wrong
	}
	hash := s.hasher.Nachschlag(code)
	e, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (event.NotschluesselGesetzt, error) {
		e, used, err := anmeldung.Notschluessel(rows)
		if err == nil && (used || e.Hash != hash) {
			err = wrong
		}
		return e, err
	})
	if err != nil {
		return "", "", err
	}
	a := workflow.Auftrag{Key: "notschluessel-" + workflow.ID(workflow.Auftrag{Key: hash}), Actor: e.Kuerzel}
	res, err := s.kern.Do(ctx, a, "Notzugang", func(rows journal.Rows) ([]journal.Event, error) {
		b, err := s.aktiv(rows, e.Kuerzel)
		return []journal.Event{event.NotschluesselBenutzt{Kuerzel: b.kuerzel, Hash: hash}}, err
	})
	if err == nil && res.Repeated {
		err = wrong
	}
	if err != nil {
		return "", "", err
	}
	b, err := s.bekannt(ctx, e.Kuerzel)
	return s.oeffne(b, true), b.kuerzel, err
}
