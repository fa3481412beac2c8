// Package dsfinvkcmd is the commands about the export that the tax office takes: writing it
// from a data folder, and checking one, whoever wrote it.
package dsfinvkcmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/fiskal"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/integration/dsfinvk/pruefung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// DSFinVK is `offizin dsfinvk`.
type DSFinVK struct {
	Check  Check  `cmd:"" help:"Einen Export prüfen: Form, Summen, Signaturen; 1, wenn etwas nicht stimmt."`
	Export Export `cmd:"" help:"Die Tagesabschlüsse eines Zeitraums als DSFinV-K-ZIP schreiben."`
}

// Check is `offizin dsfinvk check`.
type Check struct {
	Datei    string `arg:"" help:"ZIP des Exports."`
	Zwischen string `help:"Ordner für Zwischendateien großer Exporte; sonst der des Systems." placeholder:"ORDNER"`
}

// Run prints a line for each finding; the last line sums up.
func (c *Check) Run(e *env.Env) error {
	f, err := os.Open(c.Datei)
	if err != nil {
		return env.Usage("Die Datei „%s“ ist nicht lesbar; bitte den Namen prüfen. (T-464)", c.Datei)
	}
	defer f.Close() //nolint:errcheck // only read
	fi, err := f.Stat()
	if err != nil {
		return env.Failed(err)
	}
	w := bufio.NewWriter(e.Stdout)
	b, err := pruefung.PruefenIn(c.Zwischen, f, fi.Size(), fiskal.Pruefer(), func(f pruefung.Fund) { fmt.Fprintln(w, f) })
	if err == nil {
		fmt.Fprintf(w, "%s, %s, %s und %s geprüft: %s.\n", env.Zahl(b.Abschluesse, "Abschluss", "Abschlüsse"),
			env.Zahl(b.Belege, "Beleg", "Belege"), env.Zahl(b.Zeilen, "Zeile", "Zeilen"),
			env.Zahl(b.Signaturen, "Signatur", "Signaturen"), urteil(b.Funde))
	}
	if flushErr := w.Flush(); flushErr != nil && err == nil {
		err = fmt.Errorf("write findings: %w", flushErr)
	}
	switch {
	case fault.KindOf(err) == fault.Invalid:
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	case err != nil:
		return env.Failed(err)
	case b.Funde > 0:
		return env.Differs()
	}
	return nil
}

func urteil(n int) string {
	if n == 0 {
		return "alles in Ordnung"
	}
	return env.Zahl(n, "Fund", "Funde")
}

// Export is `offizin dsfinvk export`.
type Export struct {
	Daten string `help:"Datenordner der Apotheke; das Programm darf darauf nicht laufen." required:"" placeholder:"ORDNER"`
	Von   string `help:"Erster Geschäftstag, 2027-01-01 oder 1.1.2027." required:"" placeholder:"TAG"`
	Bis   string `help:"Letzter Geschäftstag." required:"" placeholder:"TAG"`
	Nach  string `help:"ZIP, das neu angelegt wird." required:"" placeholder:"DATEI"`
}

// Run writes the export, and beside it what the TSE of this till has recorded. What was written
// stands on the last two lines, or why there is no TAR.
func (c *Export) Run(e *env.Env) (err error) {
	von, bis, err := ruhend.Zeitraum(c.Von, c.Bis)
	if err != nil {
		return err
	}
	if err := ruhend.Vorhanden(c.Daten); err != nil {
		return err
	}
	store, err := sqlite.Open(e.Ctx, sqlite.Options{
		Dir: c.Daten, Clock: e.Clock, Projections: alle.Projections(), Ballast: -1, Progress: e.Fortschritt(),
	})
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, store.Close())) }()
	var sum dsfinvk.Summe
	err = store.View(e.Ctx, func(rows journal.Rows) (err error) {
		sum, err = Schreibe(rows, von, bis, c.Nach)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s mit %s nach %s geschrieben.\n", env.Zahl(sum.Abschluesse, "Abschluss", "Abschlüsse"),
		env.Zahl(sum.Belege, "Beleg", "Belegen"), c.Nach)
	c.daneben(e)
	return nil
}

// daneben writes what the TSE of this till has recorded beside the export.
func (c *Export) daneben(e *env.Env) {
	name := strings.TrimSuffix(c.Nach, filepath.Ext(c.Nach)) + "-tse.tar"
	if _, err := fiskal.TSEExport(e.Ctx, c.Daten, name, e.Clock); err != nil {
		fmt.Fprintf(e.Stdout, "Ohne TSE-Export daneben: %v\n", err)
		return
	}
	fmt.Fprintf(e.Stdout, "Die Aufzeichnung der TSE dieses Platzes steht in %s; "+
		"die der anderen schreibt dort „offizin tse export“.\n", name)
}

// Schreibe writes the closings of a span of business days to a new file. What could not be
// written in full is not left behind.
func Schreibe(rows journal.Rows, von, bis civil.Day, nach string) (sum dsfinvk.Summe, err error) {
	err = platte.Neu(nach, func(w io.Writer) (err error) {
		sum, err = fiskal.DSFinVK(rows, von, bis, filepath.Dir(nach), w)
		return err
	})
	return sum, ruhend.Ziel(err, fault.New(fault.Invalid, "T-462",
		"Die Datei lässt sich nicht anlegen; bitte einen Namen nehmen, den es noch nicht gibt.", nil))
}
