package anmeldung

import (
	"context"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// maxOffen bounds the list of what waits for a signature.
const maxOffen = 200

// Erlaubnis is a permit as it stands in the list.
type Erlaubnis struct {
	ID, Kuerzel string
	berechtigung.Erlaubnis
	Widerrufen civil.Day
}

// Offen is a dispensing that waits for a signature: who dispensed, and when.
type Offen struct {
	Bon, Kuerzel string
	Tag          civil.Day
}

// Erteilen grants a written permit.
func (s *Service) Erteilen(ctx context.Context, a workflow.Auftrag, kuerzel string, p berechtigung.Erlaubnis) error {
	p.Dokument = strings.TrimSpace(p.Dokument)
	switch {
	case !slices.Contains(berechtigung.Arten(), p.Art):
		return fault.New(fault.Invalid, "G-140", "Diese Erlaubnis gibt es nicht – wählen Sie eine aus der Liste.", nil)
	case p.Ab == 0 || p.Datum == 0 || p.Dokument == "" || len(p.Dokument) > 200:
		return fault.New(fault.Invalid, "G-141",
			"Eine Erlaubnis ist schriftlich – geben Sie Beginn, Datum und Ort des Schriftstücks an.", nil)
	case p.Bis != 0 && p.Bis < p.Ab:
		return fault.New(fault.Invalid, "G-142", "Das Ende liegt vor dem Beginn – prüfen Sie beide Tage.", nil)
	case (p.Art == berechtigung.ErlaubnisBetrag) != (p.Grenze > 0):
		return fault.New(fault.Invalid, "G-143",
			"Ein Höchstbetrag gehört genau zur Erlaubnis „Beträge“ – füllen Sie ihn nur dort aus.", nil)
	}
	_, err := s.kern.Do(ctx, a, []any{"Erlaubnis", kuerzel, p}, func(rows journal.Rows) ([]journal.Event, error) {
		b, err := s.aktiv(rows, kuerzel)
		if err != nil {
			return nil, err
		}
		if err := s.erteilbar(rows, a.Actor, b.kuerzel, p.Art); err != nil {
			return nil, err
		}
		return []journal.Event{event.ErlaubnisErteilt{
			ID: workflow.ID(a), Kuerzel: b.kuerzel, Art: string(p.Art), Ab: p.Ab, Bis: p.Bis, Dokument: p.Dokument,
			Datum: p.Datum, Aussteller: a.Actor, Grenze: p.Grenze,
		}}, nil
	})
	return err
}

// erteilbar: nobody permits himself anything, and only the Inhaber delegates.
func (s *Service) erteilbar(rows journal.Rows, actor, kuerzel string, art berechtigung.Art) error {
	if actor == kuerzel {
		return fault.New(fault.Denied, "G-144", "Niemand erteilt sich selbst eine Erlaubnis – das macht der Inhaber.", nil)
	}
	if art == berechtigung.ErlaubnisVerwalten {
		_, err := inhaber(rows, actor)
		return err
	}
	return s.darf(rows, actor)
}

// inhaber refuses who is not an Inhaber.
func inhaber(rows journal.Rows, actor string) (string, error) {
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return "", err
	}
	for _, b := range staff {
		if b.Kuerzel == actor && b.Aktiv && b.Rolle == string(berechtigung.Inhaber) {
			if pin, err := anmeldung.PIN(rows, actor); err != nil || pin != "" {
				return actor, err
			}
		}
	}
	return "", fault.New(fault.Denied, "G-145", "Das macht nur der Inhaber, mit seiner PIN – bitten Sie ihn darum.", nil)
}

// Widerrufen ends a permit from today on.
func (s *Service) Widerrufen(ctx context.Context, a workflow.Auftrag, id string) error {
	_, err := s.kern.Do(ctx, a, []any{"Widerruf", id}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a.Actor); err != nil {
			return nil, err
		}
		all, err := anmeldung.Erlaubnisse(rows, "")
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(e anmeldung.Erlaubnis) bool { return e.ID == id })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "G-146", "Diese Erlaubnis gibt es nicht – laden Sie die Seite neu.", nil)
		}
		if all[i].Widerrufen != 0 {
			return nil, workflow.ErrUnchanged
		}
		e := event.ErlaubnisWiderrufen{ID: id, Ab: clock.Today(s.kern.Clock), Wem: all[i].Kuerzel}
		return []journal.Event{e}, nil
	})
	return err
}

// Erlaubnisse lists the permits of all.
func (s *Service) Erlaubnisse(ctx context.Context) ([]Erlaubnis, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Erlaubnis, error) {
		stored, err := anmeldung.Erlaubnisse(rows, "")
		var list []Erlaubnis
		for _, e := range stored {
			list = append(list, Erlaubnis{e.ID, e.Kuerzel, berechtigung.Erlaubnis{
				Art: berechtigung.Art(e.Art), Ab: e.Ab, Bis: e.Bis, Dokument: e.Dokument, Datum: e.Datum,
				Aussteller: e.Aussteller, Grenze: e.Grenze,
			}, e.Widerrufen})
		}
		return list, err
	})
}

// Offene lists the dispensings that wait for a signature, at most 200.
func (s *Service) Offene(ctx context.Context) ([]Offen, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Offen, error) {
		stored, err := anmeldung.Offen(rows, maxOffen)
		var list []Offen
		for _, e := range stored {
			list = append(list, Offen(e))
		}
		return list, err
	})
}

// Abzeichnen signs the dispensing of a Bon (ApBetrO § 17(6)): with the PIN of who may sign,
// or with his badge and no Kuerzel. He need not be who is logged in.
func (s *Service) Abzeichnen(ctx context.Context, key, nummer, kuerzel, geheimnis string) error {
	var b bekannt
	var err error
	womit := "PIN"
	if IstAusweis(geheimnis) {
		womit = "Ausweis"
		b, err = s.traeger(ctx, geheimnis)
	} else {
		b, err = s.pruefe(ctx, kuerzel, geheimnis)
	}
	if err != nil {
		return err
	}
	a := workflow.Auftrag{Key: key, Actor: b.kuerzel}
	_, err = s.kern.Do(ctx, a, []any{"Abzeichnen", nummer}, func(rows journal.Rows) ([]journal.Event, error) {
		err := rechte.Fordern(rows, b.kuerzel, berechtigung.Abzeichnen, 0, clock.Today(s.kern.Clock))
		if err != nil {
			return nil, err
		}
		if _, waits, err := anmeldung.Wartet(rows, nummer); err != nil || !waits {
			return nil, or(err, fault.New(fault.NotFound, "G-147",
				"Dieser Bon wartet auf keine Abzeichnung – prüfen Sie die Nummer.", nil))
		}
		if _, done, err := anmeldung.Abgezeichnet(rows, nummer); err != nil || done {
			return nil, or(err, workflow.ErrUnchanged)
		}
		return []journal.Event{event.Abgezeichnet{Bon: nummer, Kuerzel: b.kuerzel, Womit: womit}}, nil
	})
	return err
}

// Vermerke is the audit of a day (0: the newest of all days), at most 500 lines.
func (s *Service) Vermerke(ctx context.Context, day civil.Day, wer string) ([]anmeldung.Vermerk, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]anmeldung.Vermerk, error) {
		return anmeldung.Vermerke(rows, day, wer, 500)
	})
}
