package generation

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation/datei"
	"github.com/offizin/offizin/sqlite/generation/removed"
)

// Remove takes a generation back, whole or damaged. It refuses one that is not there, and
// one without which no other would be valid on the day. From the rename on the generation
// does not exist: a program that runs beside it goes on with the one before, and what it
// has open stays readable. One that was whole goes on all machines of the pharmacy. What a
// broken off removal leaves the next build clears away.
func Remove(dir, id string, day civil.Day) (err error) {
	release, err := sperre(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	frei, err := sperreAuswahl(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, frei()) }()
	name, err := ordnerVon(dir, id)
	if err == nil && name == id {
		err = entbehrlich(dir, id, day)
	}
	if err != nil {
		return err
	}
	removeBroken(dir)
	whole := ganz(dir, filepath.Join(dir, name), id) == nil // else it may come back whole from elsewhere
	noted := error(nil)
	if whole {
		noted = removed.Note(dir, id, true) // before, so that a kill leaves it removed; on a full disk after
	}
	if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, bauPrefix+id)); err != nil {
		return fault.New(fault.Unavailable, "A-472", "Der Katalog „"+id+"“ lässt sich nicht entfernen; bitte die Rechte "+
			"am Ordner prüfen oder das laufende Offizin beenden und wiederholen.", fmt.Errorf("remove generation: %w", err))
	}
	if err := datei.SyncDir(dir); err != nil {
		return err
	}
	removeBroken(dir)
	if noted != nil {
		noted = removed.Note(dir, id, true)
	}
	return errors.Join(noted, vergiss(dir, id))
}

// sperreAuswahl keeps out who changes the selection, once somebody has: until then there is
// no file to lock, and a removal makes none.
func sperreAuswahl(dir string) (release func() error, err error) {
	if _, err := os.Stat(filepath.Join(dir, auswahlSperre)); err != nil {
		return func() error { return nil }, nil //nolint:nilerr // nobody has
	}
	return datei.Lock(dir, auswahlSperre, auswahlWarten)
}

// vergiss takes a generation that is gone out of the selection: read in again, it is new.
func vergiss(dir, id string) error {
	o := &Ordner{dir: dir, offen: map[string]*Generation{}}
	if err := o.Reload(); err != nil || !o.ausgelassen(id) {
		return err
	}
	a := o.wahl
	a.Ausgelassen = slices.DeleteFunc(slices.Clone(o.aus), func(a Ausgelassen) bool { return a.ID == id })
	return schreibe(dir, a)
}

// entbehrlich refuses what may not be removed. Nothing is open when it returns: some
// systems do not rename a folder whose files are.
func entbehrlich(dir, id string, day civil.Day) (err error) {
	o, err := OpenOrdner(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	names, err := o.ordner()
	if err != nil {
		return err
	}
	if !slices.Contains(names, id) {
		return unbekannt()
	}
	if g, err := o.Am(day); err != nil || g.Manifest().ID != id {
		return nil // of those that cannot be read none is a loss
	}
	o.manifeste = slices.DeleteFunc(o.manifeste, func(m manifest) bool { return m.ID == id })
	if g, err := o.Am(day); err != nil || g.Manifest().GueltigAb > day {
		return fault.New(fault.Invalid, "A-471", "Der Katalog „"+id+"“ ist der einzige, der heute gilt; bitte zuerst "+
			"einen anderen einspielen, der an seine Stelle tritt.", err)
	}
	return nil
}

func unbekannt() error {
	return fault.New(fault.NotFound, "A-418",
		"Diesen Katalog gibt es hier nicht; „offizin catalogue list“ zeigt die vorhandenen.", nil)
}
