package haltbarkeit

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/simulation/disk"
	"github.com/offizin/offizin/simulation/welt"
)

// Regeln is how a run is played. The zero value is the real program on an honest disk.
type Regeln struct {
	Schnitte int    // power cuts of one run; 0: 4
	Unsafe   string // PRAGMA synchronous to plant a fault
	OhneKey  bool   // plant a fault: a repeated step has a new key
	Luegt    bool   // the disk acknowledges syncs that it does not do

	// Stand plants a fault: how far building is, is noted in a transaction of its own.
	Stand bool
}

// Ergebnis is what a run showed.
type Ergebnis struct {
	Schnitte, Handlungen, Wiederholt int
	Verloren, Doppelt                int      // acknowledged acts that are gone; acts that count twice
	Mitten                           int      // restarts in the middle of building read models
	Fehler                           []string // anything else that must not be
}

// Gut reports whether everything held.
func (e Ergebnis) Gut() bool { return e.Verloren == 0 && e.Doppelt == 0 && len(e.Fehler) == 0 }

func (e *Ergebnis) fehler(format string, args ...any) {
	if len(e.Fehler) < 20 {
		e.Fehler = append(e.Fehler, fmt.Sprintf(format, args...))
	}
}

// lauf is one run under way.
type lauf struct {
	Ergebnis
	regeln Regeln
	welt   *welt.Welt
	disk   *disk.Disk
	uhr    *clock.Manual
	r      *rand.Rand

	fremd map[kennung.PZN]int // stock by acts of other machines

	bons  []bon.Bon // acknowledged, in order
	stand *handlung // not finished
	next  int       // number of the next act
	tries int
}

// Laufe plays one seed. Dir is a folder for what is memory and not disk; the same seed
// plays the same run.
func Laufe(ctx context.Context, seed uint64, dir string, g Regeln) (Ergebnis, error) {
	l, err := newLauf(seed, dir, g)
	if err != nil {
		return Ergebnis{}, err
	}
	defer l.disk.Close()
	if g.Schnitte == 0 {
		g.Schnitte = 4
	}
	for range g.Schnitte {
		within := 600
		if l.r.IntN(3) == 0 {
			l.sterbe(ctx)
			within = 80 // the power goes while the next program looks at what the dead one left
		}
		l.disk.Set(disk.Faults{CutAt: 1 + l.r.IntN(within), Lie: g.Luegt})
		l.lebe(ctx, 12, func() {})
		l.disk.Cut()
		l.disk.Restore()
		l.Schnitte++
	}
	l.pruefe(ctx)
	return l.Ergebnis, nil
}

// sterbe runs the program until a sync fails, of which it dies.
func (l *lauf) sterbe(ctx context.Context) {
	l.disk.Set(disk.Faults{FailSync: 1 + l.r.IntN(25), Lie: l.regeln.Luegt})
	l.lebe(ctx, 12, l.disk.Kill)
}

func newLauf(seed uint64, dir string, g Regeln) (*lauf, error) {
	w, err := welt.New()
	if err != nil {
		return nil, err
	}
	return &lauf{
		regeln: g, welt: w, disk: disk.New("platte-"+strconv.FormatUint(seed, 10), dir, seed), uhr: clock.NewManual(beginn()),
		r: rand.New(rand.NewPCG(seed, 0x5a1e5)),
	}, nil
}

// lebe runs the program until the disk fails or it has done n acts; end is what happens
// to it then, before it can close anything.
func (l *lauf) lebe(ctx context.Context, n int, end func()) {
	a, err := oeffne(ctx, l.welt, l.disk, l.uhr, l.regeln.Unsafe, 5+l.r.IntN(60))
	if err != nil {
		if !l.disk.Dead() && fault.KindOf(err) != fault.Unavailable {
			l.fehler("the program does not start: %v", errors.Unwrap(err))
		}
		end()
		return
	}
	defer a.store.Close() //nolint:errcheck // the power is gone or goes now
	defer end()
	l.erinnere(ctx, a)
	for range n {
		if l.disk.Dead() || !l.handle(ctx, a) {
			return
		}
	}
}

// handle finishes the act under way or begins the next; false if it has to be repeated.
func (l *lauf) handle(ctx context.Context, a *apotheke) bool {
	if l.stand == nil {
		l.next++
		l.stand = neu(l.next, l.r, l.welt, l.stornierbar())
	}
	l.uhr.Advance(time.Minute)
	err := l.stand.weiter(ctx, a, l.key)
	if err != nil {
		l.Wiederholt++
		if !l.disk.Dead() && fault.KindOf(err) != fault.Unavailable {
			l.fehler("the till refuses: %v", err)
			l.stand = nil
		}
		return false
	}
	l.Handlungen++
	if l.stand.bon.Nummer != "" {
		l.bons = append(l.bons, l.stand.bon)
	}
	l.stand = nil
	return true
}

// key is the key of a step, the same at each repetition; the planted fault makes a new
// one each time.
func (l *lauf) key(key string) string {
	if !l.regeln.OhneKey {
		return key
	}
	l.tries++
	return key + "-" + strconv.Itoa(l.tries)
}

// stornierbar are the sales that were not undone yet.
func (l *lauf) stornierbar() []bon.Bon {
	undone := map[string]bool{}
	for _, b := range l.bons {
		undone[b.Bezug] = true
	}
	var list []bon.Bon
	for _, b := range l.bons {
		if b.Art == bon.Verkauf && !undone[b.Nummer] {
			list = append(list, b)
		}
	}
	return list
}

// String sums a result up for a log.
func (e Ergebnis) String() string {
	return fmt.Sprintf("%d cuts, %d acts acknowledged, %d repeated, %d lost, %d doubled; %s",
		e.Schnitte, e.Handlungen, e.Wiederholt, e.Verloren, e.Doppelt, strings.Join(e.Fehler, "; "))
}
