package haltbarkeit

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/simulation/disk"
	"github.com/offizin/offizin/sqlite"
)

// ware is what other machines book; nothing here is sold of it.
const ware kennung.PZN = "01234562"

const (
	fremde   = 160 // acts of another machine
	doppelte = 16  // each so many acts one that a third machine does, too
	weitere  = 40  // acts that only the third machine does
)

// neubau is a run in which read models are built anew beside the sales.
type neubau struct {
	*lauf
	logs [2][]journal.Record // of other machines
	da   [2]int              // how many of them were acknowledged

	kill  bool // the program dies, the power stays
	frist int  // after so many steps of building it happens within the next

	viele bool // many records come at once, and read models are built anew in place
}

// Neubau plays one seed: two other machines send what they did, partly both the same, so that
// read models are built anew again and again; meanwhile this one sells, and the power goes, or
// the program dies, at a random operation.
func Neubau(ctx context.Context, seed uint64, dir string, g Regeln) (Ergebnis, error) {
	l, err := newLauf(seed, dir, g)
	if err != nil {
		return Ergebnis{}, err
	}
	defer l.disk.Close()
	n := &neubau{lauf: l}
	if n.logs, err = andere(ctx); err != nil {
		return Ergebnis{}, err
	}
	n.fremd = map[kennung.PZN]int{ware: fremde + weitere} // what both did counts once
	if err := n.beginne(ctx); err != nil {
		return Ergebnis{}, err
	}
	for n.Schnitte < max(g.Schnitte, 6) {
		end := func() { l.disk.Cut(); l.disk.Restore() }
		if n.kill = l.r.IntN(3) == 0; n.kill {
			end = l.disk.Kill
		}
		n.frist = 1 + l.r.IntN(30)
		n.stirb(1500)
		n.lebe(ctx, end)
		n.Schnitte++
	}
	l.disk.Set(disk.Faults{})
	n.vollende(ctx)
	return n.Ergebnis, nil
}

// stirb lets the power go, or an operation fail of which the program dies, within some operations.
func (n *neubau) stirb(within int) {
	if at := 1 + n.r.IntN(within); n.kill {
		n.disk.Set(disk.Faults{FailAt: at})
	} else {
		n.disk.Set(disk.Faults{CutAt: at})
	}
}

// beginne takes in on a good disk all that the first machine did, and what the other did of it:
// read models are to be built.
func (n *neubau) beginne(ctx context.Context) error {
	a, err := n.oeffne(ctx)
	if err != nil {
		return err
	}
	n.da = [2]int{len(n.logs[0]), 2}
	_, err = a.store.Receive(ctx, n.logs[0])
	if err == nil {
		_, err = a.store.Receive(ctx, n.logs[1][:2])
	}
	return errors.Join(err, a.store.Close())
}

// andere are the logs of two machines. The second one begins with acts of the first, and did
// them earlier: they are those that count. Then it goes on with its own.
func andere(ctx context.Context) (logs [2][]journal.Record, err error) {
	plan := [2][]string{}
	for i := range fremde {
		plan[0] = append(plan[0], fmt.Sprint("eins-", i))
		if i%doppelte == doppelte-1 {
			plan[1] = append(plan[1], fmt.Sprint("eins-", i))
		}
	}
	for i := range weitere {
		plan[1] = append(plan[1], fmt.Sprint("zwei-", i))
	}
	for i, node := range []string{"platz-2", "platz-3"} {
		m := memory.New(memory.Options{Node: node, Projections: alle.Projections()})
		for _, key := range plan[i] {
			res, err := m.Append(ctx, fremd(key))
			if err != nil {
				return logs, fmt.Errorf("act of %s: %w", node, err)
			}
			logs[i] = append(logs[i], res.Records...)
		}
	}
	return logs, nil
}

// fremd is an act of another machine: a piece of stock, and a cart in which it is noted.
func fremd(key string) journal.Act {
	return journal.Act{Key: key, Input: key, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{
			event.BestandGeaendert{PZN: ware, Delta: 1, Art: "zugang"},
			event.VorgangGeaendert{
				ID: "v-" + key, Version: 1, Was: key, Gesetzt: []vorgang.Position{{Nr: 1, PZN: ware, Menge: 1}},
			},
		}, nil
	}}
}

// oeffne starts the program; it builds beside the sales however few records there are.
func (n *neubau) oeffne(ctx context.Context) (*apotheke, error) {
	o := sqlite.Options{
		Clock: n.uhr, VFS: n.disk.Name(), CheckpointPages: 5 + n.r.IntN(60), Unsafe: n.regeln.Unsafe,
		InPlace: -1, BuildStep: 5 + n.r.IntN(20), UnsafeStand: n.regeln.Stand,
	}
	if n.viele {
		o.InPlace = 0
	}
	return oeffneMit(ctx, n.welt, o)
}

