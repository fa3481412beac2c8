package tagesabschluss

import (
	"cmp"
	"context"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
)

// Apothekentag is the closing of the pharmacy: what its tills closed for a business day, and which
// have not closed it yet.
type Apothekentag struct {
	Tag     civil.Day
	Heute   bool
	Plaetze []Platztag
	Summe   abschluss.Abschluss // of all that are closed
	Offen   int                 // tills that have not
}

// Platztag is the business day of a till.
type Platztag struct {
	Till        string
	Abschluesse []abschluss.Abschluss // in order; several if the day was closed more than once
	Belege      int                   // not closed yet; 0: all are
}

// Apotheke returns the closing of the pharmacy for a business day; 0: today. Tills that booked nothing
// are not in it.
func (s *Service) Apotheke(ctx context.Context, day civil.Day) (Apothekentag, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (t Apothekentag, err error) {
		today := clock.Today(s.kern.Clock)
		t.Tag = cmp.Or(day, today)
		t.Heute = t.Tag >= today
		tills, err := kassenbuch.Laden(rows)
		if err != nil {
			return t, err
		}
		var closed []abschluss.Abschluss
		for _, l := range tills {
			p, err := s.platztag(rows, l.Till, t.Tag)
			if err != nil {
				return t, err
			}
			if p.Belege > 0 {
				t.Offen++
			}
			if p.Belege > 0 || len(p.Abschluesse) > 0 {
				t.Plaetze = append(t.Plaetze, p)
			}
			closed = append(closed, p.Abschluesse...)
		}
		t.Summe = abschluss.Apotheke(closed)
		return t, nil
	})
}

func (s *Service) platztag(rows journal.Rows, till string, day civil.Day) (p Platztag, err error) {
	p.Till = till
	err = kassenbuch.EachAbschluss(rows, till, func(a abschluss.Abschluss) (bool, error) {
		if a.Tag == day {
			p.Abschluesse = append([]abschluss.Abschluss{a}, p.Abschluesse...)
		}
		return true, nil // a clock that was wrong puts days out of order
	})
	if err != nil {
		return p, err
	}
	l, err := s.lage(rows, till)
	if err == nil && l.Tag == day {
		p.Belege = l.Belege
	}
	return p, err
}
