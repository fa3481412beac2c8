package tagesabschluss

import (
	"cmp"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/kassenbuch"
)

// abschnitt are records, one after the other, that one version of the program booked: they share a
// closing. Another version begins the next (DSFinV-K 2.4 Nr. 3.2, ADR 0034).
type abschnitt struct {
	fassung string
	belege  []bon.Bon
}

// abschnitte cuts records where the version changes. One that names none was booked by the version of
// the last closing, as the versions before this one did not name themselves.
func (s *Service) abschnitte(rows journal.Rows, till string, list []bon.Bon) (parts []abschnitt, err error) {
	last, _, err := kassenbuch.Letzter(rows, till)
	if err != nil {
		return nil, err
	}
	alt := cmp.Or(last.Stamm.Geraet.Fassung, s.geraet.Fassung)
	for _, b := range list {
		f := cmp.Or(b.Programm, alt)
		if n := len(parts); n == 0 || parts[n-1].fassung != f {
			parts = append(parts, abschnitt{fassung: f})
		}
		p := &parts[len(parts)-1]
		p.belege = append(p.belege, b)
	}
	return parts, nil
}

// jeAbschnitt are the closings of the records, with numbers that follow each other. All but the last
// one are closed by book: cash is counted once, and what other tills moved of it counts there.
func (s *Service) jeAbschnitt(
	rows journal.Rows, k abschluss.Kopf, begin money.Cent, own, others []bon.Bon,
) (list []abschluss.Abschluss, err error) {
	parts, err := s.abschnitte(rows, k.Till, own)
	if err != nil {
		return nil, err
	}
	first, last := k.Nummer, len(parts)-1
	for i, p := range parts {
		k.Nummer = first + i
		var foreign []bon.Bon
		if i == last {
			foreign = others
		}
		a := abschluss.Compute(k, begin, p.belege, foreign)
		if i < last {
			a.GezaehltMit = first + last
		}
		if a.Stamm, err = s.stammdaten(rows, k, p, a.Geschaefte); err != nil {
			return nil, err
		}
		list, begin = append(list, a), a.Barbestand
	}
	return list, nil
}
