package kassenmeldung

import (
	"context"
	"fmt"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenmeldung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	gemeldet "github.com/offizin/offizin/projection/kassenmeldung"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// CodeAusser is the code of the warning that a till is out of use: who pays has seen it, and puts
// it into use again.
const CodeAusser = "S-681"

// Ausser says whether a till is out of use: it was ended, nobody put it into use again, and no TSE
// was set up for it since (§ 146a (4) Nr. 6 AO).
func Ausser(rows journal.Rows, till string) (e gemeldet.Ende, is bool, err error) {
	e, found, err := gemeldet.Beendet(rows, till)
	if err != nil || !found || e.Wieder != 0 {
		return e, false, err
	}
	t, found, err := belege.TSE(rows, till)
	return e, err == nil && (!found || t.Seit <= e.Zeit), err
}

// Hinweis is what the till says of itself before something is paid there.
func Hinweis(e gemeldet.Ende) befund.Befund {
	return befund.Befund{
		Code: CodeAusser, Schwere: befund.Warnung,
		Text: fmt.Sprintf("Diese Kasse ist seit dem %s außer Betrieb (%s) – mit dem Bezahlen nehmen Sie sie wieder in "+
			"Betrieb, und das Finanzamt muss es binnen eines Monats erfahren.", e.Tag.German(), e.Grund),
	}
}

// Gesperrt refuses what nobody has confirmed at a till that is out of use.
func Gesperrt(rows journal.Rows, till string) error {
	_, is, err := Ausser(rows, till)
	if err != nil || !is {
		return err
	}
	return fault.New(fault.Conflict, "S-682",
		"Diese Kasse ist außer Betrieb – nehmen Sie sie unter Kasse, Abschlüsse, Alt F zuerst wieder in Betrieb.", nil)
}

// Gebucht adds to the events of a Bon that its till is in use again, if it was not and something was
// sold: whoever paid was told (CodeAusser). Anything else is refused there.
func Gebucht(rows journal.Rows, till string, b bon.Bon, c clock.Clock, list []journal.Event) ([]journal.Event, error) {
	if b.Art != bon.Verkauf {
		return list, Gesperrt(rows, till)
	}
	_, is, err := Ausser(rows, till)
	if err == nil && is {
		list = append(list, event.TillWieder{Till: till, Tag: clock.Today(c), Bon: b.Nummer})
	}
	return list, err
}

// Wieder puts a till into use again. Who may sell may do so: a till that was ended by mistake must
// not keep anybody from selling.
func (s *Service) Wieder(ctx context.Context, a workflow.Auftrag, till string) error {
	_, err := s.kern.Do(ctx, a, []any{"Wieder in Betrieb", till}, func(rows journal.Rows) ([]journal.Event, error) {
		day := clock.Today(s.kern.Clock)
		if err := rechte.Fordern(rows, a.Actor, berechtigung.Freiverkauf, 0, day); err != nil {
			return nil, err
		}
		_, is, err := Ausser(rows, till)
		if err == nil && !is {
			err = fault.New(fault.NotFound, "S-683", "Diese Kasse ist nicht außer Betrieb – wählen Sie eine aus der Liste.", nil)
		}
		return []journal.Event{event.TillWieder{Till: till, Tag: day}}, err
	})
	return err
}

// wieder adds since when tills are in use again.
func (l *Lage) wieder(rows journal.Rows) error {
	l.Wieder = map[string]civil.Day{}
	for _, x := range l.Systeme {
		e, _, err := gemeldet.Beendet(rows, x.Till)
		if err != nil {
			return err
		}
		if e.Wieder != 0 {
			l.Wieder[x.Till] = e.Wieder
		}
	}
	for i, o := range l.Offen {
		if day := l.Wieder[o.Till]; o.Was == kassenmeldung.WiederInBetrieb && day > o.Tag {
			l.Offen[i].Tag, l.Offen[i].Frist = day, kassenmeldung.Frist(day)
		}
	}
	return nil
}
