// Package gdpducmd is `offizin gdpdu`: goods, prices and prescriptions for an auditor.
package gdpducmd

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// GDPdU is `offizin gdpdu`.
type GDPdU struct {
	Export Export `cmd:"" help:"Waren, Preise, Artikel und Rezepte ohne Patienten als ZIP mit index.xml schreiben."`
}

// Export is `offizin gdpdu export`.
type Export struct {
	Daten string `help:"Datenordner der Apotheke; das Programm darf darauf nicht laufen." required:"" placeholder:"ORDNER"`
	Von   string `help:"Erster Tag, TT.MM.JJJJ." required:"" placeholder:"TAG"`
	Bis   string `help:"Letzter Tag." required:"" placeholder:"TAG"`
	Nach  string `help:"ZIP, das neu angelegt wird." required:"" placeholder:"DATEI"`
}

// Run writes the ZIP and says how many rows each table has.
func (c *Export) Run(e *env.Env) (err error) {
	von, bis, err := ruhend.Zeitraum(c.Von, c.Bis)
	if err != nil {
		return err
	}
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, a.Close())) }()
	var rows map[string]int
	err = platte.Neu(c.Nach, func(w io.Writer) (err error) {
		if rows, err = a.GDPdU(e.Ctx, von, bis, w); err == nil && leer(rows) {
			err = fault.New(fault.NotFound, "D-725",
				"In diesem Zeitraum wurde weder etwas verkauft noch geändert; bitte einen anderen wählen.", nil)
		}
		return err
	})
	err = ruhend.Ziel(err, fault.New(fault.Invalid, "T-751",
		"Die Datei lässt sich nicht anlegen – nehmen Sie einen Namen, den es noch nicht gibt.", nil))
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(e.Stdout, "%s: %s\n", name, env.Zahl(rows[name], "Zeile", "Zeilen"))
	}
	return nil
}

// leer says whether nothing in the tables is of the period; the articles are those of today.
func leer(rows map[string]int) bool {
	for name, n := range rows {
		if n > 0 && name != "artikel.csv" {
			return false
		}
	}
	return true
}
