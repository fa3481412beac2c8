package benchcmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/driver"
)

// jahr gives the first machine a year of sales and measures how long a machine that was off
// meanwhile takes to have it all, and a blank one, which has no catalogue either.
func (l *knotenlauf) jahr(ctx context.Context) ([]Messung, error) {
	if l.Verkaeufe == 0 {
		return nil, nil
	}
	a := l.rechner[0]
	n, err := l.fuelle(ctx, a)
	if err == nil {
		err = a.Starte(ctx)
	}
	if err == nil {
		err = geprueft(ctx, a)
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

// geprueft waits until a machine has checked its journal, which it does after a start: it is to
// be one that has been running for long.
func geprueft(ctx context.Context, r *driver.Rechner) error {
	ctx, stop := context.WithTimeout(ctx, 30*time.Minute)
	defer stop()
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for the check of the journal: %w", ctx.Err())
		}
		out, err := r.Command(ctx, "doctor", "--json") // its error may only say that not all is well
		if bytes.Contains(out, []byte(`"laeuft": true`)) && !bytes.Contains(out, []byte("wird gerade geprüft")) {
			return nil
		}
		if len(out) == 0 {
			return err
		}
	}
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

// kataloge are the names of the catalogues of a machine.
func kataloge(r *driver.Rechner) (names []string) {
	list, _ := filepath.Glob(filepath.Join(r.Daten, apotheke.KatalogDir, "2*", "manifest.json")) // the pattern is sound
	for _, file := range list {
		names = append(names, filepath.Base(filepath.Dir(file)))
	}
	return names
}

// aufholen starts a machine and waits until it has all records and catalogues of the first one.
func (l *knotenlauf) aufholen(
	ctx context.Context, name string, r *driver.Rechner, n int, begin func() error,
) (Messung, error) {
	start := l.env.Clock.Mono()
	if err := begin(); err != nil {
		return Messung{}, err
	}
	err := driver.Poll(ctx, 30*time.Minute, 200*time.Millisecond, name, func(ctx context.Context) bool {
		mine, err := r.Stand(ctx)
		theirs, bad := l.rechner[0].Stand(ctx)
		return err == nil && bad == nil && mine.Saetze == theirs.Saetze && mine.Saetze >= uint64(n) &&
			slices.Equal(kataloge(r), kataloge(l.rechner[0]))
	})
	m := rate(name, n, l.env.Clock.Mono()-start)
	m.RSS, m.Privat = rss(r.PID())
	m.CPU = cpu(r.PID())
	return m, err
}
