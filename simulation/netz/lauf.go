// Package netz proves several machines from outside: the real program on each of them, people
// who sell on all, and what happens to machines and to the network between them. Afterwards the
// exported journals are held against what was acknowledged.
package netz

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/simulation/abschuss"
)

// Lauf is a pharmacy of several machines under way.
type Lauf struct {
	Rechner []*driver.Rechner

	clock   clock.Clock
	sellers []*driver.Verkaeufer
	all     sync.WaitGroup

	mu    sync.Mutex
	told  []driver.Bestaetigung
	open  []driver.Offen
	slow  time.Duration // of a payment that was answered at the first try
	again int           // sales that were paid after a repetition
}

// Ergebnis is what a run showed.
type Ergebnis struct {
	Verkauft, Wiederholt int
	Saetze               int           // records on each machine
	Laengste             time.Duration // that a payment took which was answered at the first try
	Fehler               []string
}

// String sums it up for a log.
func (e Ergebnis) String() string {
	return fmt.Sprintf("%d sales acknowledged, %d of them repeated, %d records on each machine, longest payment %s; %s",
		e.Verkauft, e.Wiederholt, e.Saetze, e.Laengste.Round(time.Millisecond), strings.Join(e.Fehler, "; "))
}

// Open founds a pharmacy on the first machine, lets the others join with codes, and lets a
// person sell on each. Whoever opens a run closes it.
func Open(ctx context.Context, c clock.Clock, list []*driver.Rechner) (*Lauf, error) {
	l := &Lauf{Rechner: list, clock: c}
	if err := l.gruende(ctx); err != nil {
		l.Close()
		return nil, err
	}
	for i, r := range list {
		v := l.person(i, r)
		l.sellers = append(l.sellers, v)
		l.all.Go(func() { l.offen(v.Verkaufe(ctx, math.MaxInt)) })
	}
	return l, nil
}

func (l *Lauf) gruende(ctx context.Context) error {
	first := l.Rechner[0]
	if err := first.Gruende(ctx, 100, l.Rechner[1:]...); err != nil {
		return err
	}
	if err := first.Starte(ctx); err != nil {
		return err
	}
	for _, r := range l.Rechner[1:] {
		if err := r.Join(ctx, first); err != nil {
			return err
		}
	}
	return l.Gleich(ctx)
}

// pause is between two sales of a person.
const pause = 10 * time.Millisecond

func (l *Lauf) person(i int, r *driver.Rechner) *driver.Verkaeufer {
	return &driver.Verkaeufer{
		Tills: []*driver.Client{r.Till("AB")}, Name: fmt.Sprintf("netz-%d", i+1), Geduld: 5 * time.Minute, Pause: pause,
		Waren: []string{string(muster.OTCSchmerzmittel.PZN())}, Clock: l.clock, Tell: l.beleg,
	}
}

func (l *Lauf) beleg(b driver.Bestaetigung) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, b)
	if b.Versuche > 1 {
		l.again++
	} else {
		l.slow = max(l.slow, time.Duration(b.MS*float64(time.Millisecond)))
	}
}

func (l *Lauf) offen(list []driver.Offen) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, list...)
}

// Verkauft is how many sales were acknowledged so far.
func (l *Lauf) Verkauft() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.told)
}

// VerkauftAn is how many of them one machine acknowledged.
func (l *Lauf) VerkauftAn(r *driver.Rechner) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range l.told {
		if b.An == r.URL {
			n++
		}
	}
	return n
}

// Kill kills a machine in mid-sale, after some more sales, and starts it again.
func (l *Lauf) Kill(ctx context.Context, r *rand.Rand) error {
	victim := l.Rechner[r.IntN(len(l.Rechner))]
	before, more := l.Verkauft(), 1+r.IntN(20)
	err := driver.Warte(ctx, time.Minute, "sales before a kill", func(context.Context) bool {
		return l.Verkauft() >= before+more
	})
	if err != nil {
		return err
	}
	Ruhe(ctx, time.Duration(r.IntN(8000))*time.Microsecond)
	if out := victim.Output(); strings.Contains(out, "panic") {
		return fmt.Errorf("the program panicked: %s", out)
	}
	victim.Kill()
	Ruhe(ctx, time.Duration(r.IntN(300))*time.Millisecond)
	return victim.Starte(ctx)
}

// Gleich waits until all machines see each other, one leads, and all hold the same number of
// records. While people sell, that is a moment.
func (l *Lauf) Gleich(ctx context.Context) error {
	return driver.Warte(ctx, 2*time.Minute, "all machines hold the same", func(ctx context.Context) bool {
		records, leads := map[uint64]bool{}, 0
		for _, r := range l.Rechner {
			st, err := r.Stand(ctx)
			if err != nil || len(st.Rechner) != len(l.Rechner)-1 {
				return false
			}
			for _, o := range st.Rechner {
				if !o.Erreichbar {
					return false
				}
			}
			records[st.Saetze] = true
			if st.Fuehrt {
				leads++
			}
		}
		return len(records) == 1 && leads == 1
	})
}

// Ende lets people finish, waits until all machines hold the same, ends them, and holds the
// journals against what was acknowledged.
func (l *Lauf) Ende(ctx context.Context) (Ergebnis, error) {
	for _, v := range l.sellers {
		v.Halt()
	}
	l.all.Wait()
	if err := l.Gleich(ctx); err != nil {
		return Ergebnis{}, err
	}
	e := Ergebnis{Verkauft: len(l.told), Wiederholt: l.again, Laengste: l.slow}
	for _, o := range l.open {
		e.Fehler = append(e.Fehler, fmt.Sprintf("never acknowledged: %v", o))
	}
	var exports []*driver.Abzug
	driver.Stop(l.Rechner)
	for _, r := range l.Rechner {
		x, err := r.Abzug(ctx)
		if err != nil {
			return e, err
		}
		exports = append(exports, x)
		out, errs, code, err := abschuss.Programm{Binary: r.Binary, Daten: r.Daten}.Ruf(ctx, "journal", "verify")
		if err != nil || code != 0 {
			e.Fehler = append(e.Fehler, fmt.Sprintf("verify of %s: %d %v %s%s", r.Daten, code, err, out, errs))
		}
	}
	e.Saetze = exports[0].Saetze
	e.Fehler = append(e.Fehler, driver.Pruefe(exports, l.told, l.open)...)
	return e, nil
}

// Close kills what still runs.
func (l *Lauf) Close() {
	for _, v := range l.sellers {
		v.Halt()
	}
	for _, r := range l.Rechner {
		r.Kill()
	}
}

// Ruhe waits, unless the context ends before.
func Ruhe(ctx context.Context, d time.Duration) {
	over, stop := context.WithTimeout(ctx, d)
	defer stop()
	<-over.Done()
}
