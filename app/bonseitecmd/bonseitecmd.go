// Package bonseitecmd is `offizin bonseite`: the page on the web that shows digital receipts.
package bonseitecmd

import (
	"errors"
	"fmt"
	"io"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/integration/bonseite"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// Bonseite is `offizin bonseite`. It needs no pharmacy: the page is the same for all.
type Bonseite struct {
	Nach string `help:"Datei (HTML), die neu angelegt wird." required:"" placeholder:"DATEI"`
}

// Run writes the page.
func (c *Bonseite) Run(e *env.Env) error {
	err := platte.Neu(c.Nach, func(w io.Writer) error {
		_, err := w.Write(bonseite.Seite())
		return err //nolint:wrapcheck // that of the file
	})
	if errors.Is(err, platte.ErrAnlegen) {
		err = fault.New(fault.Invalid, "W-809",
			"Die Datei lässt sich nicht anlegen – nehmen Sie einen Namen, den es noch nicht gibt.", err)
	}
	if err != nil {
		return env.Failed(err)
	}
	_, err = fmt.Fprintf(e.Stdout, "%s ist geschrieben – stellen Sie die Datei auf die Internetseite der Apotheke "+
		"und tragen Sie ihre Adresse unter Einstellungen ein.\n", c.Nach)
	return err //nolint:wrapcheck // standard output
}
