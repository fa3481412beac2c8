// Package preiscmd is the commands about prices: compute or check a whole table of
// cases, and explain one price with its reasons.
package preiscmd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow/preisprobe"
)

// Preis is `offizin preis`.
type Preis struct {
	Compute Compute `cmd:"" help:"Eine Tabelle mit Preisfällen (CSV) ausfüllen, soweit es sich berechnen lässt."`
	Check   Check   `cmd:"" help:"Eine Tabelle mit Preisfällen nachrechnen und vergleichen; 1 bei Abweichungen."`
	Explain Explain `cmd:"" help:"Einen Preis und die Zuzahlung Schritt für Schritt erklären, mit Norm und Fassung."`
}

// Compute is `offizin preis compute`.
type Compute struct {
	Datei string `arg:"" help:"Tabelle mit Kommas und Kopfzeile: id, date, payer, kind, apu_net …"`
}

// Run prints the table with the computed cells. Rows that cannot be computed stay as
// they are and are named on the error stream.
func (c *Compute) Run(e *env.Env) error {
	p, f, err := open(c.Datei)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	var out bytes.Buffer
	hinweise, err := p.Compute(f, &out)
	if err != nil {
		return usage(err)
	}
	if _, err := out.WriteTo(e.Stdout); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	for _, h := range hinweise {
		fmt.Fprintf(e.Stderr, "Zeile %d %s: %s\n", h.Zeile, h.ID, h.Text)
	}
	return nil
}

// Check is `offizin preis check`.
type Check struct {
	Datei string `arg:"" help:"Tabelle wie bei compute, dazu authority und check."`
}

// Run prints each difference, the counts by authority and, last, the sum.
func (c *Check) Run(e *env.Env) error {
	p, f, err := open(c.Datei)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	w := bufio.NewWriter(e.Stdout)
	fmt.Fprintln(w, "id\tauthority\tstate\tcolumn\texpected\tcomputed\treason")
	sum, err := p.Check(f, func(r preisprobe.Ergebnis) error { return show(w, r) })
	if err == nil {
		for _, name := range slices.Sorted(maps.Keys(sum.Klassen)) {
			k := sum.Klassen[name]
			fmt.Fprintf(w, "Klasse %s: %d agree, %d differ, %d ungeklaert\n", name, k[0], k[1], k[2])
		}
		fmt.Fprintln(w, sum)
	}
	if flushErr := w.Flush(); flushErr != nil {
		return fmt.Errorf("write check: %w", flushErr)
	}
	switch {
	case err != nil:
		return usage(err)
	case sum.Differ > 0:
		return env.Differs()
	}
	return nil
}

// show prints a row that is not simply as expected.
func show(w *bufio.Writer, r preisprobe.Ergebnis) error {
	list := r.Unterschiede
	if len(list) == 0 && r.State != preisprobe.Agree {
		list = []preisprobe.Unterschied{{}}
	}
	for _, u := range list {
		cells := []string{r.ID, r.Klasse, string(r.State), u.Spalte, u.Erwartet, u.Berechnet, r.Grund}
		for i, s := range cells {
			cells[i] = strings.Map(printable, s)
		}
		if _, err := fmt.Fprintln(w, strings.Join(cells, "\t")); err != nil {
			return fmt.Errorf("write check: %w", err)
		}
	}
	return nil
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}

// open loads the law and opens the table.
func open(name string) (preisprobe.Probe, *os.File, error) {
	s, err := recht.Load()
	if err != nil {
		return preisprobe.Probe{}, nil, fmt.Errorf("load law: %w", err)
	}
	var f *os.File
	info, err := os.Stat(name)
	if err == nil && !info.IsDir() {
		f, err = os.Open(name)
	}
	if f == nil || err != nil {
		return preisprobe.Probe{}, nil,
			env.Usage("„%s“ ist keine lesbare Datei; bitte den Namen prüfen. (P-309)", name)
	}
	return preisprobe.Probe{Recht: s}, f, nil
}

// usage gives what is wrong with the input its exit code.
func usage(err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Invalid {
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	}
	return err
}
