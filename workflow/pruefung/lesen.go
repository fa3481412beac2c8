package pruefung

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/aenderungen"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
)

// Beleg is a record of a till with what was signed of it. Patients have pseudonyms, reasons that
// somebody typed about a patient are left out.
type Beleg struct {
	bon.Bon
	Steuer    kassenbeleg.Kassenbeleg
	Gesichert kassenbeleg.Gesichert
	Bekannt   bool // whether it was signed is known
}

// Belege are the records of a day, sales and others, by number; 0: the last day of the audit
// that is not after today.
func (s *Service) Belege(ctx context.Context, z Zugang, day civil.Day) (civil.Day, []Beleg, error) {
	if day == 0 {
		day = max(z.Von, min(z.Bis, clock.Today(s.kern.Clock)))
	}
	if err := z.darin(day); err != nil {
		return day, nil, err
	}
	list, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (list []Beleg, err error) {
		sold, err := bons.OfDay(rows, day)
		if err != nil {
			return nil, err
		}
		tills, err := kassenbuch.Laden(rows)
		if err != nil {
			return nil, err
		}
		for _, t := range tills {
			err := belege.Each(rows, t.Till, func(b bon.Bon) (bool, error) {
				if b.Tag == day {
					sold = append(sold, b)
				}
				return true, nil
			})
			if err != nil {
				return nil, err
			}
		}
		slices.SortFunc(sold, func(a, b bon.Bon) int { return cmp.Compare(a.Nummer, b.Nummer) })
		for _, b := range sold {
			x, err := z.beleg(rows, b)
			if err != nil {
				return nil, err
			}
			list = append(list, x)
		}
		return list, nil
	})
	return day, list, err
}

// Beleg is one record.
func (s *Service) Beleg(ctx context.Context, z Zugang, nummer string) (Beleg, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Beleg, error) {
		b, found, err := bons.Find(rows, nummer)
		if err == nil && !found {
			b, found, err = belege.Find(rows, nummer)
		}
		if err == nil && !found {
			err = fault.New(fault.NotFound, "T-738", "Diesen Beleg gibt es nicht – wählen Sie einen aus der Liste.", nil)
		}
		if err == nil {
			err = z.darin(b.Tag)
		}
		if err != nil {
			return Beleg{}, err
		}
		return z.beleg(rows, b)
	})
}

func (z Zugang) beleg(rows journal.Rows, b bon.Bon) (Beleg, error) {
	b.Kunde = z.Pseudonym(b.Kunde)
	b.Positionen = slices.Clone(b.Positionen)
	for i := range b.Positionen {
		p := &b.Positionen[i]
		p.Person, p.Rezept, p.KulanzGrund = z.Pseudonym(p.Person), z.Pseudonym(p.Rezept), ""
		p.Zubereitung, p.Schritte = nil, nil
	}
	g, known, err := belege.Gesichert(rows, b.Nummer)
	return Beleg{Bon: b, Steuer: kassenbeleg.Aus(b), Gesichert: g, Bekannt: known}, err
}

// Abschluesse are the closings of all tills in the period, by day and number.
func (s *Service) Abschluesse(ctx context.Context, z Zugang) ([]abschluss.Abschluss, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]abschluss.Abschluss, error) {
		return kassenbuch.Zeitraum(rows, z.Von, z.Bis)
	})
}

// Abschluss is one closing.
func (s *Service) Abschluss(ctx context.Context, z Zugang, till string, nummer int) (abschluss.Abschluss, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (abschluss.Abschluss, error) {
		a, found, err := kassenbuch.Find(rows, till, nummer)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "T-739", "Diesen Abschluss gibt es nicht – wählen Sie einen aus der Liste.", nil)
		}
		if err == nil {
			err = z.darin(a.Tag)
		}
		if err != nil {
			return abschluss.Abschluss{}, err
		}
		return a, nil
	})
}

// Zeile is what moved the cash of a till.
type Zeile struct {
	kassenbuch.Zeile
	Till string
}

// maxZeilen is the most that a list shows; the export has all.
const maxZeilen = 5000

// Kassenbuch is what moved cash in the period, by till and time.
func (s *Service) Kassenbuch(ctx context.Context, z Zugang) ([]Zeile, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []Zeile, err error) {
		tills, err := kassenbuch.Laden(rows)
		if err != nil {
			return nil, err
		}
		for _, t := range tills {
			err := kassenbuch.EachZeile(rows, t.Till, func(x kassenbuch.Zeile) (bool, error) {
				if z.darin(x.Tag) == nil {
					list = append(list, Zeile{x, t.Till})
				}
				return len(list) < maxZeilen, nil
			})
			if err != nil {
				return nil, err
			}
		}
		slices.SortStableFunc(list, func(a, b Zeile) int {
			return cmp.Or(cmp.Compare(a.Till, b.Till), cmp.Compare(a.Zeit, b.Zeit))
		})
		return list, nil
	})
}

// Ausfall is a time in which the TSE of a till did not sign.
type Ausfall struct {
	belege.Ausfall
	Till string
}

// Ausfaelle are those that touch the period.
func (s *Service) Ausfaelle(ctx context.Context, z Zugang) ([]Ausfall, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []Ausfall, err error) {
		tills, err := kassenbuch.Laden(rows)
		if err != nil {
			return nil, err
		}
		for _, t := range tills {
			all, err := belege.Ausfaelle(rows, t.Till)
			if err != nil {
				return nil, err
			}
			for _, a := range all {
				if tag(a.Beginn) <= z.Bis && (a.Ende == 0 || tag(a.Ende) >= z.Von) {
					list = append(list, Ausfall{a, t.Till})
				}
			}
		}
		return list, nil
	})
}

func tag(nanos int64) civil.Day { return clock.DayOf(time.Unix(0, nanos).UTC()) }

// Aenderungen are the changes of master data in the period.
func (s *Service) Aenderungen(ctx context.Context, z Zugang) ([]aenderungen.Zeile, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []aenderungen.Zeile, err error) {
		err = aenderungen.Each(rows, z.Von, z.Bis, func(a aenderungen.Zeile) (bool, error) {
			list = append(list, a)
			return len(list) < maxZeilen, nil
		})
		return list, err
	})
}
