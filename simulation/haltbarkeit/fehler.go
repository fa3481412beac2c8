package haltbarkeit

import (
	"context"
	"errors"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/simulation/disk"
)

// JederFehler lets every operation of the disk during a sale on prescription fail once,
// one run each, and holds that the sale is there exactly once after it was repeated, also
// when the power goes right after it was acknowledged. It returns how many operations a
// sale has.
func JederFehler(ctx context.Context, seed uint64, dir string) (Ergebnis, int, error) {
	var all Ergebnis
	for n := 1; ; n++ {
		l, err := newLauf(seed, dir, Regeln{})
		if err != nil {
			return all, n, err
		}
		ops := l.einFehler(ctx, n)
		l.disk.Close()
		all.Add(l.Ergebnis)
		if ops < n {
			return all, ops, nil
		}
	}
}

// einFehler sells once while the n-th operation fails.
func (l *lauf) einFehler(ctx context.Context, n int) (ops int) {
	a, err := oeffne(ctx, l.welt, l.disk, l.uhr, "", 12)
	if err != nil {
		l.fehler("the program does not start: %v", err)
		return 0
	}
	l.verkaufe(disk.Faults{FailAt: n})
	for tries := 0; l.stand != nil && tries < 5; tries++ {
		l.handle(ctx, a)
	}
	ops = l.disk.Ops()
	l.disk.Set(disk.Faults{})
	if l.stand != nil {
		l.fehler("operation %d: the sale did not succeed after the disk worked again", n)
	}
	l.auditiere(ctx, a)
	l.schneide(ctx, a)
	return ops
}

// verkaufe begins a sale on prescription on a disk that fails.
func (l *lauf) verkaufe(f disk.Faults) {
	l.next++
	l.stand = &handlung{nr: l.next, schritte: append(aufRezept(l.welt.Rx[0], l.next), scanne(l.welt.Frei[0]), zahle)}
	l.disk.Set(f)
}

// schneide lets the power go beneath a program and audits what the next one finds.
func (l *lauf) schneide(ctx context.Context, a *apotheke) {
	l.disk.Cut()
	if a != nil {
		_ = a.store.Close() // the power is gone
	}
	l.disk.Restore()
	l.pruefe(ctx)
}

// SyncUndAbschuss lets every sync of a sale fail once, the program die of it, and the power go
// at every operation of the next start and its first act, one run each: what the dead
// program has left is visible then without being durable. It returns how many runs it were.
func SyncUndAbschuss(ctx context.Context, seed uint64, dir string) (Ergebnis, int, error) {
	var all Ergebnis
	runs := 0
	for n := 1; ; n++ {
		failed := false
		for k, cut := 1, true; cut; k++ {
			l, err := newLauf(seed, dir, Regeln{})
			if err != nil {
				return all, runs, err
			}
			failed, cut = l.einAbschuss(ctx, n, k)
			l.disk.Close()
			all.Add(l.Ergebnis)
			runs++
		}
		if !failed {
			return all, runs, nil
		}
	}
}

// einAbschuss sells until the n-th sync fails and starts again until the k-th operation. It
// reports whether there was such a sync, and such an operation.
func (l *lauf) einAbschuss(ctx context.Context, n, k int) (failed, cut bool) {
	const pages = 20 // the log holds some acts before it is moved
	a, err := oeffne(ctx, l.welt, l.disk, l.uhr, "", pages)
	if err != nil {
		l.fehler("the program does not start: %v", err)
		return false, false
	}
	for range 3 {
		l.handle(ctx, a)
	}
	l.verkaufe(disk.Faults{FailSync: n})
	if l.handle(ctx, a) {
		return false, false
	}
	l.disk.Kill()
	_ = a.store.Close() // all it had open is void
	l.disk.Set(disk.Faults{CutAt: k})
	if a, err = oeffne(ctx, l.welt, l.disk, l.uhr, "", pages); err == nil {
		l.handle(ctx, a)
	}
	cut = l.disk.Dead()
	l.schneide(ctx, a)
	return true, cut
}

// VollePlatte fills the disk during sales, with ever more room, and holds that what was
// refused left nothing behind, says so in a sentence, and succeeds when there is room.
func VollePlatte(ctx context.Context, seed uint64, dir string) (Ergebnis, int, error) {
	l, err := newLauf(seed, dir, Regeln{})
	if err != nil {
		return Ergebnis{}, 0, err
	}
	defer l.disk.Close()
	a, err := oeffne(ctx, l.welt, l.disk, l.uhr, "", 1_000_000)
	if err != nil {
		return Ergebnis{}, 0, err
	}
	refused := 0
	for room := range int64(40) {
		l.disk.Set(disk.Faults{Capacity: l.disk.Used() + room*1024})
		for l.voll(ctx, a) {
		}
		refused++
		l.disk.Set(disk.Faults{})
		if !l.handle(ctx, a) {
			l.fehler("the sale does not succeed after there is room")
		}
	}
	l.auditiere(ctx, a)
	if err := a.store.Close(); err != nil {
		l.fehler("close: %v", err)
	}
	l.pruefe(ctx)
	return l.Ergebnis, refused, nil
}

// voll does one act; false when the disk is full.
func (l *lauf) voll(ctx context.Context, a *apotheke) bool {
	if l.stand == nil {
		l.next++
		l.stand = neu(l.next, l.r, l.welt, l.stornierbar())
	}
	err := l.stand.weiter(ctx, a, l.key)
	if err == nil {
		l.Handlungen++
		if l.stand.bon.Nummer != "" {
			l.bons = append(l.bons, l.stand.bon)
		}
		l.stand = nil
		return true
	}
	l.Wiederholt++
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "J-201" {
		l.fehler("a full disk is not called one: %v", err)
	}
	return false
}

// Add counts what another run showed.
func (e *Ergebnis) Add(o Ergebnis) {
	e.Schnitte += o.Schnitte
	e.Handlungen += o.Handlungen
	e.Wiederholt += o.Wiederholt
	e.Verloren += o.Verloren
	e.Doppelt += o.Doppelt
	e.Mitten += o.Mitten
	for _, f := range o.Fehler {
		e.fehler("%s", f)
	}
}
