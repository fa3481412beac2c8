package rechtcmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/festlegung"
)

// folder is where the Nachträge of a data folder lie.
const folder = "recht"

// quelle says which law a command speaks of.
type quelle struct {
	Daten string `help:"Datenordner einer Apotheke: mit ihren Nachträgen und Festlegungen." type:"path"`
}

// sammlung returns the law that ships with the program or, with a data folder, the
// law in force there.
func (q quelle) sammlung(e *env.Env) (*recht.Sammlung, error) {
	if q.Daten == "" {
		return recht.Load()
	}
	var s *recht.Sammlung
	err := mit(e, q.Daten, func(f *festlegung.Service) error {
		for _, refused := range f.Stoerungen() {
			fmt.Fprintln(e.Stderr, refused)
		}
		var err error
		s, err = f.Sammlung()
		return err
	})
	return s, err
}

// mit opens the law of a data folder, which must exist.
func mit(e *env.Env, dir string, do func(*festlegung.Service) error) (err error) {
	if _, err := os.Stat(filepath.Join(dir, sqlite.File)); err != nil {
		return usage(fault.New(fault.NotFound, "L-145", "In „"+dir+
			"“ liegt kein Journal; bitte den Datenordner der Apotheke angeben.", err))
	}
	basis, err := recht.Load()
	if err != nil {
		return err
	}
	keys, err := recht.ReleaseSchluessel()
	if err != nil {
		return err
	}
	store, err := sqlite.Open(e.Ctx, sqlite.Options{Dir: dir, Clock: e.Clock, Projections: alle.Projections()})
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	kern := &workflow.Kern{Store: store, Clock: e.Clock, Platz: store.Self().Node}
	f, err := festlegung.New(e.Ctx, kern, festlegung.Options{
		Basis: basis, Nachtraege: os.DirFS(filepath.Join(dir, folder)), Schluessel: keys,
	})
	if err != nil {
		return err
	}
	return usage(do(f))
}
