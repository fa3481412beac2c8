// Package wacht watches the parts of the program: a part is a goroutine with a loop that has
// a name and says each time it goes round. One that goes round as no sane loop does is
// stopped, started anew and told of.
//
// It cannot see a part that computes inside one round, and nothing can stop a goroutine that
// does not look at its context: such a part is told of and not started a second time. What
// the process as a whole computes is measured beside, so that neither goes unseen.
package wacht

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// The budgets. The fastest loop of the program goes round once a second.
const (
	takt     = 10 * time.Second
	runden   = 200              // in one takt: 20 a second for ten seconds
	geduld   = 10 * time.Second // with a part that was asked to end
	ersteRuh = time.Second      // before it is started anew; doubled with each time
	maxRuh   = 10 * time.Minute
	anteil   = 80 // percent of one core that the process may take for
	dauernd  = 6  // takts without being told of
)

// Stand is what is known of one part.
type Stand struct {
	Name      string
	Neustarts int
	Zuletzt   time.Duration // when it was stopped last, by the monotonic clock
	Haengt    bool          // it was asked to end and did not
}

// Lage is what is known of the program.
type Lage struct {
	Teile  []Stand // those that were stopped
	Anteil int     // percent of one core that the process took, if it does so for a minute; else 0
}

// Waechter watches.
type Waechter struct {
	clock clock.Clock
	log   *slog.Logger
	cpu   func() (time.Duration, bool) // that the process has computed; false: not known here

	mu    sync.Mutex
	teile []*teil
	hoch  int // takts in a row above anteil
	lage  int // percent in the last one
}

// teil is one part under watch.
type teil struct {
	runden atomic.Int64
	stand  Stand
	halt   context.CancelFunc // ends the run that goes on; nil: none does
}

// New returns a watch that knows no part yet.
func New(c clock.Clock, log *slog.Logger) *Waechter { return &Waechter{clock: c, log: log, cpu: CPU} }

type schluessel struct{}

// Runde says that the part to which the context belongs goes round once more.
func Runde(ctx context.Context) {
	if t, ok := ctx.Value(schluessel{}).(*teil); ok {
		t.runden.Add(1)
	}
}

// Laufen runs a part until ctx ends, and anew when it was stopped. It returns when the part
// has returned by itself, or does not end.
func (w *Waechter) Laufen(ctx context.Context, name string, f func(context.Context)) {
	t := &teil{stand: Stand{Name: name}}
	w.mu.Lock()
	w.teile = append(w.teile, t)
	w.mu.Unlock()
	for rest := ersteRuh; w.lauf(ctx, t, f); rest = min(2*rest, maxRuh) {
		if !warte(ctx, rest) {
			return
		}
	}
}

// lauf is one run of a part; it reports whether the part was stopped and may run again.
func (w *Waechter) lauf(ctx context.Context, t *teil, f func(context.Context)) bool {
	run, halt := context.WithCancel(context.WithValue(ctx, schluessel{}, t))
	defer halt()
	w.mu.Lock()
	t.halt = halt
	w.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f(run)
	}()
	select {
	case <-ended:
	case <-run.Done():
	}
	stopped := run.Err() != nil && ctx.Err() == nil
	if !stopped {
		<-ended // the program ends, or the part has
		return false
	}
	patience, cancel := context.WithTimeout(ctx, geduld)
	defer cancel()
	select {
	case <-ended:
		return true
	case <-patience.Done():
	}
	w.mu.Lock()
	t.stand.Haengt = true
	w.mu.Unlock()
	return false
}

func warte(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Wachen looks every ten seconds until ctx ends.
func (w *Waechter) Wachen(ctx context.Context) {
	mono := w.clock.Mono()
	spent, known := w.cpu()
	for warte(ctx, takt) {
		now := w.clock.Mono()
		w.blick(now)
		if after, ok := w.cpu(); ok && known && now > mono {
			w.rechenzeit(int(100 * (after - spent) / (now - mono)))
			spent = after
		}
		mono = now
	}
}

// blick stops the parts that have gone round too often since the last look.
func (w *Waechter) blick(now time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.teile {
		n := t.runden.Swap(0)
		if n <= runden || t.halt == nil {
			continue
		}
		w.log.Error("part of the program spins and is started anew",
			slog.String("part", t.stand.Name), slog.Int64("rounds", n))
		t.stand.Neustarts++
		t.stand.Zuletzt = now
		t.halt()
		t.halt = nil
	}
}

func (w *Waechter) rechenzeit(percent int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lage = percent; percent > anteil {
		w.hoch++
	} else {
		w.hoch = 0
	}
}

// Lage says what was found.
func (w *Waechter) Lage() Lage {
	w.mu.Lock()
	defer w.mu.Unlock()
	var l Lage
	for _, t := range w.teile {
		if t.stand.Neustarts > 0 {
			l.Teile = append(l.Teile, t.stand)
		}
	}
	if w.hoch >= dauernd {
		l.Anteil = w.lage
	}
	return l
}
