package rechtcmd

import (
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/festlegung"
)

// Festlegen is `offizin recht festlegen`.
type Festlegen struct {
	Parameter string `arg:"" help:"Der Parameter, etwa ampreisv/p3/fixum."`
	Ab        string `arg:"" help:"Der Tag, von dem an der Wert gilt."`
	Wert      string `arg:"" help:"Der Wert: 9,50 – 3,15 % – ja – aufgehoben – oder zurückgenommen."`
	Grund     string `required:"" help:"Begründung; sie steht in jedem „Warum?“."`
	Wer       string `required:"" help:"Kürzel eines Benutzers, der hier arbeitet."`
	Daten     string `required:"" help:"Datenordner der Apotheke; das Programm darf dort nicht laufen." type:"path"`
}

// Run lays the value down and says what holds now.
func (c *Festlegen) Run(e *env.Env) error {
	ab, err := tag(c.Ab)
	if err != nil {
		return err
	}
	return mit(e, c.Daten, func(f *festlegung.Service) error {
		a := workflow.Auftrag{Key: "recht-" + rand.Text(), Actor: c.Wer}
		if err := f.Festlegen(e.Ctx, a, c.Parameter, ab, c.Wert, c.Grund); err != nil {
			return err
		}
		s, err := f.Sammlung()
		if err != nil {
			return err
		}
		p, _ := s.Suche(c.Parameter)
		z, ok := p.Am(ab)
		text := "nicht in Kraft"
		if ok {
			text = strings.TrimSpace(z.WertText() + " " + z.Art.String())
		}
		_, err = fmt.Fprintf(e.Stdout, "%s ab %s: %s\n", p.Name, ab.German(), text)
		return err //nolint:wrapcheck // standard output
	})
}

// Festlegungen is `offizin recht festlegungen`.
type Festlegungen struct {
	Daten string `required:"" help:"Datenordner der Apotheke; das Programm darf dort nicht laufen." type:"path"`
}

// Run prints every Festlegung that was ever made.
func (c *Festlegungen) Run(e *env.Env) error {
	return mit(e, c.Daten, func(f *festlegung.Service) error {
		list, err := f.Liste(e.Ctx)
		if err != nil {
			return err
		}
		active := 0
		return tabelle(e.Stdout, func(w io.Writer) {
			fmt.Fprintln(w, "PARAMETER\tAB\tWERT\tZUSTAND\tWER\tAM\tBEGRÜNDUNG")
			for _, x := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
					x.Parameter, x.Ab.German(), x.Wert, x.Zustand, x.Wer, x.Am.German(), x.Begruendung)
				if x.Zustand == festlegung.Wirksam {
					active++
				}
			}
		}, func() string { return fmt.Sprintf("%d Festlegungen, %d davon wirksam.", len(list), active) })
	})
}
