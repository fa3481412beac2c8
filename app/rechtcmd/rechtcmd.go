// Package rechtcmd is the commands about the law: what is in force, what changes,
// what is still to be checked, and the rows that come between releases.
package rechtcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
)

// Recht is `offizin recht`.
type Recht struct {
	On           On           `cmd:"" help:"Was an einem Tag gilt."`
	Diff         Diff         `cmd:"" help:"Was sich von einem Tag zum anderen ändert."`
	Open         Open         `cmd:"" help:"Was vor der Freigabe noch am Gesetz zu prüfen ist, mit Grund."`
	List         List         `cmd:"" help:"Die Geschichte eines Parameters."`
	Festlegen    Festlegen    `cmd:"" help:"Einen Wert selbst festlegen, bis eine neue Fassung ihn bringt."`
	Festlegungen Festlegungen `cmd:"" help:"Alle eigenen Festlegungen eines Datenordners."`
	Pruefe       Pruefe       `cmd:"" help:"Einen Nachtrag prüfen: Unterschrift, Form und was er ändert."`
	Sign         Sign         `cmd:"" help:"Einen Nachtrag unterschreiben; nur mit dem privaten Schlüssel der Freigabe."`
	Schluessel   Schluessel   `cmd:"" help:"Ein Schlüsselpaar für Nachträge anlegen."`
}

// On is `offizin recht on`.
type On struct {
	quelle

	Tag  string `arg:"" optional:"" help:"Der Tag, 2027-01-01 oder 1.1.2027; ohne Angabe heute."`
	JSON bool   `name:"json" help:"Ausgabe als JSON."`
}

// Run prints every parameter in force; the last line sums up.
func (c *On) Run(e *env.Env) error {
	day := clock.Today(e.Clock)
	if c.Tag != "" {
		var err error
		if day, err = tag(c.Tag); err != nil {
			return err
		}
	}
	s, err := c.sammlung(e)
	if err != nil {
		return err
	}
	list := s.InKraft(day)
	if c.JSON {
		return schreibeJSON(e.Stdout, map[string]any{"tag": day, "parameter": eintraege(list)})
	}
	open := 0
	return tabelle(e.Stdout, func(w io.Writer) {
		fmt.Fprintln(w, "PARAMETER\tWERT\tEINHEIT\tSEIT\tNORM\tQUELLE\tVERMERK")
		for _, x := range list {
			z := x.Zeile
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
				x.Parameter.ID, wert(&z), x.Parameter.Einheit, z.Ab.German(), z.Norm, z.Quelle, vermerk(z))
			if z.Pruefen != "" {
				open++
			}
		}
	}, func() string {
		return fmt.Sprintf("Am %s gelten %d Parameter; %d davon sind vor der Freigabe zu prüfen.",
			day.German(), len(list), open)
	})
}

// Diff is `offizin recht diff`.
type Diff struct {
	quelle

	Von  string `arg:"" help:"Der frühere Tag."`
	Bis  string `arg:"" help:"Der spätere Tag."`
	JSON bool   `name:"json" help:"Ausgabe als JSON."`
}

// Run prints what differs between the two days, old and new; the last line sums up.
func (c *Diff) Run(e *env.Env) error {
	von, err := tag(c.Von)
	if err != nil {
		return err
	}
	bis, err := tag(c.Bis)
	if err != nil {
		return err
	}
	if von > bis {
		return usage(fault.New(fault.Invalid, "L-141", "Der erste Tag, "+von.German()+", liegt nach dem zweiten, "+
			bis.German()+"; bitte die beiden Tage tauschen.", nil))
	}
	s, err := c.sammlung(e)
	if err != nil {
		return err
	}
	list := s.Unterschied(von, bis)
	if c.JSON {
		return schreibeJSON(e.Stdout, map[string]any{"von": von, "bis": bis, "aenderungen": aenderungen(list)})
	}
	return tabelle(e.Stdout, func(w io.Writer) {
		fmt.Fprintln(w, "PARAMETER\tNAME\tALT\tNEU\tEINHEIT\tAB\tNORM\tVERMERK")
		for _, a := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", a.Parameter.ID, a.Parameter.Name,
				wert(a.Alt), wert(a.Neu), a.Parameter.Einheit, a.Zeile.Ab.German(), a.Zeile.Norm, vermerk(a.Zeile))
		}
	}, func() string {
		return fmt.Sprintf("Vom %s zum %s ändern sich %d Parameter.", von.German(), bis.German(), len(list))
	})
}

// Open is `offizin recht open`.
type Open struct {
	quelle

	JSON bool `name:"json" help:"Ausgabe als JSON."`
}

// Run prints every row that a person must check, with the reason.
func (c *Open) Run(e *env.Env) error {
	s, err := c.sammlung(e)
	if err != nil {
		return err
	}
	list := s.Offen()
	if c.JSON {
		return schreibeJSON(e.Stdout, map[string]any{"offen": eintraege(list)})
	}
	return tabelle(e.Stdout, func(w io.Writer) {
		fmt.Fprintln(w, "PARAMETER\tAB\tWERT\tGEPRÜFT\tZU PRÜFEN, WEIL")
		for _, x := range list {
			z := x.Zeile
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", z.Parameter, z.Ab.German(), wert(&z), z.Geprueft.German(), z.Pruefen)
		}
	}, func() string { return fmt.Sprintf("%d Zeilen sind vor der Freigabe zu prüfen.", len(list)) })
}

// List is `offizin recht list`.
type List struct {
	quelle

	Parameter string `arg:"" help:"Der Parameter, etwa ampreisv/p3/fixum."`
}

// Run prints every row of the parameter, oldest first.
func (c *List) Run(e *env.Env) error {
	s, err := c.sammlung(e)
	if err != nil {
		return err
	}
	p, ok := s.Suche(c.Parameter)
	if !ok {
		return usage(fault.New(fault.NotFound, "L-142", "Den Parameter „"+c.Parameter+
			"“ gibt es nicht; „offizin recht on“ zeigt alle.", nil))
	}
	return tabelle(e.Stdout, func(w io.Writer) {
		fmt.Fprintf(w, "%s (%s)\n", p.Name, p.Einheit)
		fmt.Fprintln(w, "AB\tWERT\tNORM\tQUELLE\tGEPRÜFT\tORT\tVERMERK")
		for _, z := range p.Zeilen {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
				z.Ab.German(), z.WertText(), z.Norm, z.Quelle, z.Geprueft.German(), z.Ort, vermerk(z))
		}
	}, func() string { return fmt.Sprintf("%s hat %d Fassungen.", p.ID, len(p.Zeilen)) })
}

// tag reads a day for which there is law.
func tag(s string) (civil.Day, error) {
	day, err := civil.ParseGerman(s)
	if err != nil {
		return 0, usage(fault.New(fault.Invalid, "L-140", "„"+s+
			"“ ist kein Kalendertag; bitte wie 2027-01-01 oder 1.1.2027 angeben.", nil))
	}
	return day, usage(recht.PruefeTag(day))
}

// usage gives a fault of the input the exit code of a wrong call; others stay what
// they are.
func usage(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	switch {
	case err == nil:
		return nil
	case ok && f.Kind != fault.Internal && f.Kind != fault.Unavailable:
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	default:
		return err
	}
}

func tabelle(out io.Writer, body func(io.Writer), sum func() string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	body(w)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if _, err := fmt.Fprintln(out, sum()); err != nil {
		return fmt.Errorf("write summary: %w", err)
	}
	return nil
}

func schreibeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
