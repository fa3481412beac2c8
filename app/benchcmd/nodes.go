package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
)

// Nodes is `offizin bench nodes`.
type Nodes struct {
	Gemeinsam

	Kills     int `help:"So oft wird der führende Rechner beim Verkaufen getötet." default:"5"`
	Verkaeufe int `help:"Verkäufe des Jahres, das aufgeholt wird; 0: gar nicht." default:"110000"`
}

// Run measures three machines, real programs on this host that were paired with real codes.
// Afterwards the journals of all are held against what was acknowledged.
func (c *Nodes) Run(e *env.Env) (err error) {
	switch {
	case c.An != "":
		return env.Usage("Mehrere Rechner misst Offizin nur an eigenen; bitte ohne --an aufrufen.")
	case c.N < 1 || c.N > 100_000 || c.Kills < 0 || c.Kills > 10_000 || c.Verkaeufe < 0 || c.Verkaeufe > 1_000_000:
		return env.Usage("Erlaubt sind 1 bis 100000 Messungen, bis 10000 Kills und bis 1000000 Verkäufe; bitte berichtigen.")
	}
	l := &knotenlauf{Nodes: *c, env: e, dir: c.Ordner}
	if l.dir == "" {
		if l.dir, err = os.MkdirTemp("", "offizin-bench-"); err != nil {
			return env.Failed(fmt.Errorf("make folder: %w", err))
		}
		defer func() { err = errors.Join(err, os.RemoveAll(l.dir)) }()
	}
	defer l.beende()
	list, err := l.messe(e.Ctx)
	if err != nil {
		return &env.Exit{Code: env.ExitOperating, Text: "Die Messung brach ab: " + err.Error(), Cause: err}
	}
	return write(e.Stdout, c.JSON, list)
}

// knotenlauf is a measurement of machines under way.
type knotenlauf struct {
	Nodes
	env     *env.Env
	dir     string
	rechner []*driver.Rechner

	mu   sync.Mutex
	told []driver.Bestaetigung
	open []driver.Offen
}

func (l *knotenlauf) beende() {
	driver.Stop(l.rechner)
}

func (l *knotenlauf) neuer(n int) (*driver.Rechner, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	r := &driver.Rechner{Binary: binary, Daten: filepath.Join(l.dir, strconv.Itoa(n))}
	l.rechner = append(l.rechner, r)
	return r, nil
}

func (l *knotenlauf) messe(ctx context.Context) ([]Messung, error) {
	for n := range 4 { // the last one joins later
		if _, err := l.neuer(n + 1); err != nil {
			return nil, err
		}
	}
	a := l.rechner[0]
	err := a.Gruende(ctx, l.Artikel, l.rechner[1:3]...) // the blank machine fetches it
	if err == nil {
		err = a.Starte(ctx)
	}
	if err != nil {
		return nil, err
	}
	alone := l.zahle(ctx, "allein", a)
	for _, r := range l.rechner[1:3] {
		if err := r.Join(ctx, a); err != nil {
			return nil, err
		}
	}
	if err := l.warteAufAlle(ctx, l.rechner[:3]); err != nil {
		return nil, err
	}
	list := []Messung{alone.messung("pay-alone")}
	for _, step := range []func(context.Context) ([]Messung, error){l.sicher, l.uebernahme, l.pruefe, l.jahr} {
		more, err := step(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// warteAufAlle waits until all see each other and have the same number of records.
func (l *knotenlauf) warteAufAlle(ctx context.Context, list []*driver.Rechner) error {
	return driver.Warte(ctx, 5*time.Minute, "all machines have the same", func(ctx context.Context) bool {
		leads, saetze := 0, map[uint64]bool{}
		for _, r := range list {
			st, err := r.Stand(ctx)
			if err != nil {
				return false
			}
			saetze[st.Saetze] = true
			if st.Fuehrt {
				leads++
			}
			up := 0
			for _, o := range st.Rechner {
				if o.Erreichbar {
					up++
				}
			}
			if up < len(list)-1 {
				return false
			}
		}
		return leads == 1 && len(saetze) == 1
	})
}

// verkaeufer is a person at one machine; what is acknowledged is noted.
func (l *knotenlauf) verkaeufer(name string, r *driver.Rechner, tell func(driver.Bestaetigung)) *driver.Verkaeufer {
	return &driver.Verkaeufer{
		Tills: []*driver.Client{r.Till(benutzer)}, Name: "bench-" + name, Geduld: 5 * time.Minute, Clock: l.env.Clock,
		Waren: []string{string(muster.OTCSchmerzmittel.PZN()), string(muster.FreiwahlVoll.PZN())},
		Tell: func(b driver.Bestaetigung) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.told = append(l.told, b)
			tell(b)
		},
	}
}

// zahle makes N sales at a machine and returns how long the paying requests took.
func (l *knotenlauf) zahle(ctx context.Context, name string, at *driver.Rechner) (r reihe) {
	v := l.verkaeufer(name, at, func(b driver.Bestaetigung) { r = append(r, dauerMS(b.MS)) })
	l.open = append(l.open, v.Verkaufe(ctx, l.N)...)
	return r
}

func dauerMS(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// sicher measures, in the program itself, from a sale being durable on its machine until that
// hears that another one has it durably too – so with the way back – and beside it what the
// customer waits for: the paying request. A machine that follows pushes, and from the one that
// is followed the others fetch.
func (l *knotenlauf) sicher(ctx context.Context) (list []Messung, err error) {
	for i, suffix := range []string{"-lead", ""} {
		at := l.rechner[i]
		pay := l.zahle(ctx, "sicher"+suffix, at).messung("pay" + suffix)
		st, err := at.Stand(ctx)
		if err != nil {
			return nil, err
		}
		w := st.Warten
		list = append(list, pay, Messung{
			Name: "safe" + suffix, N: w.N, P50: w.P50, P95: w.P95, P99: w.P99, Max: w.Max, Grenzen: grenzen("safe"),
		})
	}
	return list, nil
}

// pruefe holds the journals of the three against what was acknowledged.
func (l *knotenlauf) pruefe(ctx context.Context) ([]Messung, error) {
	if err := l.warteAufAlle(ctx, l.rechner[:3]); err != nil {
		return nil, err
	}
	var exports []*driver.Abzug
	driver.Stop(l.rechner[:3])
	for _, r := range l.rechner[:3] {
		x, err := r.Abzug(ctx)
		if err != nil {
			return nil, err
		}
		exports = append(exports, x)
	}
	if wrong := driver.Pruefe(exports, l.told, l.open); len(wrong) > 0 || len(l.open) > 0 {
		return nil, fmt.Errorf("not what was acknowledged: %q, open: %v", wrong, l.open)
	}
	fmt.Fprintf(l.env.Stderr, "%d bestätigte Verkäufe, jeder genau einmal auf jedem Rechner; %d Sätze, überall gleich\n",
		len(l.told), exports[0].Saetze)
	return nil, nil
}
