package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
)

// saleTSE measures the paying request of a cart on prescription whose TSE answers at once: what
// is measured ends with the signature.
func (c *Fiskal) saleTSE(e *env.Env) (list []Messung, err error) {
	err = c.lauf(e, func(l *lauf) error {
		sale, err := l.reihe("t", (*lauf).mitRezept)
		if err != nil {
			return err
		}
		if err := l.signiert(e.Ctx, true); err != nil {
			return err
		}
		list = []Messung{l.mitSpeicher(sale.messung("sale-tse"))}
		return nil
	})
	return list, err
}

// saleOutage measures the same while the TSE takes every request and answers none: the first
// sale, which meets it, and the others, which know.
func (c *Fiskal) saleOutage(e *env.Env) (list []Messung, err error) {
	err = c.lauf(e, func(l *lauf) error {
		if _, err := l.mitRezept(e.Ctx, "outage-before-"); err != nil { // the TSE is set up, and the till warm
			return err
		}
		if err := l.signiert(e.Ctx, true); err != nil {
			return err
		}
		l.process.Stop()
		if err := haengt(l.dir); err != nil {
			return err
		}
		if err := l.start(e.Ctx); err != nil {
			return err
		}
		d, err := l.mitRezept(e.Ctx, "outage-first-")
		if err != nil {
			return err
		}
		sale, err := l.reihe("o", (*lauf).mitRezept)
		if err != nil {
			return err
		}
		if err := l.signiert(e.Ctx, false); err != nil {
			return err
		}
		list = []Messung{reihe{d}.messung("sale-outage-first"), l.mitSpeicher(sale.messung("sale-outage"))}
		return nil
	})
	return list, err
}

// lauf runs f against a pharmacy of our own.
func (c *Fiskal) lauf(e *env.Env, f func(*lauf) error) (err error) {
	if c.An != "" {
		return errors.New("nur an einem eigenen Offizin, ohne --an")
	}
	l := &lauf{Gemeinsam: c.Gemeinsam, env: e}
	defer func() { err = errors.Join(err, l.close()) }()
	if err := l.open(e.Ctx); err != nil {
		return err
	}
	return f(l)
}

func (l *lauf) mitSpeicher(m Messung) Messung {
	m.RSS, m.Privat = l.speicher()
	return m
}

// signiert makes sure that the till is in the state that is measured: it signs, or it does not.
func (l *lauf) signiert(ctx context.Context, want bool) error {
	var lage struct {
		Serie, Grund string
		Ungesichert  int
	}
	if err := l.client.Get(ctx, "/tse", &lage); err != nil {
		return err
	}
	if signs := lage.Serie != "" && lage.Grund == ""; signs != want || lage.Ungesichert > 0 {
		return fmt.Errorf("the TSE is not as it should be: %+v", lage)
	}
	return nil
}

// haengt has the simulated TSE of a folder hang.
func haengt(dir string) error {
	cfg, found, err := anschluss.Lesen(dir)
	if err != nil || !found {
		return errors.Join(err, fmt.Errorf("no TSE in %s", filepath.Base(dir)))
	}
	cfg.Stoerung = simulator.Stoerung{Haengt: true, Verzug: time.Hour}
	return cfg.Schreiben(dir)
}
