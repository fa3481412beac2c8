// Package journalcmd is the commands about the journal of a data folder: whether it
// is whole, its projections made anew, and everything in it written out.
package journalcmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// Journal is `offizin journal`. No command works while the program itself runs on the
// folder; each says so.
type Journal struct {
	Verify  Verify  `cmd:"" help:"Jede Prüfsumme, die Kette und alle Auswertungen nachrechnen; 1 bei Schäden."`
	Rebuild Rebuild `cmd:"" help:"Alle Auswertungen verwerfen und neu aus dem Journal bilden."`
	Export  Export  `cmd:"" help:"Alle Sätze als JSON Lines ausgeben; Personendaten bleiben verschlüsselt."`
}

// Ordner is the data folder that every command needs.
type Ordner struct {
	Daten string `help:"Datenordner der Apotheke." required:"" placeholder:"ORDNER"`
}

// options opens the folder without ballast: a command leaves nothing behind.
func (o Ordner) options(e *env.Env) sqlite.Options {
	return sqlite.Options{Dir: o.Daten, Clock: e.Clock, Projections: alle.Projections(), Ballast: -1}
}

// open opens the journal of the folder, which must exist.
func (o Ordner) open(e *env.Env) (*sqlite.Store, error) {
	if _, err := os.Stat(filepath.Join(o.Daten, sqlite.File)); err != nil {
		return nil, sqlite.Missing(err)
	}
	opt := o.options(e)
	opt.Progress = func(done, total int64) { fmt.Fprintf(e.Stderr, "%d von %d Sätzen\n", done, total) }
	return sqlite.Open(e.Ctx, opt)
}

// Verify is `offizin journal verify`.
type Verify struct{ Ordner }

// Run prints every finding and, as the last line, a summary.
func (c *Verify) Run(e *env.Env) error {
	b, err := sqlite.Verify(e.Ctx, c.options(e))
	if err != nil {
		return operating(err)
	}
	w := bufio.NewWriter(e.Stdout)
	for _, f := range b.Funde {
		fmt.Fprintf(w, "%s: %s\n", f.Ort, f.Text)
	}
	if b.Weitere > 0 {
		fmt.Fprintf(w, "… und %d weitere Funde.\n", b.Weitere)
	}
	for _, k := range b.Kopf {
		fmt.Fprintf(w, "Kopf %s Nr. %d %x\n", k.Origin, k.Seq, k.Hash)
	}
	if b.Neubau {
		fmt.Fprintln(w, "Auswertungen: werden gerade neu gebildet und wurden nicht verglichen; das geht beim nächsten "+
			"Start von Offizin weiter.")
	}
	funde := len(b.Funde) + b.Weitere
	fmt.Fprintf(w, "%d Sätze geprüft, %d Personen mit Schlüssel, %d gelöscht: %s.\n",
		b.Saetze, b.Personen, b.Geloescht, urteil(funde))
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write findings: %w", err)
	}
	if funde > 0 {
		return env.Differs()
	}
	return nil
}

func urteil(funde int) string {
	switch funde {
	case 0:
		return "alles in Ordnung"
	case 1:
		return "1 Fund"
	}
	return fmt.Sprintf("%d Funde", funde)
}

// Rebuild is `offizin journal rebuild`.
type Rebuild struct{ Ordner }

// Run makes all projections anew.
func (c *Rebuild) Run(e *env.Env) (err error) {
	store, err := c.open(e)
	if err != nil {
		return operating(err)
	}
	defer func() { err = operating(errors.Join(err, store.Close())) }()
	if err := store.Rebuild(e.Ctx); err != nil {
		return err
	}
	heads, err := store.Heads(e.Ctx)
	if err != nil {
		return err
	}
	var n uint64
	for _, h := range heads {
		n += h.Seq
	}
	fmt.Fprintf(e.Stdout, "%d Auswertungen aus %d Sätzen neu gebildet.\n", len(alle.Projections()), n)
	return nil
}

// Export is `offizin journal export`.
type Export struct {
	Ordner

	Nach string `help:"Datei, die neu angelegt wird; ohne Angabe die Standardausgabe." placeholder:"DATEI"`
}

// Run writes every record; the summary goes to the error stream, so that the output
// holds records only.
func (c *Export) Run(e *env.Env) (err error) {
	store, err := c.open(e)
	if err != nil {
		return operating(err)
	}
	defer func() { err = operating(errors.Join(err, store.Close())) }()
	if c.Nach == "" {
		return c.write(e, store, e.Stdout)
	}
	f, err := os.OpenFile(c.Nach, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Invalid, "J-218",
			"Die Ausgabedatei lässt sich nicht anlegen; bitte einen Namen nehmen, den es noch nicht gibt.", err)
	}
	return errors.Join(c.write(e, store, f), f.Close())
}

func (c *Export) write(e *env.Env, store *sqlite.Store, out io.Writer) error {
	n, err := store.Export(e.Ctx, out)
	if err != nil {
		return fmt.Errorf("export journal: %w", err)
	}
	fmt.Fprintf(e.Stderr, "%d Sätze ausgegeben.\n", n)
	return nil
}

// operating gives an error the exit code of the machine and a German sentence.
func operating(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		text = f.Error()
	}
	return &env.Exit{Code: env.ExitOperating, Text: text, Cause: err}
}
