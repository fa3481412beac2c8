package sqlite

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/internal/fault"
)

// inPlace refuses an act when the database no longer lies where it was opened. What is
// written into a file that was removed is gone when the program ends, and a second
// program may have begun anew in its place.
func (s *Store) inPlace() error {
	if s.place == nil { // a simulated disk, or no database open
		return nil
	}
	now, err := os.Stat(s.opt.file())
	if errors.Is(err, os.ErrNotExist) || err == nil && !os.SameFile(now, s.place) {
		return gone()
	}
	return nil // what else is wrong with the disk shows when it is written to
}

// mark remembers the file that was opened.
func (s *Store) mark() {
	if s.opt.VFS == "" {
		s.place, _ = os.Stat(s.opt.file())
	}
}

func (o Options) file() string { return filepath.Join(o.Dir, File) }

// gone is the fault for a database that is no longer where it was opened.
func gone() error {
	return fault.New(fault.Unavailable, "J-219",
		"Der Datenordner oder journal.db wurde im Betrieb gelöscht oder verschoben, es wurde nichts gebucht; "+
			"bitte zurücklegen, ohne Offizin zu beenden, und bis dahin von Hand verkaufen.", nil)
}

// lost refuses to begin a new journal beside the key of an old one: the key is made
// after the journal, so the journal was there and is gone.
func (o Options) lost() error {
	if o.VFS != "" || o.Unlock != nil {
		return nil
	}
	fi, err := os.Stat(filepath.Join(o.Dir, keyFile))
	if errors.Is(err, os.ErrNotExist) || err == nil && fi.Size() == 0 { // an empty one: making it was broken off
		return nil
	}
	return fault.New(fault.Corrupt, "J-220",
		"Das Journal ist leer oder fehlt, obwohl es schon eines gab (knoten.key); "+
			"bitte die letzte Sicherung zurückkopieren oder einen neuen Ordner angeben.", err)
}
