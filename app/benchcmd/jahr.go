package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/driver"
)

// jahr gives the first machine a year of sales and measures how long a machine that was off
// meanwhile takes to have it all, and a blank one. Catalogues are not shipped yet: it lies in the
// folder of the blank machine already, and join is the time of the journal alone.
func (l *knotenlauf) jahr(ctx context.Context) ([]Messung, error) {
	if l.Verkaeufe == 0 {
		return nil, nil
	}
	a := l.rechner[0]
	n, err := l.fuelle(ctx, a)
	if err == nil {
		err = a.Starte(ctx)
	}
	if err != nil {
		return nil, err
	}
	late, err := l.aufholen(ctx, "catchup", l.rechner[1], n, func() error { return l.rechner[1].Starte(ctx) })
	if err != nil {
		return nil, err
	}
	l.rechner[1].Stop()
	blank := l.rechner[3]
	join, err := l.aufholen(ctx, "join", blank, n, func() error { return blank.Join(ctx, a) })
	return []Messung{late, join}, err
}

// fuelle makes sales of the usual kinds at the first machine and copies them for a year.
func (l *knotenlauf) fuelle(ctx context.Context, a *driver.Rechner) (int, error) {
	if err := a.Starte(ctx); err != nil {
		return 0, err
	}
	till := &lauf{Gemeinsam: Gemeinsam{N: 20}, env: l.env, client: a.Till(benutzer)}
	_, err := till.reihe("rezept", (*lauf).mitRezept)
	if err == nil {
		_, err = till.reihe("ablauf", (*lauf).ablauf)
	}
	a.Stop()
	if err != nil {
		return 0, err
	}
	p, err := apotheke.Open(ctx, apotheke.Options{Dir: a.Daten, Clock: l.env.Clock, Log: l.env.Log})
	if err != nil {
		return 0, err
	}
	start := l.env.Clock.Mono()
	n, err := jahre(ctx, p.Store, 1, l.Verkaeufe, func(done int) {
		fmt.Fprintf(l.env.Stderr, "%d von %d Verkäufen\n", done, l.Verkaeufe)
	})
	fmt.Fprintf(l.env.Stderr, "%d Sätze nach %.1f s\n", n, (l.env.Clock.Mono() - start).Seconds())
	return n, errors.Join(err, p.Close())
}

// aufholen starts a machine and waits until it has all records of the first one.
func (l *knotenlauf) aufholen(
	ctx context.Context, name string, r *driver.Rechner, n int, begin func() error,
) (Messung, error) {
	start := l.env.Clock.Mono()
	if err := begin(); err != nil {
		return Messung{}, err
	}
	err := driver.Warte(ctx, 30*time.Minute, name, func(ctx context.Context) bool {
		mine, err := r.Stand(ctx)
		theirs, bad := l.rechner[0].Stand(ctx)
		return err == nil && bad == nil && mine.Saetze == theirs.Saetze && mine.Saetze >= uint64(n)
	})
	m := rate(name, n, l.env.Clock.Mono()-start)
	m.RSS, m.Privat = rss(r.PID())
	m.CPU = cpu(r.PID())
	return m, err
}
