package abschuss

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/internal/clock"
)

// Regeln is how a run is played.
type Regeln struct {
	Programm

	Seed     uint64 // decides what is sold and when the kill comes; the machine decides the rest
	Kills    int
	Personen int  // that sell at once; 0: 3
	OhneKey  bool // plant a fault: a repeated step has a new key
	Clock    clock.Clock
	Bericht  func(Ergebnis) // hears of progress now and then; may be nil
}

// Ergebnis is what a run showed.
type Ergebnis struct {
	Kills, ImStart             int // kills; those of them while the program was starting
	Schritte, Bons, Wiederholt int // acknowledged steps and Bons; steps repeated after a kill
	Verloren, Doppelt          int // acknowledged Bons that are gone; Bons nobody was told of
	Ausgefallen                int // records that the TSE did not sign and that say why
	Fehler                     []string
}

// Gut reports whether everything held.
func (e Ergebnis) Gut() bool { return e.Verloren == 0 && e.Doppelt == 0 && len(e.Fehler) == 0 }

// String sums a result up for a log.
func (e Ergebnis) String() string {
	return fmt.Sprintf("%d kills, %d of them while starting, %d steps and %d Bons acknowledged, "+
		"%d steps repeated, %d lost, %d doubled, %d marked as not signed; %s",
		e.Kills, e.ImStart, e.Schritte, e.Bons, e.Wiederholt, e.Verloren, e.Doppelt, e.Ausgefallen,
		strings.Join(e.Fehler, "; "))
}

// lauf is one run under way.
type lauf struct {
	regeln   Regeln
	r        *rand.Rand
	heute    string // civil day of the prescriptions
	serie    string // KassenSeriennummer of the till
	waren    []artikel.Artikel
	personen []*person

	ziel      atomic.Int64  // acknowledged steps at which the kill is due
	reif      chan struct{} // hears that it is
	erlaubt   string        // code of a refusal that is in order now
	abgelehnt atomic.Int64

	getoetet                                 atomic.Bool // the kill has begun
	schritte, wiederholt, vorgaenge, rezepte atomic.Int64

	mu  sync.Mutex
	erg Ergebnis
}

// Laufe plays one run and audits what it left. The error is of the machine; what the
// program did wrong is in the result.
func Laufe(ctx context.Context, g Regeln) (Ergebnis, error) {
	l := newLauf(g)
	for l.erg.Kills < g.Kills && len(l.erg.Fehler) == 0 {
		if err := l.lebe(ctx); err != nil {
			return l.ergebnis(), err
		}
		if g.Bericht != nil && l.erg.Kills%100 == 0 {
			g.Bericht(l.ergebnis())
		}
	}
	err := l.pruefe(ctx)
	return l.ergebnis(), err
}

func newLauf(g Regeln) *lauf {
	if g.Personen == 0 {
		g.Personen = 3
	}
	l := &lauf{regeln: g, heute: clock.Today(g.Clock).German(), r: rand.New(rand.NewPCG(g.Seed, 0xab5c))}
	for _, b := range muster.Bekannt() {
		if slices.Contains(ohneRezept(), b.Rolle) {
			l.waren = append(l.waren, b.Artikel)
		}
	}
	for nr := range g.Personen {
		l.personen = append(l.personen, &person{nr: nr, l: l, r: rand.New(rand.NewPCG(g.Seed, uint64(nr)))})
	}
	return l
}

// ohneRezept are the articles sold over the counter.
func ohneRezept() []muster.Rolle {
	return []muster.Rolle{
		muster.OTCSchmerzmittel, muster.FreiwahlVoll, muster.FreiwahlErmaessigt,
		muster.HilfsmittelVerbrauch,
	}
}

// lebe is one life of the program, from its start to the kill.
func (l *lauf) lebe(ctx context.Context) error {
	l.erg.Kills++
	if err := l.langsam(time.Duration(l.r.IntN(4)*5) * time.Millisecond); err != nil {
		return err
	}
	start := ctx
	if life := l.imStart(); life > 0 {
		var cancel context.CancelFunc
		start, cancel = context.WithTimeout(ctx, life)
		defer cancel()
	}
	p, err := l.regeln.Starte(start)
	switch {
	case err == nil:
		l.verkaufe(ctx, p)
	case start.Err() == nil || ctx.Err() != nil:
		return fmt.Errorf("start after kill %d: %w", l.erg.Kills-1, err)
	default:
		l.erg.ImStart++
	}
	return l.nachTod(ctx)
}

// imStart is the life of a program that is killed while it starts; 0 for one that may
// live on. The first ones die while they fill the empty folder.
func (l *lauf) imStart() time.Duration {
	switch {
	case l.erg.Kills <= 2:
		return time.Duration(1+l.r.IntN(250_000)) * time.Microsecond
	case l.r.IntN(5) == 0:
		return time.Duration(1+l.r.IntN(20_000)) * time.Microsecond
	}
	return 0
}

// verkaufe lets everybody sell until the kill.
func (l *lauf) verkaufe(ctx context.Context, p *driver.Process) {
	defer p.Kill()
	l.erinnere(ctx, driver.New(p.URL, "AB"))
	l.getoetet.Store(false)
	l.reif = make(chan struct{}, 1)
	l.ziel.Store(l.schritte.Load() + 1 + l.r.Int64N(maxSchritte))
	var all sync.WaitGroup
	for i, x := range l.personen {
		all.Go(func() { x.arbeite(ctx, driver.New(p.URL, []string{"AB", "CD", "EF"}[i%3]), maxHandlungen) })
	}
	l.warte(ctx)
	l.getoetet.Store(true)
	p.Kill()
	all.Wait()
	if out := p.Output(); strings.Contains(out, "panic") {
		l.fehler("the program panicked: %s", out)
	}
}

const (
	maxSchritte   = 40   // steps of all persons in one life, at most: so a slow machine dies as often in the midst of work
	maxHandlungen = 1000 // more than a person can do in one life
)

// warte waits until enough was done, and then for a moment that has nothing to do with it.
func (l *lauf) warte(ctx context.Context) {
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	select {
	case <-l.reif:
	case <-limit.C:
	case <-ctx.Done():
	}
	moment := time.NewTimer(time.Duration(l.r.IntN(4_000)) * time.Microsecond)
	defer moment.Stop()
	<-moment.C
}

// nachTod verifies the journal of now and then a dead program as the kill left it.
func (l *lauf) nachTod(ctx context.Context) error {
	if l.r.IntN(10) == 0 {
		return l.verify(ctx)
	}
	return nil
}

func (l *lauf) ergebnis() Ergebnis {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.erg
	e.Schritte, e.Wiederholt = int(l.schritte.Load()), int(l.wiederholt.Load())
	for _, p := range l.personen {
		e.Bons += len(p.belege)
	}
	return e
}

func (l *lauf) fehler(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.erg.Fehler) < 20 {
		l.erg.Fehler = append(l.erg.Fehler, fmt.Sprintf(format, args...))
	}
}
