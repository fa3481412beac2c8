package benchcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
)

// Restore is `offizin bench restore`.
type Restore struct {
	Gemeinsam

	Jahre     int `help:"Jahre, die das Journal umfasst." default:"5"`
	Verkaeufe int `help:"Verkäufe je Jahr." default:"110000"`

	Neubau bool `help:"Danach auch messen, wie lange es dauert, alle Auswertungen neu zu bilden."`
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
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		if err := l.vorlage(); err != nil {
			return nil, err
		}
		l.process.Stop()
		return c.zurueck(e, l)
	})
}

// vorlage makes the sales that are copied: ten of two articles in cash to one of the larger ones, as
// the year of `offizin bench nodes` has them.
func (l *lauf) vorlage() error {
	v := &driver.Verkaeufer{
		Tills: []*driver.Client{l.client}, Name: "bench-bar", Geduld: time.Minute, Clock: l.env.Clock,
		Waren: []string{string(muster.OTCSchmerzmittel.PZN()), string(muster.FreiwahlVoll.PZN())},
		Tell:  func(driver.Bestaetigung) {},
	}
	if open := v.Verkaufe(l.env.Ctx, 300); len(open) > 0 {
		return fmt.Errorf("sale was not acknowledged: %s", open[0].Grund)
	}
	l.N = 5 // and ten before
	_, err := l.reihe("rezept", (*lauf).mitRezept)
	if err == nil {
		_, err = l.reihe("ablauf", (*lauf).ablauf)
	}
	return err
}

// stoppe measures the time and, of this process, the processor that something takes.
func stoppe(c clock.Clock, f func() error) (took time.Duration, processor float64, err error) {
	start, before := c.Mono(), cpu(os.Getpid())
	err = f()
	return c.Mono() - start, rounded(cpu(os.Getpid()) - before), err
}

func (c *Restore) zurueck(e *env.Env, l *lauf) (list []Messung, err error) {
	a, err := apotheke.Open(e.Ctx, apotheke.Options{Dir: l.dir, Clock: e.Clock, Log: e.Log})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	folder, err := os.MkdirTemp("", "offizin-bench-ziel-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // in the folder for temporary files
	n := 0
	took, processor, err := stoppe(e.Clock, func() (err error) {
		n, err = jahre(e.Ctx, a.Store, c.Jahre, c.Verkaeufe, func(done int) {
			fmt.Fprintf(e.Stderr, "%d von %d Verkäufen\n", done, c.Jahre*c.Verkaeufe)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	built := rate("restore-fixture", n, took)
	built.CPU = processor
	file, saved, err := c.sichere(e, a, n, folder)
	if err != nil {
		return nil, err
	}
	back, err := c.restore(e, l, n, file, filepath.Join(folder, "neu"))
	if err != nil {
		return nil, err
	}
	list = append(append([]Messung{built}, saved...), back...)
	if !c.Neubau {
		return list, nil
	}
	anew, err := neubau(e.Ctx, e.Clock, a.Store)
	return append(list, anew...), err
}

// sichere measures a backup, and acts before it and while it is made.
func (c *Restore) sichere(e *env.Env, a *apotheke.Apotheke, n int, folder string) (string, []Messung, error) {
	if _, err := a.Sicherung.NeuerCode(); err != nil {
		return "", nil, err
	}
	before, err := buche(e.Ctx, e.Clock, a.Store, "vor", func(i int) bool { return i < 300 })
	if err != nil {
		return "", nil, err
	}
	var x sicherung.Ergebnis
	var m Messung
	var saving error
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		took, processor, err := stoppe(e.Clock, func() (err error) {
			x, err = a.Sicherung.Erstellen(e.Ctx, folder, nil)
			return err
		})
		m, saving = rate("backup", n, took), err
		m.CPU = processor
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
	if err := errors.Join(err, saving); err != nil {
		return "", nil, err
	}
	fmt.Fprintf(e.Stderr, "%d Sätze, %d MB Daten, %d MB Sicherung\n", n, x.Inhalt>>20, x.Bytes>>20)
	return x.Datei, []Messung{before.messung("act"), during.messung("act-during-backup"), m}, nil
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

// restore restores in a process of its own, as on a bare machine, and says what of it was what.
func (c *Restore) restore(e *env.Env, l *lauf, n int, file, to string) ([]Messung, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	key := filepath.Join(l.dir, "sicherung", "apotheke.key")
	args := []string{"restore", "--von", file, "--daten", to, "--schluessel", key, "--json"}
	cmd := exec.CommandContext(e.Ctx, binary, args...) //nolint:gosec // our own program
	cmd.Stderr = e.Stderr
	start := e.Clock.Mono()
	out, err := cmd.Output()
	took := e.Clock.Mono() - start
	if err != nil {
		return nil, fmt.Errorf("restore: %w: %s", err, out)
	}
	var b sicherung.Bericht
	if err := json.Unmarshal(out, &b); err != nil {
		return nil, fmt.Errorf("read what was restored: %w", err)
	}
	m := rate("restore", n, took)
	m.RSS = maxRSS(cmd.ProcessState)
	m.CPU = rounded((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	unpacked := rate("restore-unpack", n, time.Duration(b.Auspacken)*time.Millisecond)
	return []Messung{unpacked, rate("restore-check", n, time.Duration(b.Pruefen)*time.Millisecond), m}, nil
}

// rate is how long something took, and how many records a second that is.
func rate(name string, n int, took time.Duration) Messung {
	return Messung{
		Name: name, N: n, Max: ms(took), PerS: rounded(float64(n) / max(took.Seconds(), 1e-9)), Grenzen: grenzen(name),
	}
}
