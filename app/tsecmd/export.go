package tsecmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/fiskal"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// Export is `offizin tse export`.
type Export struct {
	Daten string `help:"Datenordner des Platzes; das Programm darf darauf nicht laufen." required:"" placeholder:"ORDNER"`
	Nach  string `help:"TAR, das neu angelegt wird." required:"" placeholder:"DATEI"`
}

// Run writes all that the TSE of a till has recorded; how much that is stands on the last line.
func (c *Export) Run(e *env.Env) (err error) {
	done, err := c.allein(e)
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, done())) }()
	n, err := fiskal.TSEExport(e.Ctx, c.Daten, c.Nach, e.Clock)
	if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.NotFound {
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s nach %s geschrieben.\n", env.Zahl(int(n), "Byte", "Bytes"), c.Nach)
	return nil
}

// allein keeps the program off the folder meanwhile; fault J-211: it runs. A journal that cannot
// be opened does not matter here: the TSE is a device of its own.
func (c *Export) allein(e *env.Env) (done func() error, err error) {
	done = func() error { return nil }
	if _, err := os.Stat(filepath.Join(c.Daten, sqlite.File)); err != nil {
		return done, nil //nolint:nilerr // the folder is that of a simulator, or of nobody: told later
	}
	store, err := sqlite.Open(e.Ctx, sqlite.Options{
		Dir: c.Daten, Clock: e.Clock, Projections: alle.Projections(), Ballast: -1, Progress: e.Fortschritt(),
	})
	switch {
	case err == nil:
		return store.Close, nil
	case fault.KindOf(err) == fault.Conflict:
		return nil, err
	}
	return done, nil
}
