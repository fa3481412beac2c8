package recht

import "github.com/offizin/offizin/domain/civil"

// Eintrag is a parameter with the row that holds on a day.
type Eintrag struct {
	Parameter Parameter
	Zeile     Zeile
}

// InKraft returns what is in force on the day, sorted by ID; repealed parameters
// and those that do not exist yet are left out.
func (s *Sammlung) InKraft(day civil.Day) []Eintrag {
	var list []Eintrag
	for _, p := range s.parameter {
		if z, ok := p.Am(day); ok && !z.Aufgehoben {
			list = append(list, Eintrag{p, z})
		}
	}
	return list
}

// Aenderung is what differs in a parameter between two days; a side that is not in
// force is nil. Zeile is the row that made the later state, also where it repeals.
type Aenderung struct {
	Parameter Parameter
	Alt, Neu  *Zeile
	Zeile     Zeile
}

// Unterschied returns what changes from one day to another, sorted by ID: values,
// and norms that moved while the value stayed.
func (s *Sammlung) Unterschied(von, bis civil.Day) []Aenderung {
	var list []Aenderung
	for _, p := range s.parameter {
		alt, neu := p.geltend(von), p.geltend(bis)
		if gleich(alt, neu) {
			continue
		}
		z, _ := p.Am(bis) // there is a row, or both sides would be nil
		list = append(list, Aenderung{Parameter: p, Alt: alt, Neu: neu, Zeile: z})
	}
	return list
}

func (p Parameter) geltend(day civil.Day) *Zeile {
	if z, ok := p.Am(day); ok && !z.Aufgehoben {
		return &z
	}
	return nil
}

func gleich(a, b *Zeile) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Norm == b.Norm && a.Wert.Gleich(b.Wert)
}

// Offen returns every row that a person must check before release, sorted by ID and
// day.
func (s *Sammlung) Offen() []Eintrag {
	var list []Eintrag
	for _, p := range s.parameter {
		for _, z := range p.Zeilen {
			if z.Pruefen != "" {
				list = append(list, Eintrag{p, z})
			}
		}
	}
	return list
}
