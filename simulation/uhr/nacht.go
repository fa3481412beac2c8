// Package uhr runs the real program through a night in which the clocks change: sales and
// jobs go on, and from outside is checked that it does not spin, that each job ran once and
// that no sale of the hour that comes twice is lost or doubled.
//
// The wall clock of the program is moved by clockshift (testdata), which needs Linux on
// amd64 and a C compiler; its timers and its monotonic clock run on as they do in life.
package uhr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal/export"
)

// Nacht is one night.
type Nacht struct {
	Binary, Clockshift, Daten string

	Wechsel time.Time     // when the clocks change, UTC
	Ruhe    time.Duration // how long the idle program is watched across it, true time
	Clock   clock.Clock
}

// Ergebnis is what the night showed.
type Ergebnis struct {
	CPU      []int          // share of one core in each idle minute or part of it, per mille
	Gesamt   time.Duration  // what the program computed from its start to its end
	Bons     []string       // acknowledged, in order
	Gebucht  []string       // in the journal, in order of sequence
	Zeiten   []time.Time    // of those
	Arbeiten map[string]int // "journalpruefung 2027-03-28" → how often
	Luecken  int            // records whose number does not follow the one before
}

// nacht is a night under way.
type nacht struct {
	Nacht

	file    string        // the offset of the program's clock
	offset  time.Duration // from the machine's
	process *driver.Process
	client  *driver.Client
	keys    int
	erg     Ergebnis
}

// Laufe plays the night: the evening, the change at true pace, the morning at a minute each
// tenth of a second, and then a while in which the jobs are due.
func (n Nacht) Laufe(ctx context.Context) (Ergebnis, error) {
	x := &nacht{Nacht: n, file: filepath.Join(n.Daten, "..", "offset-"+filepath.Base(n.Daten))}
	if err := x.stelle(n.Wechsel.Add(-100 * time.Minute)); err != nil { // before midnight or soon after
		return x.erg, err
	}
	var err error
	x.process, err = driver.Start(ctx, n.Clockshift, x.file, n.Binary, "demo", "--daten", n.Daten, "--artikel", "300")
	if err != nil {
		return x.erg, fmt.Errorf("start the night: %w", err)
	}
	defer x.process.Stop()
	x.client = driver.New(x.process.URL, "AB")
	for _, step := range []func(context.Context) error{x.abend, x.wechsel, x.morgen} {
		if err := step(ctx); err != nil {
			return x.erg, err
		}
	}
	if x.erg.Gesamt, err = x.cpu(); err != nil {
		return x.erg, err
	}
	x.process.Stop()
	return x.erg, x.lies(ctx)
}

// stelle sets the program's clock.
func (x *nacht) stelle(at time.Time) error {
	x.offset = at.Sub(x.Clock.Now()).Round(time.Second)
	return x.schreibe()
}

func (x *nacht) schreibe() error {
	text := strconv.FormatInt(int64(x.offset/time.Second), 10)
	if err := os.WriteFile(x.file, []byte(text), 0o600); err != nil {
		return fmt.Errorf("set the clock: %w", err)
	}
	return nil
}

// jetzt is the time of the program.
func (x *nacht) jetzt() time.Time { return x.Clock.Now().Add(x.offset) }

func (x *nacht) abend(ctx context.Context) error {
	if err := x.verkaufe(ctx, 3); err != nil {
		return err
	}
	if err := warte(ctx, 8*time.Second); err != nil { // what a start brings with it is over
		return err
	}
	return x.stelle(x.Wechsel.Add(-x.Ruhe / 2))
}

// wechsel lets the clocks change while nobody does anything, and then while somebody sells.
func (x *nacht) wechsel(ctx context.Context) error {
	for left := x.Ruhe; left > 0; left -= time.Minute {
		d := min(left, time.Minute)
		before, err := x.cpu()
		if err != nil {
			return err
		}
		if err := warte(ctx, d); err != nil {
			return err
		}
		after, err := x.cpu()
		if err != nil {
			return err
		}
		x.erg.CPU = append(x.erg.CPU, int((after-before)*1000/d))
	}
	if x.Ruhe <= time.Minute { // a few seconds back are a correction; more would be a clock that is in doubt
		if err := x.stelle(x.Wechsel.Add(-time.Second)); err != nil {
			return err
		}
	}
	return x.verkaufe(ctx, 20)
}

