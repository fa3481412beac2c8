package abschuss

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
)

// langsam has the TSE of the next life take its time, so that kills hit what it is about to do.
func (l *lauf) langsam(d time.Duration) error {
	if err := os.MkdirAll(l.regeln.Daten, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	return anschluss.Konfig{
		Treiber: simulator.Name, Ordner: filepath.Join(l.regeln.Daten, "tse"), Stoerung: simulator.Stoerung{Verzug: d},
	}.Schreiben(l.regeln.Daten)
}

// gesichert waits until the program has caught up on what the TSE has signed, as after any start.
func (l *lauf) gesichert(ctx context.Context, c *driver.Client) error {
	var lage struct {
		Serie       string
		Ungesichert int
	}
	for range 600 {
		if err := c.Get(ctx, "/tse", &lage); err != nil {
			return err
		}
		if l.serie = lage.Serie; lage.Serie != "" && lage.Ungesichert == 0 {
			return nil
		}
		pause := time.NewTimer(50 * time.Millisecond)
		select {
		case <-ctx.Done():
			pause.Stop()
			return fmt.Errorf("wait for the TSE: %w", ctx.Err())
		case <-pause.C:
		}
	}
	return fmt.Errorf("%d records are not secured", lage.Ungesichert)
}

// signaturen holds the journal against the TSE: each record of the till was signed once, or says
// why not; what it says is in the memory of the TSE; and nothing is left open there.
func (l *lauf) signaturen(ctx context.Context, j aufzeichnung) (err error) {
	device, err := simulator.Open(simulator.Optionen{Ordner: filepath.Join(l.regeln.Daten, "tse")}, l.regeln.Clock)
	if err != nil {
		return fmt.Errorf("open the TSE: %w", err)
	}
	defer func() { err = errors.Join(err, device.Close()) }()
	numbers := map[string]bool{}
	for n, b := range j.bons {
		numbers[n] = b.Serie != ""
	}
	for n := range j.belege {
		numbers[n] = true
	}
	seen := map[uint64]string{}
	for n, due := range numbers {
		g, ok := j.gesichert[n]
		switch {
		case !ok && due:
			l.fehler("nobody knows what was signed for %s", n)
		case g.Signatur != nil:
			if other := seen[g.Signatur.Transaktion]; other != "" {
				l.fehler("%s and %s are one transaction", n, other)
			}
			seen[g.Signatur.Transaktion] = n
			if err := l.imSpeicher(ctx, device, g); err != nil {
				return err
			}
		case ok && g.Ausfall == "":
			l.fehler("%s is not signed and does not say why", n)
		case ok:
			l.erg.Ausgefallen++
		}
	}
	open, err := device.Offene(ctx, l.serie)
	if len(open) > 0 {
		l.fehler("%d transactions are open at the TSE", len(open))
	}
	return err
}

func (l *lauf) imSpeicher(ctx context.Context, device *simulator.Simulator, g kassenbeleg.Gesichert) error {
	kept, done, err := device.Beendet(ctx, g.Serie, g.Signatur.Transaktion)
	if err != nil {
		return fmt.Errorf("ask the TSE: %w", err)
	}
	if !done || kept.Wert != g.Signatur.Wert {
		l.fehler("what %s says was signed is not in the memory of the TSE", g.Nummer)
	}
	return nil
}
