package probetag

import (
	"context"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// bewegen moves cash into or out of the drawer of a till; empty: that of this machine.
func (p *platz) bewegen(
	ctx context.Context, till string, hinaus bool, g bon.Geschaeft, betrag money.Cent, grund string,
) (bon.Bon, error) {
	p.l.vergeht(3)
	return p.Dienste.Tagesabschluss.Bewegen(ctx, p.auftrag(), tagesabschluss.Bewegung{
		Till: till, Hinaus: hinaus, Geschaeft: g, Betrag: betrag, Grund: grund,
	})
}

// abschliessen counts a till and closes it; what is counted is off the book by a difference.
func (p *platz) abschliessen(ctx context.Context, till string, differenz money.Cent) error {
	if err := p.gesichert(ctx); err != nil {
		return err
	}
	s := p.Dienste.Tagesabschluss
	l, err := s.Lage(ctx, till)
	if err != nil {
		return err
	}
	e, err := s.Pruefen(ctx, till, gezaehlt(l.Bar+differenz))
	if err != nil {
		return err
	}
	p.l.vergeht(10)
	_, err = s.Abschliessen(ctx, p.auftrag(), e.Zaehlung)
	return err
}

// gezaehlt is cash in as few coins and notes as it can be.
func gezaehlt(sum money.Cent) (z abschluss.Zaehlung) {
	for _, c := range abschluss.Nennwerte() {
		if n := sum / c; n > 0 {
			z = append(z, abschluss.Stueck{Wert: c, Anzahl: int(n)})
			sum -= n * c
		}
	}
	return z
}
