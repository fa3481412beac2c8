package verkauf

import (
	"context"
	"strings"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/retoure"
)

// keineTSE is printed where the data of the technical security device will stand.
const keineTSE = "Technische Sicherheitseinrichtung nicht eingerichtet (§ 146a AO) – nicht für den Echtbetrieb"

// Bon returns a Bon with everything that is shown and printed of it.
func (s *Service) Bon(ctx context.Context, nummer string) (BonAnsicht, error) {
	out, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (BonAnsicht, error) {
		practice := false
		b, ok, err := bons.Find(rows, nummer)
		if err == nil && !ok {
			b, practice, err = geuebt(rows, nummer)
			ok = practice
		}
		if err != nil || !ok {
			return BonAnsicht{}, or(err, keinBon())
		}
		out := BonAnsicht{Bon: b, Summen: b.Summen(), Steuern: b.Steuern(), TSE: keineTSE, Geuebt: practice}
		out.Zuzahlung = out.Summen.Zuzahlung - out.Summen.Kulanz
		if out.Benutzer, err = haus.Name(rows, b.Benutzer); err != nil {
			return BonAnsicht{}, err
		}
		undoing, err := bons.Undoing(rows, nummer)
		out.relate(undoing)
		return out, err
	})
	if err != nil || out.Bon.Kunde == "" {
		return out, err
	}
	p, _, err := s.personen.Find(ctx, out.Bon.Kunde)
	out.Kunde = strings.TrimSpace(p.Vorname + " " + p.Name)
	return out, err
}

// geuebt is what was paid in practice.
func geuebt(rows journal.Rows, nummer string) (bon.Bon, bool, error) {
	b, ok, err := belege.Find(rows, nummer)
	return b, ok && b.Art == bon.Verkauf, err
}

// relate adds what later undid the Bon.
func (b *BonAnsicht) relate(undoing []bon.Bon) {
	b.Zurueck, b.Mehrfach = retoure.Bisher(undoing), retoure.Mehrfach(b.Bon, undoing)
	for _, u := range undoing {
		if u.Art == bon.Storno {
			b.Storniert = u.Nummer
		} else {
			b.Retouren = append(b.Retouren, u.Nummer)
		}
	}
	if b.Bon.Art != bon.Verkauf || b.Geuebt || b.Storniert != "" {
		return
	}
	b.Stornierbar = len(b.Retouren) == 0
	for _, p := range b.Bon.Positionen {
		b.Retournierbar = b.Retournierbar || p.Retournierbar() && b.Zurueck[p.Nr] < p.Menge
	}
}

// Letzter returns the last Bon of this till; false if there is none.
func (s *Service) Letzter(ctx context.Context) (bon.Bon, bool, error) {
	found := false
	b, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (bon.Bon, error) {
		b, ok, err := bons.Last(rows, s.kern.Till)
		found = ok
		return b, err
	})
	return b, found, err
}

// BonsAm returns the Bons of a civil day, of all tills, in order of booking.
func (s *Service) BonsAm(ctx context.Context, day civil.Day) ([]bon.Bon, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]bon.Bon, error) {
		return bons.OfDay(rows, day)
	})
}
