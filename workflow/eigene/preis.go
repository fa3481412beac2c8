package eigene

import (
	"context"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/workflow"
)

// weit is how many days ahead a price may begin or end; it finds slips in the year.
const weit = 3 * 366

// Preis sets a price of the pharmacy's own from a day on: today's, if none is named. It
// takes the place of an earlier one that begins on the same day.
func (s *Service) Preis(ctx context.Context, a workflow.Auftrag, e Preiseingabe) error {
	if e.Ab == 0 {
		e.Ab = clock.Today(s.kern.Clock)
	}
	if err := preisOK(e.Preis); err != nil {
		return err
	}
	_, err := s.do(ctx, a, []any{"eigener preis", e}, func(rows journal.Rows) ([]journal.Event, error) {
		old, _, err := eigene.FindPreis(rows, e.PZN, e.Ab)
		if err == nil && old == e {
			err = workflow.ErrUnchanged
		}
		if err == nil {
			err = s.pruefePreis(ctx, rows, e, old)
		}
		return []journal.Event{e}, err
	})
	return err
}

// pruefePreis says whether a price may be set; old is what was set for its first day.
func (s *Service) pruefePreis(ctx context.Context, rows journal.Rows, e, old Preiseingabe) error {
	a, err := s.artikel(ctx, rows, e.PZN)
	if err != nil {
		return err
	}
	if err := frei(a); err != nil {
		return err
	}
	today := clock.Today(s.kern.Clock)
	switch late := today.AddDays(weit); {
	case e.Ab < today && old.PZN == "" || e.Ab > late || e.Bis > late:
		return fault.New(fault.Invalid, "A-672",
			"Ein eigener Preis beginnt heute oder in den nächsten drei Jahren – prüfen Sie die Tage.", nil)
	case e.Bis != 0 && e.Bis < e.Ab:
		return fault.New(fault.Invalid, "A-672", "Der letzte Tag liegt vor dem ersten – prüfen Sie beide Tage.", nil)
	case e.Ab < today && e.Preis != old.Preis:
		return fault.New(fault.Conflict, "A-673",
			"Dieser Preis gilt schon seit dem "+e.Ab.German()+" – setzen Sie den neuen ab heute.", nil)
	}
	return nil
}

// frei refuses a price of one's own where law sets it.
func frei(a artikel.Artikel) error {
	if !a.Verschreibungspflichtig {
		return nil
	}
	return fault.New(fault.Denied, "A-670", "Verschreibungspflichtig – den Preis setzt die Arzneimittelpreisverordnung "+
		"(§ 78 AMG); ein eigener Preis ist nur für frei verkäufliche und apothekenpflichtige Artikel möglich.", nil)
}

// Beenden ends a price: one that has not begun before today is taken back, one that has
// held until yesterday.
func (s *Service) Beenden(ctx context.Context, a workflow.Auftrag, pzn kennung.PZN, ab civil.Day) error {
	_, err := s.do(ctx, a, []any{"eigener preis endet", pzn, ab}, func(rows journal.Rows) ([]journal.Event, error) {
		e, ok, err := eigene.FindPreis(rows, pzn, ab)
		if err != nil {
			return nil, err
		}
		today := clock.Today(s.kern.Clock)
		if !ok || e.Preis == 0 || e.Bis != 0 && e.Bis < today {
			return nil, fault.New(fault.NotFound, "A-671",
				"Diesen eigenen Preis gibt es nicht oder er ist schon beendet – laden Sie die Seite neu.", nil)
		}
		if ab >= today {
			e.Preis, e.Bis = 0, 0
		} else {
			e.Bis = today.AddDays(-1)
		}
		return []journal.Event{e}, nil
	})
	return err
}

// Wechsel are the days ahead on which a price of the pharmacy's own begins or has just ended.
func (s *Service) Wechsel(ctx context.Context) ([]civil.Day, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]civil.Day, error) {
		today := clock.Today(s.kern.Clock)
		return eigene.Wechsel(rows, today, today.AddDays(weit+1))
	})
}

// artikel is an article without any price of the pharmacy's own: its own or the catalogue's.
func (s *Service) artikel(ctx context.Context, rows journal.Rows, pzn kennung.PZN) (artikel.Artikel, error) {
	own, ok, err := eigene.Find(rows, pzn)
	if err != nil {
		return artikel.Artikel{}, err
	}
	if ok {
		return Artikel(own), nil
	}
	a, ok, err := s.imKatalog(ctx, pzn)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "A-671",
			"Diese PZN steht weder im Katalog noch bei den eigenen Artikeln – prüfen Sie die Ziffern.", nil)
	}
	return a, err
}
