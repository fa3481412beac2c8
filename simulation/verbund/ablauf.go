package verbund

import (
	"container/heap"
	"context"
	"iter"
	"math/rand/v2"
	"time"
)

// ereignis is something that happens at a moment; chance orders what happens at once.
type ereignis struct {
	wann time.Duration // since the beginning of the run
	los  uint64
	tu   func(context.Context)
}

// kalender is what is still to happen.
type kalender []ereignis

// Len implements heap.Interface.
func (k kalender) Len() int { return len(k) }

// Less implements heap.Interface.
func (k kalender) Less(i, j int) bool {
	if k[i].wann != k[j].wann {
		return k[i].wann < k[j].wann
	}
	return k[i].los < k[j].los
}

// Swap implements heap.Interface.
func (k kalender) Swap(i, j int) { k[i], k[j] = k[j], k[i] }

// Push implements heap.Interface.
func (k *kalender) Push(x any) { *k = append(*k, x.(ereignis)) }

// Pop implements heap.Interface.
func (k *kalender) Pop() any {
	old := *k
	x := old[len(old)-1]
	*k = old[:len(old)-1]
	return x
}

// ablauf is virtual time and what happens in it.
type ablauf struct {
	kalender kalender
	jetzt    time.Duration // since the beginning
	r        *rand.Rand
	offen    map[*gang]bool // no order is taken from it
	dran     *gang          // that is running now
}

// gang is something that takes time: it runs until it waits, and others run meanwhile.
type gang struct {
	weiter func() (time.Duration, bool)
	halt   func()
	yield  func(time.Duration) bool
}

// nach has f done after a time.
func (a *ablauf) nach(d time.Duration, f func(context.Context)) {
	heap.Push(&a.kalender, ereignis{a.jetzt + max(d, 0), a.r.Uint64(), f})
}

// bis lets everything happen until a moment.
func (a *ablauf) bis(ctx context.Context, ende time.Duration) {
	for len(a.kalender) > 0 && a.kalender[0].wann <= ende && ctx.Err() == nil {
		e := heap.Pop(&a.kalender).(ereignis)
		a.jetzt = e.wann
		e.tu(ctx)
	}
	a.jetzt = ende
}

// gehe begins something that may wait. It runs as a coroutine: never beside anything else.
func (a *ablauf) gehe(ctx context.Context, f func(g *gang)) {
	g := &gang{}
	g.weiter, g.halt = iter.Pull(func(yield func(time.Duration) bool) {
		g.yield = yield
		f(g)
	})
	a.offen[g] = true
	var weiter func(context.Context)
	weiter = func(context.Context) {
		before := a.dran
		a.dran = g
		d, more := g.weiter()
		if a.dran = before; more {
			a.nach(d, weiter)
			return
		}
		delete(a.offen, g)
	}
	weiter(ctx)
}

// warte lets time pass; false if the run is over.
func (g *gang) warte(d time.Duration) bool { return g.yield(d) }

// ende breaks off whatever is still waiting.
func (a *ablauf) ende() {
	for g := range a.offen {
		g.halt()
	}
	a.kalender = nil
}

// zufall is a time between two, evenly drawn.
func (a *ablauf) zufall(von, bis time.Duration) time.Duration {
	return von + time.Duration(a.r.Int64N(int64(bis-von)+1))
}

// eins reports true once in n times.
func (a *ablauf) eins(n int) bool { return a.r.IntN(n) == 0 }
