// Package nodecmd is `offizin node`: one machine of a pharmacy, and what is said to it.
package nodecmd

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/app/knoten/hochstand"
)

// Node is the command.
type Node struct {
	Start  Start  `cmd:"" default:"withargs" help:"Diesen Rechner der Apotheke starten."`
	Status Status `cmd:"" help:"Wie dieser Rechner und die anderen stehen."`
	Code   Code   `cmd:"" help:"Einen Code holen, mit dem ein neuer Rechner dazukommt."`
	Remove Remove `cmd:"" help:"Einen Rechner aus der Apotheke entfernen."`
}

// Daten is the folder of the machine that is meant.
type Daten struct {
	Daten string `help:"Datenordner; ohne Angabe ${default}." default:"offizin-daten" placeholder:"DIR"`
}

// Start runs a machine.
type Start struct {
	Daten

	Rang    int    `help:"Rang: 1 führt, wenn er da ist; ohne Angabe wie zuletzt, neu hinter allen." placeholder:"N"`
	Listen  string `help:"Adresse für alles; ohne Angabe ${default}." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Adresse string `help:"Wo die anderen diesen erreichen; ohne Angabe --listen." placeholder:"HOST:PORT"`
	Platz   string `help:"Name des Rechners; ohne Angabe der nächste freie." placeholder:"NAME"`
	Partner string `help:"Rechner der Apotheke, zu der dieser kommt; auto sucht ihn; ohne: neu." placeholder:"HOST:PORT"`
	Code    string `help:"Der Code, den „offizin node code“ dort zeigt." placeholder:"CODE"`

	Trotzdem bool `help:"Auch starten, wenn der Rechner dieses Ordners anderswo läuft oder die anderen ihn abweisen."`

	Hochstand string `help:"Ordner außerhalb, der behält, wie weit die Daten waren; auto oder aus." default:"auto"`
}

// Run serves until the program is asked to end.
func (c *Start) Run(e *env.Env) error {
	if (c.Partner == "") != (c.Code == "") {
		return env.Usage("--partner und --code gehören zusammen; bitte beide angeben oder keines.")
	}
	if c.Rang < 0 || c.Rang > 99 {
		return env.Usage("Der Rang liegt zwischen 1 und 99; bitte --rang berichtigen.")
	}
	outside := c.Hochstand
	if outside == "aus" {
		outside = ""
	}
	if outside != "" && outside != knoten.Auto && !hochstand.Ausserhalb(outside, c.Daten.Daten) {
		return env.Usage("Der Ordner für den Hochstand liegt im Datenordner; bitte --hochstand berichtigen.")
	}
	l, err := knoten.Listen(e.Ctx, c.Listen)
	if err != nil {
		return err
	}
	k, err := knoten.Open(e.Ctx, knoten.Options{
		Apotheke: apotheke.Options{
			Dir: c.Daten.Daten, Platz: c.Platz, Clock: e.Clock, Log: e.Log, Progress: e.Fortschritt(),
		},
		Rang: c.Rang, Adresse: c.Adresse, Partner: c.Partner, Code: c.Code, Version: env.Version(),
		Hochstand: outside, Trotzdem: c.Trotzdem,
	}, l)
	if err != nil {
		_ = l.Close()
		return env.Failed(err)
	}
	fmt.Fprintf(e.Stdout, "%s läuft (Rang %d): http://%s\n", k.Kern.Platz, k.Rang(), k.Local())
	err = k.Laufen(e.Ctx)
	if closed := k.Close(); err == nil {
		err = closed
	}
	return env.Failed(err)
}

// Status prints how things are.
type Status struct {
	Daten

	JSON bool `help:"Als JSON ausgeben."`
}

// Run asks the running program.
func (c *Status) Run(e *env.Env) error {
	var st knoten.Stand
	running, err := knoten.Find(c.Daten.Daten)
	if err == nil {
		st, err = running.Stand(e.Ctx)
	}
	if c.JSON {
		if err := schreibe(e.Stdout, st); err != nil {
			return err
		}
	}
	if err != nil {
		return env.Failed(err)
	}
	if !c.JSON {
		zeige(e.Stdout, st)
	}
	return nil
}

func schreibe(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

func zeige(w io.Writer, st knoten.Stand) {
	fmt.Fprintf(w, "%s (Rang %d): %s\n", st.Platz, st.Rang, aufgabe(st.Fuehrt, st.Folgt))
	if st.Entfernt {
		fmt.Fprintln(w, "  Dieser Rechner wurde aus der Apotheke entfernt.")
	}
	fmt.Fprintf(w, "  %d Einträge, davon %d auch auf einem anderen Rechner\n", st.Seq, st.Sicher)
	zeigeKataloge(w, st)
	if len(st.Rechner) == 0 {
		fmt.Fprintln(w, "  Kein anderer Rechner; „offizin node code“ holt einen dazu.")
	}
	for _, r := range st.Rechner {
		how := "antwortet nicht"
		if r.Erreichbar {
			how = aufgabe(r.Fuehrt, r.Folgt)
			if !r.Gleich {
				how += ", holt noch auf"
			}
		}
		fmt.Fprintf(w, "  %s (Rang %d, %s): %s\n", r.Platz, r.Rang, r.Adresse, how)
		if len(r.Fehlt) > 0 {
			fmt.Fprintf(w, "    Kataloge und Recht fehlen dort: %s\n", strings.Join(r.Fehlt, ", "))
		}
		if r.Fehler != "" {
			fmt.Fprintf(w, "    %s\n", r.Fehler)
		}
	}
}

func zeigeKataloge(w io.Writer, st knoten.Stand) {
	if len(st.Fehlt) > 0 {
		fmt.Fprintf(w, "  Kataloge und Recht fehlen hier: %s\n", strings.Join(st.Fehlt, ", "))
	}
	if st.Progress != "" {
		fmt.Fprintf(w, "  Wird geholt: %s (%d %%)\n", st.Progress, st.Anteil)
	}
	if len(st.Fehlt) > 0 && st.Grund != "" {
		fmt.Fprintf(w, "  %s\n", st.Grund)
	}
}

func aufgabe(fuehrt bool, folgt string) string {
	switch {
	case fuehrt && folgt != "":
		return "führt, bis " + folgt + " übernimmt"
	case fuehrt:
		return "führt"
	case folgt != "":
		return "folgt " + folgt
	}
	return "läuft"
}

// Code gets a code for a new machine.
type Code struct {
	Daten

	JSON bool `help:"Als JSON ausgeben."`
}

// Run asks the running program.
func (c *Code) Run(e *env.Env) error {
	running, err := knoten.Find(c.Daten.Daten)
	if err != nil {
		return env.Failed(err)
	}
	in, err := running.Invite(e.Ctx)
	if err != nil {
		return env.Failed(err)
	}
	if c.JSON {
		return schreibe(e.Stdout, in)
	}
	fmt.Fprintf(e.Stdout, `Code: %s   (gilt %d Minuten, für einen Rechner)
Am neuen Rechner:  offizin node --listen HOST:PORT --partner %s --code %s
`, in.Code, in.Minutes, in.Adresse, in.Code)
	return nil
}

// Remove takes a machine out.
type Remove struct {
	Daten

	Platz string `arg:"" help:"Name des Rechners, etwa platz-3."`
}

// Run asks the running program.
func (c *Remove) Run(e *env.Env) error {
	running, err := knoten.Find(c.Daten.Daten)
	if err == nil {
		err = running.Entfernen(e.Ctx, c.Platz)
	}
	if err != nil {
		return env.Failed(err)
	}
	fmt.Fprintf(e.Stdout, "%s gehört nicht mehr zur Apotheke.\n", c.Platz)
	return nil
}
