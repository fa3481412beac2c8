package festlegung

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
)

// Wechsel is a parameter whose value changes on a day.
type Wechsel struct {
	Ab               civil.Day
	Parameter, Name  string
	Einheit          string
	Alt, Neu         string // "" where it is not in force
	Norm, Pruefen    string // Pruefen: why it must still be compared with the source
	EigeneFestlegung bool
}

// Aussicht returns what changes on the next day on which anything does; none if
// nothing is known to change.
func (s *Service) Aussicht() ([]Wechsel, error) {
	l, err := s.lage()
	if err != nil {
		return nil, err
	}
	today := clock.Today(s.kern.Clock)
	for _, day := range l.sammlung.Aenderungen() {
		if day <= today {
			continue
		}
		if list := wechsel(l.sammlung, today, day); len(list) > 0 {
			return list, nil
		}
	}
	return nil, nil
}

func wechsel(law *recht.Sammlung, von, bis civil.Day) []Wechsel {
	var list []Wechsel
	for _, u := range law.Unterschied(von, bis) {
		w := Wechsel{
			Ab: bis, Parameter: u.Parameter.ID, Name: u.Parameter.Name, Einheit: u.Parameter.Einheit,
			Norm: u.Zeile.Norm, Pruefen: u.Zeile.Pruefen, EigeneFestlegung: u.Zeile.Art == fassung.Festlegung,
		}
		if u.Alt != nil {
			w.Alt = u.Alt.WertText()
		}
		if u.Neu != nil {
			w.Neu = u.Neu.WertText()
		}
		list = append(list, w)
	}
	return list
}

// Wahl is a parameter for which something can be laid down, with what holds today.
type Wahl struct{ Parameter, Name, Einheit, Wert string }

// Parameter returns everything for which something can be laid down, in order of ID.
func (s *Service) Parameter() ([]Wahl, error) {
	l, err := s.lage()
	if err != nil {
		return nil, err
	}
	today := clock.Today(s.kern.Clock)
	all := l.sammlung.Parameter()
	list := make([]Wahl, 0, len(all))
	for _, p := range all {
		w := Wahl{Parameter: p.ID, Name: p.Name, Einheit: p.Einheit}
		if z, ok := p.Am(today); ok {
			w.Wert = z.WertText()
		}
		list = append(list, w)
	}
	return list, nil
}

// Vorschau says what a Festlegung would change on its first day, without making it;
// what cannot be laid down is refused as by Festlegen.
func (s *Service) Vorschau(
	a workflow.Auftrag, parameter string, ab civil.Day, wert, begruendung string,
) (Wechsel, error) {
	e, err := s.pruefe(a, event.RechtFestgelegt{Parameter: parameter, Ab: ab, Wert: wert, Begruendung: begruendung})
	if err != nil {
		return Wechsel{}, err
	}
	l, err := s.lage()
	if err != nil {
		return Wechsel{}, err
	}
	p, _ := l.sammlung.Suche(e.Parameter) // pruefe found it
	w := Wechsel{Ab: ab, Parameter: p.ID, Name: p.Name, Einheit: p.Einheit, Neu: e.Wert, EigeneFestlegung: true}
	if z, ok := p.Am(ab); ok {
		w.Alt, w.Norm = z.WertText(), z.Norm
	}
	if e.Wert == recht.Zurueckgenommen {
		w.Neu = ""
		if q, ok := l.grund.Suche(e.Parameter); ok {
			if z, ok := q.Am(ab); ok {
				w.Neu = z.WertText()
			}
		}
	}
	return w, nil
}
