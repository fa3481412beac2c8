package haltbarkeit

import (
	"context"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/simulation/disk"
)

// Aufholen plays one seed: this machine takes in what two others did, many batches at once, and
// sells in between. The power goes, or the program dies, at a random operation of that.
func Aufholen(ctx context.Context, seed uint64, dir string, g Regeln) (Ergebnis, error) {
	l, err := newLauf(seed, dir, g)
	if err != nil {
		return Ergebnis{}, err
	}
	defer l.disk.Close()
	n := &neubau{lauf: l, viele: true}
	if n.logs, err = andere(ctx); err != nil {
		return Ergebnis{}, err
	}
	n.fremd = map[kennung.PZN]int{}
	for n.Schnitte < max(g.Schnitte, 6) {
		end := func() { l.disk.Cut(); l.disk.Restore() }
		if n.kill = l.r.IntN(3) == 0; n.kill {
			end = l.disk.Kill
		}
		n.stirb(150)
		n.lebe(ctx, end)
		n.Schnitte++
	}
	l.disk.Set(disk.Faults{})
	n.fremd[ware] = fremde + weitere // what both did counts once
	n.vollende(ctx)
	return n.Ergebnis, nil
}

// holeAuf takes in what comes next of another machine, in batches that are all there. Only what is
// said to be durable may be missed later.
func (n *neubau) holeAuf(ctx context.Context, a *apotheke, i int) bool {
	at := n.da[i]
	next := func() []journal.Record {
		from := at
		at = min(at+2*(1+n.r.IntN(80)), len(n.logs[i]))
		if from == at {
			return nil
		}
		return n.logs[i][from:at]
	}
	first := next()
	if first == nil {
		return n.da[1-i] < len(n.logs[1-i]) // else there is nothing left to play
	}
	got, err := a.store.Take(ctx, first, next)
	if n.disk.Dead() {
		n.Mitten++
	}
	if err != nil {
		n.klage("records are refused", err)
		return false
	}
	if int(got.Head.Seq) > at {
		n.fehler("%d records are acknowledged, %d were sent", got.Head.Seq, at)
	}
	n.da[i] = int(got.Head.Seq)
	return true
}
