package sicherungcmd

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"filippo.io/age"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/sicherung/code"
	"github.com/offizin/offizin/projection/alle"
)

// Restore is `offizin restore`.
type Restore struct {
	Von   string `help:"Datei der Sicherung." required:"" placeholder:"DATEI"`
	Daten string `help:"Neuer Datenordner, in den wiederhergestellt wird." required:"" placeholder:"DIR"`

	Womit

	JSON bool `help:"Den Bericht als JSON ausgeben." name:"json"`
}

// Womit is what opens a backup.
type Womit struct {
	Code       string `help:"Wiederherstellungscode; sonst von der Eingabe gelesen." placeholder:"CODE"`
	Schluessel string `help:"Statt des Codes: apotheke.key aus „sicherung“ der alten Daten." placeholder:"DATEI"`
}

// maxCode is more than any typed code has.
const maxCode = 1_000

// muell is how much garbage may grow while a restore has the machine to itself, in per cent of what
// is in use.
const muell = 400

// Run restores a backup and says what was restored, and what is to be done by hand.
func (c *Restore) Run(e *env.Env) error {
	id, err := c.Identity(e)
	if err != nil {
		return Gescheitert(err)
	}
	before := debug.SetGCPercent(muell)
	defer debug.SetGCPercent(before)
	b, err := sicherung.Wiederherstellen(e.Ctx, sicherung.Auftrag{
		Von: c.Von, Nach: c.Daten, Mit: []age.Identity{id}, Clock: e.Clock, Projections: alle.Projections(),
		Progress: fortschritt(e),
	})
	if err != nil {
		return Gescheitert(err)
	}
	if c.JSON {
		return json.NewEncoder(e.Stdout).Encode(b) //nolint:wrapcheck // standard output
	}
	return bericht(e.Stdout, c.Daten, b)
}

func bericht(w io.Writer, dir string, b sicherung.Bericht) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "Wiederhergestellt in „%s“: Stand vom %s.\n", dir, b.Begonnen())
	fmt.Fprintf(out, "%d Sätze geprüft, %s; es geht weiter als %s.\n", b.Saetze, b.Koepfe(), b.Herkunft)
	if b.Geloescht > 0 {
		fmt.Fprintf(out, "%s wieder gelöscht, wie seit der Sicherung "+
			"verlangt.\n", env.Zahl(b.Geloescht, "Person", "Personen"))
	}
	if b.OhneListe {
		fmt.Fprintf(out, "Neben der Sicherung liegt keine Liste der Gelöschten: Wer seit dem %s gelöscht wurde, ist "+
			"wieder da; "+
			"bitte noch einmal löschen.\n", tag(b))
	}
	if b.Verschloss {
		fmt.Fprintln(out, "Die Personendaten bleiben verschlossen: knoten.key fehlt in der Sicherung oder passt nicht.")
	}
	fmt.Fprintln(out, "Was nach der Sicherung verkauft wurde, fehlt, außer ein anderer Rechner hat es: bitte "+
		"nacherfassen (Alt N). Die Bons bekommen eine neue Nummernfolge, damit keine Nummer zweimal vorkommt.")
	return out.Flush() //nolint:wrapcheck // standard output
}

// Identity is what opens the backup: a key file, or the code from the flag or the input.
func (c *Womit) Identity(e *env.Env) (age.Identity, error) {
	if c.Schluessel != "" {
		id, err := sicherung.LiesApotheke(c.Schluessel)
		if err != nil {
			return nil, &env.Exit{Code: env.ExitUsage, Cause: err, Text: "Die Datei bei --schluessel ist kein Schlüssel " +
				"der Apotheke; " +
				"bitte apotheke.key angeben oder den Code eingeben."}
		}
		return id, nil
	}
	text := c.Code
	if text == "" || text == "-" {
		fmt.Fprintln(e.Stderr, "Bitte den Wiederherstellungscode eingeben (acht Gruppen):")
		line, err := bufio.NewReader(io.LimitReader(e.Stdin, maxCode)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read code: %w", err)
		}
		text = line
	}
	typed, err := code.Parse(text)
	if err != nil {
		return nil, err
	}
	return typed.Identity()
}
