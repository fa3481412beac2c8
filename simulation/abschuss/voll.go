package abschuss

import (
	"context"
	"strings"

	"github.com/offizin/offizin/app/driver"
)

// Platte is a small disk under the data folder that can be filled up from outside.
type Platte interface {
	// Fuelle takes all the room there is.
	Fuelle() error
	// Leere gives it back.
	Leere() error
}

// VollePlatte sells while the disk is full, and holds that each answer is a Bon or the
// sentence that says so, that what was booked can still be read, that a killed program
// starts again or says why not, and that everything goes on with the same keys once
// there is room. It returns how many steps were refused.
func VollePlatte(ctx context.Context, g Regeln, d Platte) (Ergebnis, int, error) {
	g.Personen = 2
	l := newLauf(g)
	refused, err := l.voll(ctx, d)
	if err == nil {
		err = l.pruefe(ctx)
	}
	return l.ergebnis(), refused, err
}

func (l *lauf) voll(ctx context.Context, d Platte) (int, error) {
	refused := 0
	for range l.regeln.Kills {
		p, err := l.regeln.Starte(ctx)
		if err != nil {
			return refused, err
		}
		err = l.verkaufeVoll(ctx, driver.New(p.URL, "AB"), d)
		p.Kill()
		if err == nil {
			l.starteVoll(ctx)
			err = d.Leere()
		}
		if err != nil {
			return refused, err
		}
		l.erg.Kills++
		refused += int(l.abgelehnt.Swap(0))
	}
	return refused, nil
}

// verkaufeVoll sells a little, fills the disk and sells until nothing goes any more.
func (l *lauf) verkaufeVoll(ctx context.Context, c *driver.Client, d Platte) error {
	l.erlaubt = ""
	for _, x := range l.personen {
		x.arbeite(ctx, c, 3)
	}
	l.erlaubt = vollCode
	for round := 0; l.abgelehnt.Load() < 10 && round < 200; round++ {
		if err := d.Fuelle(); err != nil { // again: what was kept in reserve is used up
			return err
		}
		for _, x := range l.personen {
			x.arbeite(ctx, c, 3)
		}
	}
	l.erinnere(ctx, c)
	return nil
}

// vollCode is the code of the sentence that says that the disk is full.
const vollCode = "J-201"

// starteVoll starts the program while the disk is full.
func (l *lauf) starteVoll(ctx context.Context) {
	p, err := l.regeln.Starte(ctx)
	if err == nil {
		p.Kill()
		return
	}
	if !strings.Contains(err.Error(), vollCode) {
		l.fehler("a start on a full disk does not say so: %v", err)
	}
}
