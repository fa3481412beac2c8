package probetag

import (
	"context"

	"github.com/offizin/offizin/integration/tse/simulator"
)

// aktualisieren has a till go on with the next version of the program while its day is open: nobody
// counts, and the next closing has two numbers (ADR 0034).
func (l *lauf) aktualisieren(ctx context.Context) error {
	p := l.eins
	_, err := p.kauf(ctx, l.zahlweise(), l.ware())
	if err := l.danach(ctx, p, err); err != nil {
		return err
	}
	p.fassung = "Probetag 2"
	if err := p.neustart(ctx); err != nil {
		return err
	}
	_, err = p.kauf(ctx, l.zahlweise(), l.ware())
	return l.danach(ctx, p, err)
}

// tseTauschen gives a till another TSE while a cart is on its counter and its day is open: what was
// begun at the old one is ended there, the sale is signed by the new one, and one closing has both.
func (l *lauf) tseTauschen(ctx context.Context) error {
	p := l.zwei
	id, err := p.wagen(ctx, l.ware())
	if err == nil {
		err = p.Absicherung.Raeumen(ctx)
	}
	if err != nil {
		return err
	}
	p.anhalten()
	p.anhalten = nil
	p.alte, p.tseDir = append(p.alte, p.tse), p.tseDir+"-neu"
	if p.tse, err = simulator.Open(simulator.Optionen{Ordner: p.tseDir}, l.uhr); err != nil {
		return err
	}
	p.geraet = &geraet{TSE: p.tse, geordnet: make(chan struct{})}
	if err := p.einrichten(ctx); err != nil {
		return err
	}
	_, err = p.zahlen(ctx, id, l.zahlweise())
	return l.danach(ctx, p, err)
}
