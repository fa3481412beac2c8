package sqlite

import (
	"path/filepath"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/ort"
	"github.com/offizin/offizin/sqlite/schluessel"
)

// inPlace refuses an act when a file of the journal no longer lies where it was opened.
// What is written into a file that was removed may be gone when the program ends, and a
// second program may have begun in its place.
func (s *Store) inPlace() error {
	switch name := s.places.Missing(); name {
	case "":
		return nil
	case s.opt.file():
		return gone()
	default:
		return fault.New(fault.Unavailable, "J-221", "Die Datei "+filepath.Base(name)+
			" wurde im Betrieb gelöscht, es wurde nichts gebucht; bitte Offizin beenden und neu starten, "+
			"dabei geht nichts verloren.", nil)
	}
}

// mark remembers the files that are open, and that of the lock; none on a simulated disk. The lock
// comes last: if all are gone it is the database that is missed.
func (s *Store) mark(open ...string) {
	s.places = nil
	if s.opt.VFS == "" {
		s.places = ort.Mark(append(open, filepath.Join(s.opt.Dir, lockFile))...)
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
	there, err := schluessel.Exists(o.Dir)
	if !there {
		return nil
	}
	return fault.New(fault.Corrupt, "J-220",
		"Das Journal ist leer oder fehlt, obwohl es schon eines gab (knoten.key); "+
			"bitte die letzte Sicherung zurückkopieren oder einen neuen Ordner angeben.", err)
}
