// Package keycmd is `offizin schluessel`: where the key of the personal data of a machine is
// kept. Its commands work on a folder with which no program runs.
package keycmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/sicherungcmd"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/sqlite/schluessel"
	"github.com/offizin/offizin/workflow/rechner"
)

// Schluessel is the command.
type Schluessel struct {
	Wegschliessen Wegschliessen `cmd:"" help:"Den Schlüssel im Schlüsselspeicher des Systems wegschließen."`
	Herausholen   Herausholen   `cmd:"" help:"Den Schlüssel wieder als Datei in den Datenordner legen."`
	Holen         Holen         `cmd:"" help:"Den Schlüssel dieses Rechners aus einer Sicherung zurückholen."`
}

// daten is the folder that a command works on.
type daten struct {
	Daten string `help:"Datenordner; ohne Angabe ${default}." default:"offizin-daten" placeholder:"DIR"`
}

// Wegschliessen is `offizin schluessel wegschliessen`.
type Wegschliessen struct {
	daten

	Trotzdem bool `help:"Auch, wenn der Schlüssel sonst nirgends liegt."`

	speicher []keystore.Store // nil: those of the system
}

// Run locks the key away and says what the system must be told.
func (c *Wegschliessen) Run(e *env.Env) error {
	list := c.speicher
	if list == nil {
		list = keystore.System()
	}
	if !keystore.Offers(list[0]) {
		return &env.Exit{Code: env.ExitOperating, Text: "Dieses System bietet keinen Schlüsselspeicher, den Offizin kennt; " +
			"bitte die Festplatte verschlüsseln und den Schlüssel als Datei lassen. (J-324)"}
	}
	return c.mit(e, func(a *apotheke.Apotheke, key seal.Key) error {
		if !c.Trotzdem && !anderswo(e, a, c.Daten, key) {
			return env.Usage("Gibt der Schlüsselspeicher den Schlüssel nicht mehr heraus, liegt er nirgends sonst; bitte " +
				"zuerst mit Wiederherstellungscode sichern oder einen zweiten Rechner aufnehmen, sonst --trotzdem " +
				"angeben. (J-325)")
		}
		if err := schluessel.Wegschliessen(e.Ctx, c.Daten, list[0], key); err != nil {
			return err
		}
		return sage(e.Stdout, c.Daten, list[0])
	})
}

// anderswo reports whether the running program has made a backup with the key, or left it with the
// other machines.
func anderswo(e *env.Env, a *apotheke.Apotheke, dir string, key seal.Key) bool {
	if st := a.Sicherung.Stand(); st.Code && !st.Letzte.IsZero() {
		return true
	}
	self, known, err := knoten.LiesAusweis(dir)
	if err != nil || !known {
		return false
	}
	left, found, err := rechner.New(a.Kern, nil).Hinterlegt(e.Ctx, self.Fingerabdruck)
	return err == nil && found && bytes.Equal(left, key[:])
}

func sage(w io.Writer, dir string, s keystore.Store) error {
	text := fmt.Sprintf("Weggeschlossen (%s); %s ist entfernt, Kopien davon auch löschen.\n", s.Name(), schluessel.File)
	if s.File() == keystore.FileSystemd {
		full, err := filepath.Abs(filepath.Join(dir, s.File()))
		if err != nil {
			full = filepath.Join(dir, s.File())
		}
		text += "Damit systemd ihn beim Start herausgibt, mit „systemctl edit“ in die Unit von Offizin aufnehmen:\n" +
			keystore.UnitLines(full)
	}
	_, err := io.WriteString(w, text)
	return err //nolint:wrapcheck // standard output
}

// mit hands the key of a pharmacy at rest to f. J-328: it is not to be had.
func (c daten) mit(e *env.Env, f func(*apotheke.Apotheke, seal.Key) error) (err error) {
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return sicherungcmd.Gescheitert(err)
	}
	defer func() { err = sicherungcmd.Gescheitert(errors.Join(err, a.Close())) }()
	key := a.Store.Knotenschluessel()
	if key == nil {
		return fault.New(fault.Unavailable, "J-328", "Der Schlüssel der Kundendaten ist auf diesem Rechner nicht zu haben; "+
			"bitte zuerst mit „offizin schluessel holen“ zurückholen.", a.Store.Schluessellage().Verschlossen())
	}
	return f(a, *key)
}

// Herausholen is `offizin schluessel herausholen`.
type Herausholen struct{ daten }

// Run writes the key into its file.
func (c *Herausholen) Run(e *env.Env) error {
	return c.mit(e, func(_ *apotheke.Apotheke, key seal.Key) error {
		if err := schluessel.Herausholen(c.Daten, key); err != nil {
			return err
		}
		_, err := fmt.Fprintf(e.Stdout, "Der Schlüssel liegt wieder als Datei %s im Datenordner; die Festplatte muss "+
			"verschlüsselt sein.\n", schluessel.File)
		return err //nolint:wrapcheck // standard output
	})
}

// Holen is `offizin schluessel holen`.
type Holen struct {
	daten

	Von string `help:"Datei der Sicherung." required:"" placeholder:"DATEI"`
	sicherungcmd.Womit
}

// Run takes the key out of a backup, if it is the one of this folder.
func (c *Holen) Run(e *env.Env) (err error) {
	id, err := c.Identity(e)
	if err != nil {
		return sicherungcmd.Gescheitert(err)
	}
	key, err := sicherung.Knotenschluessel(e.Ctx, c.Von, id)
	if err != nil {
		return sicherungcmd.Gescheitert(err)
	}
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return sicherungcmd.Gescheitert(err)
	}
	defer func() { err = sicherungcmd.Gescheitert(errors.Join(err, a.Close())) }()
	if err := a.Store.Aufschliessen(e.Ctx, key); errors.Is(err, seal.ErrKey) {
		return fault.New(fault.Invalid, "J-329", "In dieser Sicherung liegt der Schlüssel eines anderen Rechners; bitte "+
			"eine von diesem nehmen.", err)
	} else if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Stdout, "Der Schlüssel ist zurück und liegt als Datei %s im Datenordner.\n", schluessel.File)
	return err //nolint:wrapcheck // standard output
}