// lebe runs the program until the disk fails; end is what happens to it then.
func (n *neubau) lebe(ctx context.Context, end func()) {
	a, err := n.oeffne(ctx)
	if err != nil {
		if !n.disk.Dead() && fault.KindOf(err) != fault.Unavailable {
			n.fehler("the program does not start: %v", err)
		}
		end()
		return
	}
	defer a.store.Close() //nolint:errcheck // the power is gone or goes now
	defer end()
	n.begruesse(ctx, a)
	for range 200 { // more than the disk lets it
		if !n.tue(ctx, a) || n.disk.Dead() {
			return
		}
	}
}

// begruesse holds what a start finds against what was acknowledged, in the middle of building.
func (n *neubau) begruesse(ctx context.Context, a *apotheke) {
	b, err := a.store.Neubau(ctx)
	if err == nil && b.Laeuft {
		n.Mitten++
	}
	n.erinnere(ctx, a)
	heads, bad := a.store.Heads(ctx)
	report, worse := a.store.Verify(ctx)
	if err != nil || bad != nil || worse != nil {
		if !n.disk.Dead() {
			n.fehler("reading after the start: %v, %v, %v", err, bad, worse)
		}
		return
	}
	for _, f := range report.Funde {
		n.fehler("after the start: %s: %s", f.Ort, f.Text)
	}
	have := map[journal.Origin]uint64{}
	for _, h := range heads {
		have[h.Origin] = h.Seq
	}
	for i, list := range n.logs {
		if have[list[0].Origin] < uint64(n.da[i]) {
			n.Verloren++
			n.da[i] = int(have[list[0].Origin])
		}
	}
}

// tue does what comes next: a sale, records of another machine, a step of building. False if
// that failed.
func (n *neubau) tue(ctx context.Context, a *apotheke) bool {
	switch k := n.r.IntN(10); {
	case k < 2:
		return n.handle(ctx, a)
	case n.viele:
		return n.holeAuf(ctx, a, n.r.IntN(2))
	case k < 3:
		return n.empfange(ctx, a, n.r.IntN(2), n.r)
	}
	if b, err := a.store.Neubau(ctx); err == nil && b.Laeuft {
		n.frist--
	}
	if n.frist == 0 {
		n.stirb(40)
	}
	return n.baue(ctx, a, 1)
}

// empfange takes the next acts of another machine, and now and then some that are known.
func (n *neubau) empfange(ctx context.Context, a *apotheke, i int, r *rand.Rand) bool {
	list := n.logs[i]
	from := max(n.da[i]-2*r.IntN(3), 0)
	to := min(n.da[i]+2*(1+r.IntN(5)), len(list))
	if from >= to {
		return true
	}
	if _, err := a.store.Receive(ctx, list[from:to]); err != nil {
		n.klage("records are refused", err)
		return false
	}
	n.da[i] = to
	return true
}

// baue goes on with building read models.
func (n *neubau) baue(ctx context.Context, a *apotheke, steps int) bool {
	for range steps {
		more, err := a.store.Build(ctx)
		if err != nil {
			n.klage("read models are not built", err)
			return false
		}
		if !more {
			return true
		}
	}
	return true
}

func (n *neubau) klage(what string, err error) {
	if !n.disk.Dead() && fault.KindOf(err) != fault.Unavailable {
		n.fehler("%s: %v", what, err)
	}
}

// vollende lets everything come to its end on a good disk and audits it.
func (n *neubau) vollende(ctx context.Context) {
	a, err := n.oeffne(ctx)
	if err != nil {
		n.fehler("the program does not start on a good disk: %v", err)
		return
	}
	defer a.store.Close() //nolint:errcheck // nothing is pending
	n.begruesse(ctx, a)
	for i := range n.logs {
		for n.da[i] < len(n.logs[i]) {
			if !n.empfange(ctx, a, i, n.r) || !n.baue(ctx, a, n.r.IntN(3)) {
				n.fehler("records of %s do not come on a good disk", n.logs[i][0].Origin)
				return
			}
		}
	}
	if n.stand != nil {
		n.handle(ctx, a)
	}
	n.baue(ctx, a, 10_000)
	if b, err := a.store.Neubau(ctx); err != nil || b.Laeuft {
		n.fehler("building read models does not end: %v", err)
	}
	n.auditiere(ctx, a)
}
