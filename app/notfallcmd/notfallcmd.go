// Package notfallcmd is `offizin notfallmappe`: the papers for an outage, made now. The
// running program does the same by itself and keeps this command out.
package notfallcmd

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/app/ruhend"
)

// Mappe is the command.
type Mappe struct {
	Daten string `help:"Datenordner; ohne Angabe ${default}." aliases:"data" default:"offizin-daten" placeholder:"DIR"`
	Stick string `help:"Ordner, unter dem ein Stick eingehängt ist; ohne Angabe der eingestellte." placeholder:"DIR"`
}

// Run writes the Mappe of today into the data folder and copies it to the stick. A stick
// that does not work is exit code 3; the Mappe is there all the same.
func (c *Mappe) Run(e *env.Env) (err error) {
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	n, err := a.Mappen.Erstellen(e.Ctx)
	if err != nil {
		return err
	}
	sagen(e, n)
	if err := a.Mappen.Bereinigen(e.Ctx); err != nil {
		return err
	}
	return c.kopieren(e, a.Mappen)
}

func sagen(e *env.Env, n notfall.Ergebnis) {
	s := n.Auswahl
	fmt.Fprintf(e.Stdout, "%s: %d Seiten, %d KB, gültig bis %s.\n", n.Datei, n.Seiten, (n.Bytes+500)/1000, n.Bis.German())
	fmt.Fprintf(e.Stdout, "%d Artikel: %d nach eigenem Absatz seit %s, %d aus dem Bestand, %d nach der Beliebtheit.\n",
		s.Verkaeufe+s.Bestand+s.Beliebtheit, s.Verkaeufe, s.Seit.German(), s.Bestand, s.Beliebtheit)
	if n.Warnung != nil {
		fmt.Fprintln(e.Stdout, "Die Vormerkungen fehlen darin, sie waren nicht lesbar.")
		return
	}
	fmt.Fprintf(e.Stdout, "%d Vormerkungen; die Datei enthält Namen und Telefonnummern.\n", n.Vormerkungen)
}

func (c *Mappe) kopieren(e *env.Env, m *notfall.Mappen) error {
	stick := c.Stick
	if stick == "" {
		var err error
		if stick, err = m.Stick(e.Ctx); err != nil || stick == "" {
			return err
		}
	}
	stick, err := filepath.Abs(stick)
	if err != nil {
		return fmt.Errorf("find folder of the stick: %w", err)
	}
	if err := m.Kopieren(stick); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Stdout, "Auf den Stick kopiert: %s. Bitte verschlüsseln oder wegschließen.\n",
		filepath.Join(stick, notfall.StickName))
	return err //nolint:wrapcheck // standard output
}