// morgen goes on to 06:00 with a sale now and then, and gives the jobs the time that they
// may take to see it.
func (x *nacht) morgen(ctx context.Context) error {
	end := x.Wechsel.Add(5 * time.Hour)
	for i := 0; x.jetzt().Before(end); i++ {
		x.offset += time.Minute
		if err := x.schreibe(); err != nil {
			return err
		}
		if i%10 == 0 {
			if err := x.verkaufe(ctx, 1); err != nil {
				return err
			}
		}
		if err := warte(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return warte(ctx, 35*time.Second)
}

// verkaufe sells n times and keeps the numbers that were acknowledged.
func (x *nacht) verkaufe(ctx context.Context, n int) error {
	pzn := ""
	for _, b := range muster.Bekannt() {
		if b.Rolle == muster.OTCSchmerzmittel {
			pzn = string(b.Artikel.PZN)
		}
	}
	for range n {
		x.keys++
		a, err := x.client.Scan(ctx, fmt.Sprintf("scan-%d", x.keys), "", pzn)
		if err != nil {
			return fmt.Errorf("scan at %v: %w", x.jetzt(), err)
		}
		a, err = x.client.Bezahlen(ctx, fmt.Sprintf("pay-%d", x.keys), a.Vorgang, a.Patient)
		if err != nil {
			return fmt.Errorf("pay at %v: %w", x.jetzt(), err)
		}
		x.erg.Bons = append(x.erg.Bons, a.Bon)
	}
	return nil
}

var errProc = errors.New("the system does not say how much time a process took")

// cpu is the time that the program has computed, without clockshift.
func (x *nacht) cpu() (time.Duration, error) {
	pid := strconv.Itoa(x.process.PID())
	children, err := os.ReadFile(filepath.Join("/proc", pid, "task", pid, "children"))
	if err != nil {
		return 0, fmt.Errorf("find the program: %w", err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(children)))
	if err != nil {
		return 0, fmt.Errorf("find the program: %w", err)
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(child), "stat"))
	if err != nil {
		return 0, fmt.Errorf("ask for its time: %w", err)
	}
	_, text, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(text)
	if len(fields) < 13 {
		return 0, errProc
	}
	var ticks int
	for _, f := range fields[11:13] { // utime, stime: hundredths of a second
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, fmt.Errorf("read its time: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

// lies verifies the journal and reads what is in it.
func (x *nacht) lies(ctx context.Context) error {
	if out, err := x.ruf(ctx, "verify"); err != nil {
		return fmt.Errorf("verify: %w: %s", err, out)
	}
	out, err := x.ruf(ctx, "export")
	if err != nil {
		return err
	}
	x.erg.Arbeiten = map[string]int{}
	for last := uint64(0); out != ""; last++ {
		var line string
		line, out, _ = strings.Cut(out, "\n")
		var z export.Zeile
		if err := json.Unmarshal([]byte(line), &z); err != nil {
			return fmt.Errorf("read export: %w", err)
		}
		if z.Seq != last+1 {
			x.erg.Luecken++
		}
		if err := x.zaehle(z); err != nil {
			return err
		}
	}
	return nil
}

func (x *nacht) zaehle(z export.Zeile) error {
	var p struct {
		Bon struct {
			Nummer string `json:"nummer"`
		} `json:"bon"`
		Arbeit, Tag string
	}
	if err := json.Unmarshal(z.Payload, &p); err != nil {
		return fmt.Errorf("read record %d: %w", z.Seq, err)
	}
	switch z.Type {
	case "verkauf.abgeschlossen.v1":
		x.erg.Gebucht = append(x.erg.Gebucht, p.Bon.Nummer)
		x.erg.Zeiten = append(x.erg.Zeiten, time.Unix(0, z.Wall).UTC())
	case "tagesarbeit.erledigt.v1":
		x.erg.Arbeiten[p.Arbeit+" "+p.Tag]++
	}
	return nil
}

// ruf runs a command on the journal; on the time of the machine, which it does not need.
func (x *nacht) ruf(ctx context.Context, what string) (string, error) {
	cmd := exec.CommandContext(ctx, x.Binary, "journal", what, "--daten", x.Daten) //nolint:gosec // our own program
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("journal %s: %w", what, err)
	}
	return string(out), nil
}

func warte(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait: %w", ctx.Err())
	}
}
