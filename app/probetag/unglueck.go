package probetag

import (
	"context"
	"errors"
	"fmt"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

// stuerztAb drops the program of a machine at each point of a sale, and goes on with it.
func (l *lauf) stuerztAb(nr int) func(context.Context) error {
	return func(ctx context.Context) error {
		p := l.plaetze()[nr]
		id, err := p.wagen(ctx, l.ware())
		if err == nil {
			err = p.fallen(ctx) // begun at the TSE, and nothing is booked
		}
		if err == nil {
			_, err = p.zahlen(ctx, id, l.zahlweise())
		}
		for _, when := range []absturz{vorEnde, nachEnde} {
			if err == nil {
				err = l.stuerztBeimZahlen(ctx, p, when)
			}
		}
		return l.danach(ctx, p, err)
	}
}

// errAbsturz reports a crash that did not happen, or that changed what was booked.
var errAbsturz = errors.New("crash")

// stuerztBeimZahlen drops the program when a sale is booked and not secured; the answer of the
// repeated act is the same receipt.
func (l *lauf) stuerztBeimZahlen(ctx context.Context, p *platz, when absturz) error {
	id, err := p.wagen(ctx, l.ware(), l.ware())
	if err != nil {
		return err
	}
	z, err := p.zahlung(ctx, id, l.zahlweise())
	if err != nil {
		return err
	}
	p.geraet.stuerze(when)
	a, done := p.auftrag(), make(chan struct{})
	go func() {
		defer close(done)
		_, _ = p.Dienste.Verkauf.Bezahlen(ctx, a, id, z) // it never comes back
	}()
	<-done
	if p.geraet.ist() != abgestuerzt {
		return fmt.Errorf("%w: it did not happen", errAbsturz)
	}
	if err := p.fallen(ctx); err != nil {
		return err
	}
	b, err := p.nochmal(ctx, a, id, z)
	if err == nil && b.Transaktion == nil {
		err = fmt.Errorf("%w: %s has no transaction", errAbsturz, b.Nummer)
	}
	l.vergeht(5)
	return err
}

// nochmal repeats an act twice: nothing is booked by it.
func (p *platz) nochmal(ctx context.Context, a workflow.Auftrag, id string, z verkauf.Zahlung) (bon.Bon, error) {
	first, err := p.Dienste.Verkauf.Bezahlen(ctx, a, id, z)
	if err != nil {
		return first, err
	}
	again, err := p.Dienste.Verkauf.Bezahlen(ctx, a, id, z)
	if err == nil && again.Nummer != first.Nummer {
		err = fmt.Errorf("%w: %s became %s", errAbsturz, first.Nummer, again.Nummer)
	}
	return first, err
}

// fallen drops the program: what it had in memory is gone. Then it is started again.
func (p *platz) fallen(ctx context.Context) error {
	p.l.abstuerze++
	p.anhalten()
	p.anhalten = nil
	err := errors.Join(p.Store.Close(), p.Katalog.Close())
	p.Apotheke = nil
	if err != nil {
		return err
	}
	p.l.vergeht(2)
	return p.starten(ctx)
}

// zurueck starts the program of a till again after its TSE has come back, if it does not know yet.
func (p *platz) zurueck(ctx context.Context) error {
	set, _, err := p.Absicherung.Lage(ctx)
	if err != nil || set.Grund == "" {
		return err
	}
	p.l.vergeht(15)
	return p.neustart(ctx)
}

// platteWeg loses the disk of the second machine. It is filled again from the first one, goes on
// as a new till, and closes the old one; its cash goes into the new drawer (ADR 0029).
func (l *lauf) platteWeg(ctx context.Context) error {
	p := l.zwei
	if err := l.danach(ctx, p, nil); err != nil {
		return err
	}
	if err := p.verlieren(); err != nil {
		return err
	}
	l.vergeht(30)
	old := p.till
	p.till = "3"
	if err := l.aufnehmen(ctx); err != nil {
		return err
	}
	if err := p.abschliessen(ctx, old, 0); err != nil {
		return err
	}
	cash, err := p.Dienste.Tagesabschluss.Lage(ctx, old)
	if err == nil {
		_, err = p.bewegen(ctx, old, true, bon.Geldtransit, cash.Bar, "nach Kassenplatz "+p.till)
	}
	if err == nil {
		_, err = p.bewegen(ctx, "", false, bon.Geldtransit, cash.Bar, "von Kassenplatz "+old)
	}
	return l.danach(ctx, p, err)
}

// parken puts a cart aside at the first till, over night.
func (l *lauf) parken(ctx context.Context) error {
	id, err := l.eins.wagen(ctx, l.ware(), l.ware())
	if err != nil {
		return err
	}
	l.geparkt = id
	return l.danach(ctx, l.eins, l.eins.Dienste.Verkauf.Parken(ctx, l.eins.auftrag(), id, "holt morgen"))
}

func (l *lauf) fortsetzen(ctx context.Context) error {
	if _, err := l.eins.Dienste.Verkauf.Fortsetzen(ctx, l.eins.auftrag(), l.geparkt); err != nil {
		return err
	}
	_, err := l.eins.zahlen(ctx, l.geparkt, l.zahlweise())
	return l.danach(ctx, l.eins, err)
}
