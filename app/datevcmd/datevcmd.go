// Package datevcmd is `offizin datev`: the closings of the tills for the bookkeeping.
package datevcmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
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
	von, bis, err := ruhend.Zeitraum(c.Von, c.Bis)
	if err != nil {
		return err
	}
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, a.Close())) }()
	var b bytes.Buffer
	st, err := a.Buchungsstapel(e.Ctx, von, bis, &b)
	if err != nil {
		return err
	}
	file := filepath.Join(c.Nach, st.Name)
	err = platte.Neu(file, func(w io.Writer) error {
		_, err := b.WriteTo(w)
		return err //nolint:wrapcheck // that of the file
	})
	err = ruhend.Ziel(err, fault.New(fault.Invalid, "T-706",
		"Die Datei lässt sich nicht anlegen – nehmen Sie einen Ordner, in dem es sie noch nicht gibt.", nil))
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s: %d Abschlüsse, %d Buchungen.\n", file, st.Abschluesse, st.Buchungen)
	for _, x := range st.Ersetzt {
		fmt.Fprintf(e.Stdout, "Das Zeichen „%c“ gibt es in der Datei nicht, dort steht „?“: %s\n", x.Zeichen, x.Text)
	}
	return nil
}
