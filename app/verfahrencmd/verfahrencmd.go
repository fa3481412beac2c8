// Package verfahrencmd is `offizin verfahren`: the Verfahrensdokumentation as a file.
package verfahrencmd

import (
	"errors"
	"io"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/app/verfahren"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// Verfahren is `offizin verfahren`.
type Verfahren struct {
	Daten string `help:"Datenordner der Apotheke; das Programm darf darauf nicht laufen." required:"" placeholder:"ORDNER"`
	Nach  string `help:"Datei (Markdown), die neu angelegt wird; ohne Angabe die Standardausgabe." placeholder:"DATEI"`
}

// Run writes the document.
func (c *Verfahren) Run(e *env.Env) (err error) {
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, a.Close())) }()
	text, err := verfahren.Schreiben(e.Ctx, a.Kern, a.Dienste.Kassenmeldung)
	if err != nil {
		return err
	}
	if c.Nach == "" {
		_, err = e.Stdout.Write(text)
		return err //nolint:wrapcheck // standard output
	}
	err = platte.Neu(c.Nach, func(w io.Writer) error {
		_, err := w.Write(text)
		return err //nolint:wrapcheck // that of the file
	})
	if errors.Is(err, platte.ErrAnlegen) {
		err = fault.New(fault.Invalid, "T-771",
			"Die Datei lässt sich nicht anlegen – nehmen Sie einen Namen, den es noch nicht gibt.", err)
	}
	return err
}
