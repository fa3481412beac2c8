// Package kennungcmd is the commands about numbers and pack codes: what the
// program makes of one, and whether a whole table comes out as expected.
package kennungcmd

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/workflow/kennprobe"
)

// Kennung is `offizin kennung`.
type Kennung struct {
	Check KennungCheck `cmd:"" help:"Eine Tabelle mit Nummern (PZN, IK, KVNR …) nachrechnen; 1 bei Abweichungen."`
	Show  KennungShow  `cmd:"" help:"Zeigen, was eine Nummer sein kann und ob ihre Prüfziffer stimmt."`
}

// Code is `offizin code`.
type Code struct {
	Check CodeCheck `cmd:"" help:"Eine Tabelle mit Packungscodes lesen und vergleichen; 1 bei Abweichungen."`
	Show  CodeShow  `cmd:"" help:"Zeigen, was ein gescannter Code sagt."`
}

// KennungCheck is `offizin kennung check`.
type KennungCheck struct {
	Datei string `arg:"" help:"Tabelle mit Tabulatoren: type, value, valid, expected_check."`
}

// Run prints one row for each number: line, type, value, state, expected,
// computed, reason; the last line sums up.
func (c *KennungCheck) Run(e *env.Env) error {
	return check(e, c.Datei, func(f *os.File, w *bufio.Writer) (kennprobe.Summe, error) {
		fmt.Fprintln(w, "zeile\ttype\tvalue\tstate\texpected\tcomputed\treason")
		return kennprobe.Nummern(f, func(n kennprobe.Nummer) error {
			_, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", n.Zeile, kennprobe.Escape(n.Typ),
				kennprobe.Escape(n.Wert), n.State, kennprobe.Escape(n.Expected), n.Computed, kennprobe.Escape(n.Reason))
			return err //nolint:wrapcheck // wrapped by check
		})
	})
}

// CodeCheck is `offizin code check`.
type CodeCheck struct {
	Datei string `arg:"" help:"Tabelle mit Tabulatoren: id, raw_escaped, valid, product_code …, Steuerzeichen als \\xHH."`
}

// Run prints one row for each code: id, state, what was read, and what differs;
// the last line sums up.
func (c *CodeCheck) Run(e *env.Env) error {
	return check(e, c.Datei, func(f *os.File, w *bufio.Writer) (kennprobe.Summe, error) {
		fmt.Fprintln(w, "id\tstate\tvalid\tproduct_code_type\tproduct_code\tpzn8\tserial\texpiry_raw\texpiry_date\tbatch\t"+
			"extra\tdiffers\treason")
		return kennprobe.Codes(f, func(c kennprobe.Code) error {
			cells := []string{c.ID, string(c.State)}
			for _, f := range c.Fields {
				cells = append(cells, f.Wert)
			}
			cells = append(cells, strings.Join(c.Differ, "; "), c.Reason)
			for i, s := range cells {
				cells[i] = kennprobe.Escape(s)
			}
			_, err := fmt.Fprintln(w, strings.Join(cells, "\t"))
			return err //nolint:wrapcheck // wrapped by check
		})
	})
}

// check opens the table, runs the comparison and turns differences into exit
// code 1.
func check(e *env.Env, name string, run func(*os.File, *bufio.Writer) (kennprobe.Summe, error)) error {
	f, err := os.Open(name)
	if err != nil {
		return env.Usage("Die Datei „%s“ ist nicht lesbar; bitte den Namen prüfen. (K-305)", name)
	}
	defer f.Close() //nolint:errcheck // only read
	w := bufio.NewWriter(e.Stdout)
	sum, err := run(f, w)
	if err == nil {
		fmt.Fprintln(w, sum)
	}
	if flushErr := w.Flush(); flushErr != nil {
		return fmt.Errorf("writing the check: %w", flushErr)
	}
	if err != nil {
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	}
	if sum.Differ > 0 {
		return env.Differs()
	}
	return nil
}
