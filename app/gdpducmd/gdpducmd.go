// Package gdpducmd is `offizin gdpdu`: goods, prices and prescriptions for an auditor.
package gdpducmd

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite"
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
	von, err1 := tag(c.Von)
	bis, err2 := tag(c.Bis)
	if errors.Join(err1, err2) != nil || von > bis {
		return env.Usage("Diesen Zeitraum gibt es nicht; Form: 01.01.2026 und 31.12.2026.")
	}
	if _, err := os.Stat(filepath.Join(c.Daten, sqlite.File)); err != nil {
		return &env.Exit{Code: env.ExitUsage, Text: sqlite.Missing(err).Error(), Cause: err}
	}
	a, err := apotheke.Open(e.Ctx, apotheke.Options{Dir: c.Daten, Clock: e.Clock, Log: e.Log})
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, a.Close())) }()
	f, err := os.OpenFile(c.Nach, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Invalid, "T-751",
			"Die Datei lässt sich nicht anlegen – nehmen Sie einen Namen, den es noch nicht gibt.", err)
	}
	rows, err := a.GDPdU(e.Ctx, von, bis, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(c.Nach))
	}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(e.Stdout, "%s: %s\n", name, env.Zahl(rows[name], "Zeile", "Zeilen"))
	}
	return nil
}

func tag(s string) (civil.Day, error) {
	if d, err := civil.Parse(s); err == nil {
		return d, nil
	}
	return civil.ParseGerman(s)
}
