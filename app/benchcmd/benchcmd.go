// Package benchcmd is `offizin bench`: it works a running till over HTTP and prints how
// long that takes, beside the limit that the disk of this machine sets in the same run.
package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
)

// Bench is the command.
type Bench struct {
	Verkauf Verkauf `cmd:"" help:"Verkäufe: die bezahlende Anfrage und der ganze Ablauf."`
	Suche   Suche   `cmd:"" help:"Suche nach PZN und Wörtern, und die Seite des Verkaufs."`
	Start   Start   `cmd:"" help:"Start mit vorhandenen Daten bis zur ersten Antwort."`
	Restore Restore `cmd:"" help:"Jahre von Verkäufen sichern und auf einem leeren Rechner wiederherstellen."`
	Nodes   Nodes   `cmd:"" help:"Drei Rechner: Übernahme, Sicherheit eines Verkaufs, Aufholen und Dazukommen."`
	Fiskal  Fiskal  `cmd:"" help:"Kassensicherung: Verkäufe mit TSE und ohne sie, Signaturen, DSFinV-K."`
	Import  Import  `cmd:"" help:"Eine K2-Lieferung und ihre Änderungen einspielen, zurückgehen und wieder gelten lassen."`
}

// Gemeinsam are the flags of every measurement.
type Gemeinsam struct {
	An      string `help:"Adresse eines laufenden Offizin; sonst startet die Messung ein eigenes." placeholder:"URL"`
	Ordner  string `help:"Ordner für die Daten des eigenen; sonst einer für Zwischendateien." placeholder:"DIR"`
	Artikel int    `help:"Artikel im Katalog des eigenen." default:"20000"`
	N       int    `help:"Zahl der Messungen." default:"300"`
	JSON    bool   `help:"Ein JSON-Objekt je Messung und Zeile." name:"json"`
}

// lauf is a measurement under way.
type lauf struct {
	Gemeinsam
	env     *env.Env
	dir     string
	process *driver.Process // nil: somebody else's
	client  *driver.Client
}

// benutzer is who sells: the demo's first person.
const benutzer = "AB"

// messe starts a pharmacy if none was named, runs f against it and prints its measures.
func (g Gemeinsam) messe(e *env.Env, f func(*lauf) ([]Messung, error)) (err error) {
	if g.N < 1 || g.N > 100_000 {
		return env.Usage("Die Zahl der Messungen muss zwischen 1 und 100000 liegen; bitte -n berichtigen.")
	}
	l := &lauf{Gemeinsam: g, env: e}
	defer func() { err = errors.Join(err, l.close()) }()
	if err := l.open(e.Ctx); err != nil {
		return &env.Exit{Code: env.ExitOperating, Text: err.Error(), Cause: err}
	}
	list, err := f(l)
	if err != nil {
		return &env.Exit{Code: env.ExitOperating, Text: "Die Messung brach ab: " + err.Error(), Cause: err}
	}
	return write(e.Stdout, g.JSON, list)
}

func (l *lauf) open(ctx context.Context) error {
	var err error
	if l.dir = l.Ordner; l.dir == "" {
		if l.dir, err = os.MkdirTemp("", "offizin-bench-"); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
	}
	if l.An != "" {
		l.client = driver.New(l.An, benutzer)
		return nil
	}
	if err := l.start(ctx); err != nil {
		return err
	}
	return l.settle(ctx)
}

// settle waits until the pharmacy has built what lies ahead: a day at the till does not
// begin with that.
func (l *lauf) settle(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		ready, err := filepath.Glob(filepath.Join(l.dir, apotheke.KatalogDir, "2*", "manifest.json"))
		if err == nil && len(ready) > 1 {
			return nil
		}
		select {
		case <-limit.Done():
			return errors.Join(errors.New("the pharmacy does not finish its catalogue"), err)
		case <-tick.C:
		}
	}
}

// start starts a pharmacy of our own, or starts it again.
func (l *lauf) start(ctx context.Context) error {
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	l.process, err = driver.Start(ctx, binary, "demo", "--daten", l.dir, "--artikel", strconv.Itoa(l.Artikel),
		"--no-papier") // a printer draws in a device of its own
	if err != nil {
		return err
	}
	l.client = driver.New(l.process.URL, benutzer)
	return nil
}

// speicher is the memory of our own pharmacy in MB, and what of it is anonymous; 0 of
// somebody else's.
func (l *lauf) speicher() (all, privat float64) {
	if l.process == nil {
		return 0, 0
	}
	return rss(l.process.PID())
}

func (l *lauf) close() error {
	if l.process != nil {
		l.process.Stop()
	}
	if l.Ordner == "" && l.dir != "" {
		if err := os.RemoveAll(l.dir); err != nil {
			return fmt.Errorf("remove folder of the measurement: %w", err)
		}
	}
	return nil
}
