package benchcmd

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/offizin/offizin/app/driver"
)

// zwischen is between two sales of a person: a busy counter.
const zwischen = 30 * time.Millisecond

// uebernahme kills the machine that leads, again and again, while people sell on all three.
// Measured are the first whole sale on each other machine that began after the kill, and how
// long nobody did the errands of the pharmacy.
func (l *knotenlauf) uebernahme(ctx context.Context) ([]Messung, error) {
	if l.Kills == 0 {
		return nil, nil
	}
	var all sync.WaitGroup
	var sellers []*driver.Verkaeufer
	w := &beobachtet{first: map[string]time.Duration{}}
	for i, r := range l.rechner[:3] {
		v := l.verkaeufer(fmt.Sprintf("kill-%d", i+1), r, func(b driver.Bestaetigung) { w.beleg(l.env.Clock.Mono(), b) })
		v.Pause = zwischen
		sellers = append(sellers, v)
		all.Go(func() {
			open := v.Verkaufe(ctx, math.MaxInt)
			l.mu.Lock()
			defer l.mu.Unlock()
			l.open = append(l.open, open...)
		})
	}
	var lead reihe
	var err error
	for range l.Kills {
		var d time.Duration
		if d, err = l.toete(ctx, w); err != nil {
			break
		}
		lead = append(lead, d)
	}
	for _, v := range sellers {
		v.Halt()
	}
	all.Wait()
	return []Messung{lead.messung("takeover"), w.sales.messung("takeover-sale"), w.pay.messung("pay-during-kills")}, err
}

// beobachtet is what the sellers saw.
type beobachtet struct {
	mu     sync.Mutex
	killed time.Duration
	dead   string                   // address of the machine
	first  map[string]time.Duration // of each other machine since the kill
	sales  reihe
	pay    reihe // of machines that lived
}

func (w *beobachtet) beleg(now time.Duration, b driver.Bestaetigung) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b.Versuche == 1 && b.An != w.dead {
		w.pay = append(w.pay, dauerMS(b.MS))
	}
	took := dauerMS(b.SeitMS)
	if _, ok := w.first[b.An]; w.dead != "" && !ok && b.An != w.dead && now-took >= w.killed {
		w.first[b.An] = took
		w.sales = append(w.sales, took)
	}
}

func (w *beobachtet) kill(now time.Duration, dead string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.killed, w.dead = now, dead
	clear(w.first)
}

// others reports whether there was a sale on each other machine since the kill.
func (w *beobachtet) others() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.first) == 2
}

// toete kills the machine that leads, waits until another does and everybody has sold, and
// starts it again.
func (l *knotenlauf) toete(ctx context.Context, w *beobachtet) (time.Duration, error) {
	var victim *driver.Rechner
	leads := func(ctx context.Context) bool {
		for _, r := range l.rechner[:3] {
			if !r.Laeuft() {
				continue
			}
			if st, err := r.Stand(ctx); err == nil && st.Fuehrt {
				victim = r
				return true
			}
		}
		return false
	}
	if err := driver.Warte(ctx, time.Minute, "a machine leads", leads); err != nil {
		return 0, err
	}
	dead := victim
	start := l.env.Clock.Mono()
	w.kill(start, dead.URL)
	dead.Kill()
	if err := driver.Warte(ctx, time.Minute, "another machine leads", leads); err != nil {
		return 0, err
	}
	took := l.env.Clock.Mono() - start
	err := driver.Warte(ctx, time.Minute, "the others sell", func(context.Context) bool { return w.others() })
	if err == nil {
		err = dead.Starte(ctx)
	}
	if err == nil {
		err = l.warteAufSicht(ctx)
	}
	return took, err
}

// warteAufSicht waits until all three see each other.
func (l *knotenlauf) warteAufSicht(ctx context.Context) error {
	return driver.Warte(ctx, time.Minute, "all see each other", func(ctx context.Context) bool {
		for _, r := range l.rechner[:3] {
			st, err := r.Stand(ctx)
			if err != nil || len(st.Rechner) != 2 || !st.Rechner[0].Erreichbar || !st.Rechner[1].Erreichbar {
				return false
			}
		}
		return true
	})
}
