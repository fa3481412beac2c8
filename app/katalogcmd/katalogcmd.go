// Package katalogcmd is the commands about the article catalogue: reading a file into
// a generation, taking one back, and showing and checking the generations of a data folder.
// All of them may run beside the program itself.
package katalogcmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/katalogstand"
)

// Catalogue is `offizin catalogue`.
type Catalogue struct {
	Import   Import   `cmd:"" help:"Eine CSV-Datei oder K2-Lieferung als neuen Katalog einspielen, gültig ab einem Tag."`
	List     List     `cmd:"" help:"Die vorhandenen Kataloge zeigen."`
	Show     Show     `cmd:"" help:"Einen Katalog oder einen Artikel zeigen."`
	Verify   Verify   `cmd:"" help:"Unterschriften und Prüfsummen der Kataloge prüfen; 1 bei Schäden."`
	Activate Activate `cmd:"" help:"Einen früheren Katalog wieder gelten lassen oder einen in Quarantäne freigeben."`
	Rollback Rollback `cmd:"" help:"Zum vorigen Katalog zurückgehen."`
	Gate     Gate     `cmd:"" help:"Den Prüfbericht eines Katalogs zeigen; 1 bei einem in Quarantäne."`
	Snapshot Snapshot `cmd:"" help:"Bestand und letzte Verkäufe für die Prüfung des nächsten Katalogs festhalten."`
	Remove   Remove   `cmd:"" help:"Einen Katalog entfernen, der irrtümlich eingespielt wurde."`
	Vorlage  Vorlage  `cmd:"" help:"Die Zuordnung einer amtlichen Liste zeigen, zum Ändern."`
	Muster   Muster   `cmd:"" help:"Einen Katalog erfundener Artikel bauen, zum Üben."`

	Schluessel    Schluessel    `cmd:"" help:"Den öffentlichen Schlüssel dieses Rechners zeigen, und wem er vertraut."`
	Trust         Trust         `cmd:"" help:"Kataloge annehmen, die ein anderer eigener Rechner baut und unterschreibt."`
	Lieferung     Lieferung     `cmd:"" help:"Eine K2-Lieferung erfundener Artikel schreiben, zum Üben."`
	Preisauskunft Preisauskunft `cmd:"" help:"Die ganze Preisliste als eine Datei fürs Telefon schreiben."`
}

// Ordner is the data folder that every command needs.
type Ordner struct {
	Daten string `help:"Datenordner der Apotheke." required:"" placeholder:"ORDNER"`
}

func (o Ordner) dir() string { return filepath.Join(o.Daten, apotheke.KatalogDir) }

// open opens the catalogues of a folder, which must exist.
func (o Ordner) open() (*generation.Ordner, error) {
	if _, err := os.Stat(o.dir()); err != nil {
		return nil, fault.New(fault.NotFound, "A-461",
			"In diesem Ordner liegt kein Katalog; bitte --daten prüfen oder mit „offizin catalogue import“ einen "+
				"einspielen.", err)
	}
	return generation.OpenOrdner(o.dir())
}

// mit runs with the catalogues open and gives errors their exit codes.
func (o Ordner) mit(run func(*generation.Ordner) error) error {
	g, err := o.open()
	if err != nil {
		return ende(err)
	}
	return ende(errors.Join(run(g), g.Close()))
}

// ende gives an error of the input the exit code of a wrong call; others keep theirs.
func ende(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if ok && (f.Kind == fault.Invalid || f.Kind == fault.NotFound) {
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	}
	return err
}

func tag(s string) (civil.Day, error) {
	day, err := civil.ParseGerman(s)
	if err != nil {
		return 0, fault.New(fault.Invalid, "A-462",
			"„"+s+"“ ist kein Kalendertag; bitte wie 2026-12-01 oder 1.12.2026 angeben.", err)
	}
	if y := day.Year(); y < 2004 || y > 2100 {
		return 0, fault.New(fault.Invalid, "A-463",
			"„"+s+"“ liegt nicht zwischen 2004 und 2100; bitte das Jahr prüfen.", nil)
	}
	return day, nil
}

// List is `offizin catalogue list`.
type List struct{ Ordner }

// Run prints the generations, newest first, also what was taken out or held, and what is
// damaged.
func (c *List) Run(e *env.Env) error {
	return c.mit(func(g *generation.Ordner) error {
		// Only opening shows files that are too short: a till leaves such a catalogue out.
		_, _ = g.Am(clock.Today(e.Clock)) // what is wrong stands in Stoerungen
		stand := katalogstand.Ordne(g, g, clock.Today(e.Clock))
		w := tabwriter.NewWriter(e.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KATALOG\tAB\tARTIKEL\tVERTRÄGE\tZUSTAND\tQUELLE")
		for _, m := range stand.Generationen {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\t%s\n",
				m.ID, m.GueltigAb.German(), m.Artikel, m.Vertraege, m.Zustand, m.Quelle)
		}
		if err := w.Flush(); err != nil {
			return fmt.Errorf("write list: %w", err)
		}
		bad := g.Stoerungen()
		for _, err := range bad {
			fmt.Fprintln(e.Stdout, err)
		}
		held := stand.Zahl(katalogstand.InQuarantaene)
		if held > 0 {
			fmt.Fprintf(e.Stdout, "%d in Quarantäne: „offizin catalogue gate“ zeigt warum.\n", held)
		}
		fmt.Fprintf(e.Stdout, "%s, %d beschädigt.\n", kataloge(len(stand.Generationen)-held), len(bad))
		if len(bad) > 0 {
			return env.Differs()
		}
		return nil
	})
}

// kataloge is a number of catalogues in words.
func kataloge(n int) string { return env.Zahl(n, "Katalog", "Kataloge") }

// Verify is `offizin catalogue verify`.
type Verify struct {
	Ordner

	ID string `arg:"" optional:"" help:"Nur diesen Katalog; ohne Angabe alle."`
}

// Run prints a line for each generation and, as the last, a summary.
func (c *Verify) Run(e *env.Env) error {
	return c.mit(func(g *generation.Ordner) error {
		var ids []string
		bad := 0
		if c.ID != "" {
			ids = []string{c.ID}
		} else {
			for _, m := range slices.Concat(g.Generationen(), g.Ausgelassen()) {
				ids = append(ids, m.ID)
			}
			for _, err := range g.Stoerungen() {
				bad++
				fmt.Fprintln(e.Stdout, err)
			}
		}
		n := bad + len(ids)
		for _, id := range ids {
			err := g.Verify(id)
			switch {
			case err == nil:
				fmt.Fprintf(e.Stdout, "%s: in Ordnung\n", id)
			case fault.KindOf(err) == fault.Corrupt:
				bad++
				fmt.Fprintln(e.Stdout, err)
			default:
				return err
			}
		}
		fmt.Fprintf(e.Stdout, "%s geprüft, %d in Ordnung, %d beschädigt.\n", kataloge(n), n-bad, bad)
		if bad > 0 {
			return env.Differs()
		}
		return nil
	})
}
