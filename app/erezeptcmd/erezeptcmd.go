// Package erezeptcmd is the commands about E-Rezepte.
package erezeptcmd

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow/taxieren"
)

// ERezept is `offizin erezept`.
type ERezept struct {
	Taxiere Taxiere `cmd:"" help:"Zuzahlung, Mehrkosten und Eigenbeteiligung abgerechneter E-Rezepte nachrechnen."`
}

// Taxiere is `offizin erezept taxiere`.
type Taxiere struct {
	Ordner       string `arg:"" help:"Ordner mit Abgabedaten (DAV) und Verordnungen (KBV), auch in Unterordnern."`
	Verordnungen string `help:"Weiterer Ordner mit Verordnungen (sonst ein Nachbarordner dieses Namens)."`
	Blind        bool   `help:"Nur rechnen, die angegebenen Beträge des Versicherten nicht lesen."`
}

// Help explains the output.
func (*Taxiere) Help() string {
	return "Gibt je Abrechnungszeile eine Zeile mit Tabulatoren aus: case, state, expected, computed, rule. " +
		"Beträge stehen als Zuzahlung/Mehrkosten/Eigenbeteiligung. state ist agree, differ, ungeklaert, " +
		"ohne-verordnung oder ungueltig, mit --blind berechnet. Der Rückgabewert ist 1 bei Abweichungen."
}

// Run walks the folder and prints one row for each line; the last line sums up.
func (c *Taxiere) Run(e *env.Env) error {
	law, err := recht.Load()
	if err != nil {
		return fmt.Errorf("load law: %w", err)
	}
	s := &sammlung{blind: c.Blind}
	if err := s.ordner(c.Ordner); err != nil {
		return err
	}
	if len(s.akten) == 0 {
		return env.Usage("Im Ordner „%s“ ist kein Abgabedatensatz; bitte einen Ordner mit DAV-Bundles (XML) angeben. (R-601)",
			c.Ordner)
	}
	if err := c.weitere(s); err != nil {
		return err
	}
	sum, err := c.drucke(e.Stdout, s, law)
	if err != nil {
		return fmt.Errorf("writing the check: %w", err)
	}
	if sum.Differ > 0 {
		return env.Differs()
	}
	return nil
}

// drucke prints the table and its summary.
func (c *Taxiere) drucke(out io.Writer, s *sammlung, law *recht.Sammlung) (taxieren.Summe, error) {
	w := bufio.NewWriter(out)
	fmt.Fprintln(w, "case\tstate\texpected\tcomputed\trule")
	am := func(day civil.Day) (zuzahlung.Recht, error) {
		stand, err := law.Am(day)
		return stand.Zuzahlung, err
	}
	sum, err := taxieren.Pruefe(s.akten, s.verordnungen, am, c.Blind, func(z taxieren.Zeile) error {
		_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", zelle(z.Fall), z.State, z.Erwartet, z.Errechnet, zelle(z.Regel))
		return err //nolint:wrapcheck // wrapped by Run
	})
	if err != nil {
		return sum, err
	}
	fmt.Fprintln(w, sum)
	return sum, w.Flush() //nolint:wrapcheck // wrapped by Run
}

// weitere reads prescriptions that lie elsewhere.
func (c *Taxiere) weitere(s *sammlung) error {
	s.nurVerordnungen = true
	if c.Verordnungen != "" {
		return s.ordner(c.Verordnungen)
	}
	if len(s.verordnungen) > 0 {
		return nil
	}
	root, err := filepath.Abs(c.Ordner)
	if err != nil {
		return fmt.Errorf("find folder: %w", err)
	}
	for _, name := range []string{"prescriptions", "verordnungen"} {
		if dir := filepath.Join(filepath.Dir(root), name); istOrdner(dir) {
			return s.ordner(dir)
		}
	}
	return nil
}

// zelle keeps a foreign text in its cell.
func zelle(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}
