package festlegung

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
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Zustand says what has become of a Festlegung.
type Zustand string

// The states of a Festlegung.
const (
	Wirksam     Zustand = "wirksam"     // in force from its day on
	Ersetzt     Zustand = "ersetzt"     // a later one for the same parameter and day took its place
	Ruecknahme  Zustand = "Rücknahme"   // it took one back
	Unbrauchbar Zustand = "unbrauchbar" // it no longer fits the parameter
)

// Eintrag is a Festlegung as it stands in the list.
type Eintrag struct {
	recht.Festlegung
	Name    string // of the parameter
	Einheit string
	Zustand Zustand
}

// Festlegen lays down a value of a parameter from a day on: "8,35", "3,15 %", "ja",
// recht.Aufgehoben, or recht.Zurueckgenommen to take an earlier Festlegung back. A
// later one for the same parameter and day takes the place of the earlier.
func (s *Service) Festlegen(
	ctx context.Context, a workflow.Auftrag, parameter string, ab civil.Day, wert, begruendung string,
) error {
	e, err := s.pruefe(a, event.RechtFestgelegt{ //nolint:contextcheck // as in Liste
		Parameter: strings.TrimSpace(parameter), Ab: ab,
		Wert: strings.TrimSpace(wert), Begruendung: strings.TrimSpace(begruendung),
	})
	if err != nil {
		return err
	}
	_, err = s.kern.Do(ctx, a, e, func(rows journal.Rows) ([]journal.Event, error) {
		if err := angestellt(rows, a.Actor); err != nil {
			return nil, err
		}
		err := rechte.Fordern(rows, a.Actor, berechtigung.Recht, 0, clock.Today(s.kern.Clock))
		if err != nil {
			return nil, err
		}
		stored, err := haus.Festlegungen(rows)
		if err != nil {
			return nil, err
		}
		last := letzte(stored, e)
		if e.Wert == recht.Zurueckgenommen && (last == nil || last.Wert == recht.Zurueckgenommen) {
			return nil, fault.New(fault.NotFound, "L-131",
				"Für diesen Parameter und Tag gibt es keine Festlegung, die zurückgenommen werden könnte.", nil)
		}
		if last != nil && last.RechtFestgelegt == e {
			return nil, workflow.ErrUnchanged
		}
		return []journal.Event{e}, nil
	})
	if err != nil {
		return err
	}
	return s.Aktualisiere(context.WithoutCancel(ctx)) // it is written: the law must follow
}

// angestellt refuses who does not work here: a Festlegung bears a name for ever, and not
// every way to it asks the staff.
func angestellt(rows journal.Rows, kuerzel string) error {
	staff, err := haus.Benutzer(rows)
	known := slices.ContainsFunc(staff, func(b event.BenutzerGesetzt) bool { return b.Aktiv && b.Kuerzel == kuerzel })
	if err == nil && !known {
		err = fault.New(fault.Denied, "L-133",
			"Dieses Kürzel gehört zu niemandem, der hier arbeitet – nennen Sie eines aus den Einstellungen.", nil)
	}
	return err
}

// pruefe says whether the Festlegung can be made and writes its value as the law
// files do.
func (s *Service) pruefe(a workflow.Auftrag, e event.RechtFestgelegt) (event.RechtFestgelegt, error) {
	l, err := s.lage()
	if err != nil {
		return e, err
	}
	f := recht.Festlegung{
		Parameter: e.Parameter, Ab: e.Ab, Wert: e.Wert, Begruendung: e.Begruendung, Wer: a.Actor,
		Am: clock.Today(s.kern.Clock),
	}
	z, err := l.grund.Pruefe(f)
	if err != nil {
		return e, err
	}
	if e.Wert != recht.Zurueckgenommen {
		e.Wert = z.WertText()
	}
	return e, l.vertraeglich(f)
}

// letzte returns the last Festlegung for the same parameter and day.
func letzte(stored []haus.Festlegung, e event.RechtFestgelegt) *haus.Festlegung {
	for i := len(stored) - 1; i >= 0; i-- {
		if stored[i].Parameter == e.Parameter && stored[i].Ab == e.Ab {
			return &stored[i]
		}
	}
	return nil
}

// Liste returns all Festlegungen that were ever made, oldest first.
func (s *Service) Liste(ctx context.Context) ([]Eintrag, error) {
	l, err := s.lage() //nolint:contextcheck // reading the law does not end with who asks
	if err != nil {
		return nil, err
	}
	stored, err := s.gespeichert(ctx)
	if err != nil {
		return nil, err
	}
	type stelle struct {
		parameter string
		ab        civil.Day
	}
	last := map[stelle]int{}
	for i, f := range stored {
		last[stelle{f.Parameter, f.Ab}] = i
	}
	list := make([]Eintrag, 0, len(stored))
	for i, f := range stored {
		e := Eintrag{Festlegung: f, Zustand: l.zustand(f, last[stelle{f.Parameter, f.Ab}] == i)}
		if p, ok := l.grund.Suche(f.Parameter); ok {
			e.Name, e.Einheit = p.Name, p.Einheit
		}
		list = append(list, e)
	}
	return list, nil
}

func (l *lage) zustand(f recht.Festlegung, last bool) Zustand {
	_, err := l.grund.Pruefe(f)
	switch {
	case err != nil:
		return Unbrauchbar
	case f.Wert == recht.Zurueckgenommen:
		return Ruecknahme
	case !last:
		return Ersetzt
	default:
		return Wirksam
	}
}
