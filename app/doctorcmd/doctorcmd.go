// Package doctorcmd is `offizin doctor`: what Störungen says, on the command line, from the
// running program or from its folder.
package doctorcmd

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/integration/anleitungen"
	"github.com/offizin/offizin/workflow/stoerung"
)

// Doctor is the command.
type Doctor struct {
	Daten       string `help:"Datenordner; ohne Angabe ${default}." default:"offizin-daten" placeholder:"DIR"`
	JSON        bool   `help:"Als JSON ausgeben." name:"json"`
	Anleitungen string `help:"Die Blätter für Ausfälle als PDF in diesen Ordner schreiben." placeholder:"ORDNER"`
}

// Run asks the running program, or looks into the folder; exit code 1: something is wrong.
func (c *Doctor) Run(e *env.Env) error {
	if c.Anleitungen != "" {
		return c.drucke(e)
	}
	l, runs := c.frage(e)
	if !runs {
		l = untersuche(e.Ctx, c.Daten, e.Clock)
	}
	if err := c.sage(e.Stdout, l, runs); err != nil {
		return env.Failed(err)
	}
	if l.Ampel.Farbe != stoerung.Gruen {
		return env.Differs()
	}
	return nil
}

// frage asks the running program; false if none answers.
func (c *Doctor) frage(e *env.Env) (stoerung.Lage, bool) {
	running, err := knoten.Find(c.Daten)
	if err != nil {
		return stoerung.Lage{}, false
	}
	l, err := running.Lage(e.Ctx)
	return l, err == nil
}

// ausgabe is the report as JSON.
type ausgabe struct {
	Laeuft  bool               `json:"laeuft"` // the program runs and has answered
	Ampel   stoerung.Farbe     `json:"ampel"`
	Text    string             `json:"text"`
	Glieder []glied            `json:"glieder"`
	Verlauf []stoerung.Ausfall `json:"verlauf"` // of the last 30 days
}

type glied struct {
	ID      string           `json:"id"`
	Name    string           `json:"name"`
	Zustand stoerung.Zustand `json:"zustand"`
	Seit    time.Time        `json:"seit,omitzero"` // UTC
	Code    string           `json:"code,omitempty"`
	Text    string           `json:"text"`
	Ausweg  string           `json:"ausweg,omitempty"`
}

func (c *Doctor) sage(w io.Writer, l stoerung.Lage, runs bool) error {
	if c.JSON {
		out := ausgabe{Laeuft: runs, Ampel: l.Ampel.Farbe, Text: l.Ampel.Text, Verlauf: []stoerung.Ausfall{}}
		out.Verlauf = append(out.Verlauf, l.Verlauf...)
		for _, g := range l.Glieder {
			out.Glieder = append(out.Glieder, glied(g))
		}
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(out) //nolint:wrapcheck // standard output
	}
	fmt.Fprintf(w, "%s: %s\n", l.Ampel.Farbe, l.Ampel.Text)
	for _, g := range l.Glieder {
		if _, err := fmt.Fprintln(w, zeile(g)); err != nil {
			return err //nolint:wrapcheck // standard output
		}
	}
	return nil
}

// zeile is one link on one line.
func zeile(g stoerung.Glied) string {
	text := fmt.Sprintf("%-8s %-5s %s: %s", g.Zustand, g.Code, g.Name, g.Text)
	if g.Ausweg != "" {
		text += " Ausweg: " + g.Ausweg
	}
	return text
}

// drucke writes the instructions: from the running program, else with what the folder knows
// of the machines.
func (c *Doctor) drucke(e *env.Env) error {
	files, err := c.blaetter(e)
	if err == nil {
		err = os.MkdirAll(c.Anleitungen, 0o755) //nolint:gosec // for everybody to read
	}
	var names []string
	for name, pdf := range files {
		if err == nil {
			err = os.WriteFile(filepath.Join(c.Anleitungen, name), pdf, 0o644) //nolint:gosec // as above
		}
		names = append(names, name)
	}
	if err != nil {
		return &env.Exit{Code: env.ExitOperating, Cause: err, Text: "Die Blätter lassen sich nicht in „" + c.Anleitungen +
			"“ schreiben; bitte Platz und Rechte prüfen. (S-639)"}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintln(e.Stdout, filepath.Join(c.Anleitungen, name))
	}
	return nil
}

func (c *Doctor) blaetter(e *env.Env) (map[string][]byte, error) {
	if running, err := knoten.Find(c.Daten); err == nil {
		if files, err := running.Anleitungen(e.Ctx); err == nil {
			return files, nil
		}
	}
	dir, err := filepath.Abs(c.Daten)
	if err != nil {
		dir = c.Daten
	}
	about := anleitungen.Angaben{Zeit: e.Clock.Now(), Daten: dir}
	a, known, err := knoten.LiesAusweis(c.Daten)
	if err == nil && known {
		about.Platz = a.Platz
		for _, r := range a.Rechner {
			about.Rechner = append(about.Rechner, anleitungen.Rechner{Platz: r.Platz, Adresse: r.Adresse, Rang: r.Rang})
		}
	}
	return anleitungen.Alle(about)
}
