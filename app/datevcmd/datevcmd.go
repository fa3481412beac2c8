// Package datevcmd is `offizin datev`: the closings of the tills for the bookkeeping.
package datevcmd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite"
)

// DATEV is `offizin datev`.
type DATEV struct {
	Export Export `cmd:"" help:"Die Tagesabschlüsse eines Zeitraums als Buchungsstapel für DATEV schreiben."`
}

// Export is `offizin datev export`.
type Export struct {
	Daten string `help:"Datenordner der Apotheke." required:"" placeholder:"ORDNER"`
	Von   string `help:"Erster Geschäftstag, TT.MM.JJJJ." required:"" placeholder:"TAG"`
	Bis   string `help:"Letzter Geschäftstag, im selben Kalenderjahr." required:"" placeholder:"TAG"`
	Nach  string `help:"Ordner, in dem die Datei EXTF_….csv neu angelegt wird." required:"" placeholder:"ORDNER"`
}

// Run writes the file and says what it holds and which characters it lacks.
func (c *Export) Run(e *env.Env) (err error) {
	von, err1 := tag(c.Von)
	bis, err2 := tag(c.Bis)
	if err := errors.Join(err1, err2); err != nil {
		return env.Usage("Dieses Datum gibt es nicht; Form: 01.11.2026.")
	}
	if _, err := os.Stat(filepath.Join(c.Daten, sqlite.File)); err != nil {
		return &env.Exit{Code: env.ExitUsage, Text: sqlite.Missing(err).Error(), Cause: err}
	}
	a, err := apotheke.Open(e.Ctx, apotheke.Options{Dir: c.Daten, Clock: e.Clock, Log: e.Log})
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	var b bytes.Buffer
	st, err := a.Buchungsstapel(e.Ctx, von, bis, &b)
	if err != nil {
		return env.Failed(err)
	}
	file := filepath.Join(c.Nach, st.Name)
	if err := neu(file, b.Bytes()); err != nil {
		return env.Failed(err)
	}
	fmt.Fprintf(e.Stdout, "%s: %d Abschlüsse, %d Buchungen.\n", file, st.Abschluesse, st.Buchungen)
	for _, x := range st.Ersetzt {
		fmt.Fprintf(e.Stdout, "Das Zeichen „%c“ gibt es in der Datei nicht, dort steht „?“: %s\n", x.Zeichen, x.Text)
	}
	return nil
}

func tag(s string) (civil.Day, error) {
	if d, err := civil.Parse(s); err == nil {
		return d, nil
	}
	return civil.ParseGerman(s)
}

// neu writes a file that must not be there yet.
func neu(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Invalid, "T-706",
			"Die Datei lässt sich nicht anlegen – nehmen Sie einen Ordner, in dem es sie noch nicht gibt.", err)
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}
