package haltbarkeit

import (
	"context"
	"fmt"
	"maps"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/rezepte"
	"github.com/offizin/offizin/workflow"
)

// erinnere compares what the till has acknowledged with what a start finds. One act
// that was not acknowledged may be there: it is repeated with its key.
func (l *lauf) erinnere(ctx context.Context, a *apotheke) {
	stored, err := alleBons(ctx, a)
	if err != nil {
		if !l.disk.Dead() {
			l.fehler("reading the Bons: %v", err)
		}
		return
	}
	for _, b := range l.bons {
		got, ok := stored[b.Nummer]
		if !ok {
			l.Verloren++
			continue
		}
		if got.Summen() != b.Summen() || got.Zeit != b.Zeit || got.Vorgang != b.Vorgang {
			l.fehler("Bon %s is not what was acknowledged", b.Nummer)
		}
	}
	if extra := len(stored) - len(l.bons) + l.Verloren; extra > 1 || extra == 1 && l.stand == nil {
		l.Doppelt += extra
	}
	if l.Verloren > 0 { // the model follows, or each later start would count the same loss
		l.bons = l.bons[:0]
		for _, b := range stored {
			l.bons = append(l.bons, b)
		}
		l.stand = nil
	}
}

// pruefe finishes the last act on a good disk and audits everything.
func (l *lauf) pruefe(ctx context.Context) {
	a, err := oeffne(ctx, l.welt, l.disk, l.uhr, l.regeln.Unsafe, 40)
	if err != nil {
		l.fehler("the program does not start on a good disk: %v", err)
		return
	}
	defer a.store.Close() //nolint:errcheck // nothing is pending
	l.erinnere(ctx, a)
	if l.stand != nil {
		l.handle(ctx, a)
	}
	l.auditiere(ctx, a)
}

// auditiere checks what must always hold: the chain, the read models, every number,
// every box, every patient.
func (l *lauf) auditiere(ctx context.Context, a *apotheke) {
	report, err := a.store.Verify(ctx)
	if err != nil {
		l.fehler("verify: %v", err)
	}
	for _, f := range report.Funde {
		l.fehler("%s: %s", f.Ort, f.Text)
	}
	stored, err := alleBons(ctx, a)
	if err != nil {
		l.fehler("reading the Bons: %v", err)
		return
	}
	if d := len(stored) - len(l.bons); d > 0 {
		l.Doppelt += d
	}
	for i := range len(stored) {
		if _, ok := stored[bons.Number("1", i+1)]; !ok {
			l.fehler("Bon number %d is missing", i+1)
		}
	}
	l.lager(ctx, a, stored)
	if err := a.oeffneRezepte(ctx); err != nil {
		l.fehler("%v", err)
	}
}

// lager holds the stock against the Bons.
func (l *lauf) lager(ctx context.Context, a *apotheke, stored map[string]bon.Bon) {
	want := map[kennung.PZN]int{}
	maps.Copy(want, l.fremd)
	for _, b := range stored {
		for _, p := range b.Positionen {
			if p.PZN != "" && !p.OhneLager {
				want[p.PZN] -= p.Menge
			}
		}
	}
	err := a.store.View(ctx, func(rows journal.Rows) error {
		return bestand.Each(rows, func(p kennung.PZN, n int) (bool, error) {
			if want[p] != n {
				l.fehler("stock of %s is %d, the Bons say %d", p, n, want[p])
			}
			delete(want, p)
			return true, nil
		})
	})
	for p, n := range want {
		l.fehler("stock of %s is missing, the Bons say %d", p, n)
	}
	if err != nil {
		l.fehler("reading the stock: %v", err)
	}
}

func alleBons(ctx context.Context, a *apotheke) (map[string]bon.Bon, error) {
	return workflow.View(ctx, a.kern, func(rows journal.Rows) (map[string]bon.Bon, error) {
		m := map[string]bon.Bon{}
		err := bons.Each(rows, 20260101, 20301231, func(b bon.Bon) (bool, error) {
			if _, twice := m[b.Nummer]; twice {
				return false, fmt.Errorf("number %s twice", b.Nummer)
			}
			m[b.Nummer] = b
			return true, nil
		})
		return m, err
	})
}

// oeffneRezepte opens every prescription: a key that did not survive its record would
// close it for ever.
func (a *apotheke) oeffneRezepte(ctx context.Context) error {
	var list []rezepte.Eintrag
	err := a.store.View(ctx, func(rows journal.Rows) error {
		return rezepte.Each(rows, func(e rezepte.Eintrag) (bool, error) {
			list = append(list, e)
			return true, nil
		})
	})
	for _, e := range list {
		if err == nil {
			_, err = a.store.Open(ctx, e.Daten)
		}
	}
	if err != nil {
		return fmt.Errorf("opening prescriptions: %w", err)
	}
	return nil
}
