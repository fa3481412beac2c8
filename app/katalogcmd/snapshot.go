package katalogcmd

import (
	"errors"
	"fmt"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/internal/clock"
)

// Snapshot is `offizin catalogue snapshot`. The running program does the same by itself
// and keeps this command out.
type Snapshot struct{ Ordner }

// Run draws the snapshot that the gate of the next import reads.
func (c *Snapshot) Run(e *env.Env) (err error) {
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return ende(err)
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	s, err := a.Abzug(e.Ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, z := range s.Zeilen {
		n += z.Anzahl
	}
	_, err = fmt.Fprintf(e.Stdout, "Abzug vom %s: %d Artikel mit Bestand, %d verkaufte Zeilen.\n",
		s.Gezogen.In(clock.Berlin()).Format("02.01.2006 15:04"), len(s.Bestand), n)
	return err //nolint:wrapcheck // standard output
}
