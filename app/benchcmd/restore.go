package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
)

// Restore is `offizin bench restore`.
type Restore struct {
	Gemeinsam

	Jahre     int `help:"Jahre, die das Journal umfasst." default:"5"`
	Verkaeufe int `help:"Verkäufe je Jahr." default:"110000"`
}

// Run measures how a pharmacy with years of sales is backed up, and how long a bare machine
// takes to have it back, every check included. The years are copies of sales that a real till
// has booked just before, under other names and on other days.
func (c *Restore) Run(e *env.Env) error {
	if c.An != "" {
		return env.Usage("Das Wiederherstellen misst Offizin nur an einem eigenen; bitte ohne --an aufrufen.")
	}
	if c.Jahre < 1 || c.Jahre > 20 || c.Verkaeufe < 1 || c.Verkaeufe > 1_000_000 {
		return env.Usage("Erlaubt sind 1 bis 20 Jahre und 1 bis 1000000 Verkäufe je Jahr; bitte berichtigen.")
	}
	c.N = min(c.N, 100)
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		for _, one := range []func(*lauf, context.Context, string) (time.Duration, error){(*lauf).mitRezept, (*lauf).ablauf} {
			if _, err := l.reihe(fmt.Sprintf("r%p", one), one); err != nil {
				return nil, err
			}
		}
		l.process.Stop()
		return c.zurueck(e, l)
	})
}

func (c *Restore) zurueck(e *env.Env, l *lauf) ([]Messung, error) {
	a, err := apotheke.Open(e.Ctx, apotheke.Options{Dir: l.dir, Clock: e.Clock, Log: e.Log})
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "offizin-bench-ziel-")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make folder: %w", err), a.Close())
	}
	defer os.RemoveAll(folder) //nolint:errcheck // in the folder for temporary files
	start := e.Clock.Mono()
	n, err := jahre(e.Ctx, a.Store, c.Jahre, c.Verkaeufe, func(done int) {
		fmt.Fprintf(e.Stderr, "%d von %d Verkäufen\n", done, c.Jahre*c.Verkaeufe)
	})
	built := rate("restore-fixture", n, e.Clock.Mono()-start)
	if err == nil {
		_, err = a.Sicherung.NeuerCode()
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	before, err := buche(e.Ctx, e.Clock, a.Store, "vor", func(i int) bool { return i < 300 })
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	var x sicherung.Ergebnis
	var saving error
	var took time.Duration
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		start := e.Clock.Mono()
		x, saving = a.Sicherung.Erstellen(e.Ctx, folder, nil)
		took = e.Clock.Mono() - start
	}()
	during, err := buche(e.Ctx, e.Clock, a.Store, "dabei", func(int) bool {
		select {
		case <-saved:
			return false
		default:
			return true
		}
	})
	<-saved
	var anew []Messung
	if err == nil {
		anew, err = neubau(e.Ctx, e.Clock, a.Store)
	}
	if err := errors.Join(err, saving, a.Close()); err != nil {
		return nil, err
	}
	fmt.Fprintf(e.Stderr, "%d Sätze, %d MB Daten, %d MB Sicherung\n", n, x.Inhalt>>20, x.Bytes>>20)
	back, err := c.restore(e, l, n, x.Datei, filepath.Join(folder, "neu"))
	return append([]Messung{
		built, before.messung("act"), during.messung("act-during-backup"), rate("backup", n, took), back,
	}, anew...), err
}

// pause is between two acts: a busy counter.
const pause = 20 * time.Millisecond

// buche books acts for as long as more says and returns how long each took to be durable.
func buche(
	ctx context.Context, c clock.Clock, s journal.Store, key string, more func(i int) bool,
) (r reihe, err error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for i := 0; err == nil && more(i); i++ {
		d, bad := dauer(c, func() error {
			_, err := s.Append(ctx, journal.Act{
				Key: "bench-" + key + strconv.Itoa(i), Input: i, Actor: benutzer, Wall: c.Now(),
				Decide: func(journal.Rows) ([]journal.Event, error) {
					return korrektur(), nil
				},
			})
			return err
		})
		r, err = append(r, d), bad
		<-tick.C
	}
	return r, err
}

// restore restores in a process of its own, as on a bare machine.
func (c *Restore) restore(e *env.Env, l *lauf, n int, file, to string) (Messung, error) {
	binary, err := os.Executable()
	if err != nil {
		return Messung{}, fmt.Errorf("find the program: %w", err)
	}
	key := filepath.Join(l.dir, "sicherung", "apotheke.key")
	args := []string{"restore", "--von", file, "--daten", to, "--schluessel", key}
	cmd := exec.CommandContext(e.Ctx, binary, args...) //nolint:gosec // our own program
	cmd.Stderr = e.Stderr
	start := e.Clock.Mono()
	out, err := cmd.Output()
	took := e.Clock.Mono() - start
	if err != nil {
		return Messung{}, fmt.Errorf("restore: %w: %s", err, out)
	}
	m := rate("restore", n, took)
	m.RSS = maxRSS(cmd.ProcessState)
	m.CPU = rounded((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	return m, nil
}

// rate is how long something took, and how many records a second that is.
func rate(name string, n int, took time.Duration) Messung {
	return Messung{
		Name: name, N: n, Max: ms(took), PerS: rounded(float64(n) / max(took.Seconds(), 1e-9)), Grenzen: grenzen(name),
	}
}
