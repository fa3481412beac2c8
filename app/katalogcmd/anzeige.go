package katalogcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/einspielung"
)

// anzeigeTakt is how often progress is shown.
const anzeigeTakt = 200 * time.Millisecond

// anzeige shows how far a build is: in lines for a program, as a bar on a terminal, else
// not at all.
type anzeige struct {
	clock    clock.Clock
	zeilen   *zeilen   // nil: nobody reads them
	terminal io.Writer // nil: standard error is none

	schaetzung einspielung.Schaetzung
	zuletzt    time.Duration
	breite     int // of what stands in the line of the terminal
}

func newAnzeige(e *env.Env) *anzeige {
	a := &anzeige{clock: e.Clock}
	if f, ok := e.Stderr.(*os.File); ok {
		if fi, err := f.Stat(); err == nil && fi.Mode()&os.ModeCharDevice != 0 {
			a.terminal = f
		}
	}
	return a
}

// melde shows that n articles of a phase are done; von is 0 if their number is not known.
func (a *anzeige) melde(p einspielung.Phase, n, von int) {
	mono := a.clock.Mono()
	if p == a.schaetzung.Phase && mono-a.zuletzt < anzeigeTakt {
		return
	}
	a.zuletzt = mono
	z := einspielung.Zeile{Phase: p, N: n, Von: von}
	a.schaetzung.Melde(z, mono)
	if a.zeilen != nil {
		a.zeilen.schreibe(z)
	} else if a.terminal != nil {
		a.schreibe(balken(&a.schaetzung))
	}
}

// fertig names the generation that was built.
func (a *anzeige) fertig(id string) {
	if a.zeilen != nil {
		a.zeilen.schreibe(einspielung.Zeile{Katalog: id})
	}
}

// ende clears the line of the terminal, so that what comes next stands at its beginning.
func (a *anzeige) ende() {
	if a.terminal != nil && a.breite > 0 {
		a.schreibe("")
		fmt.Fprint(a.terminal, "\r")
	}
}

func (a *anzeige) schreibe(text string) {
	n := len([]rune(text))
	fmt.Fprint(a.terminal, "\r"+text+strings.Repeat(" ", max(0, a.breite-n)))
	a.breite = n
}

// balkenBreite is the number of characters of the bar.
const balkenBreite = 14

// balken is one line of at most 80 characters.
func balken(s *einspielung.Schaetzung) string {
	full := s.Promille() * balkenBreite / 1000
	text := "[" + strings.Repeat("#", full) + strings.Repeat(".", balkenBreite-full) + "] " +
		fmt.Sprintf("%3d %% ", s.Promille()/10) + s.Phase.Wort()
	if of := s.Gesamt(); of > 0 {
		text += fmt.Sprintf(" %d/%d", s.N, of)
	} else if s.N > 0 {
		text += fmt.Sprintf(" %d", s.N)
	}
	if rest, ok := s.Rest(); ok {
		text += ", noch " + einspielung.Dauer(rest)
	}
	return text
}

// zeilen writes the lines for the program that has started this one. What is printed for
// people becomes lines, too.
type zeilen struct {
	out  io.Writer
	rest []byte
}

func (z *zeilen) schreibe(x einspielung.Zeile) {
	b, err := json.Marshal(x)
	if err == nil {
		_, _ = z.out.Write(append(b, '\n')) // who does not read any more has ended us
	}
}

// Write implements io.Writer for what people would read.
func (z *zeilen) Write(b []byte) (int, error) {
	z.rest = append(z.rest, b...)
	for {
		line, rest, ok := bytes.Cut(z.rest, []byte("\n"))
		if !ok {
			return len(b), nil
		}
		z.schreibe(einspielung.Zeile{Text: string(line)})
		z.rest = rest
	}
}

// gnadenfrist is how long a build that is to end may take to clear up.
const gnadenfrist = 15 * time.Second

// alsKind runs for the program that has started this one: it prints lines of progress, and
// ends when standard input does, for then that program has ended or wants it so.
func (c *Import) alsKind(e *env.Env) error {
	ctx, stop := context.WithCancel(e.Ctx)
	defer stop()
	done := make(chan struct{})
	defer close(done)
	go func() {
		_, _ = io.Copy(io.Discard, e.Stdin) // it ends, one way or another
		stop()
		patience := time.NewTimer(gnadenfrist)
		defer patience.Stop()
		select {
		case <-done:
		case <-patience.C:
			os.Exit(env.ExitOperating) // what it leaves the next build clears away
		}
	}()
	out := &zeilen{out: e.Stdout}
	kind := *e
	kind.Ctx, kind.Stdout = ctx, out
	c.anzeige = newAnzeige(e)
	c.anzeige.zeilen = out
	return abgebrochen(c.spiele(&kind))
}

// abgebrochen says in a sentence that somebody has ended a build.
func abgebrochen(err error) error {
	if !errors.Is(err, context.Canceled) {
		return err
	}
	return &env.Exit{
		Code: env.ExitOperating, Cause: err,
		Text: "Abgebrochen: Es wurde nichts eingespielt, der bisherige Katalog gilt weiter. (A-738)",
	}
}
