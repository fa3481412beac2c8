package datei

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/ort"
)

// Lock takes a lock of the folder, for which it waits some milliseconds.
func Lock(dir, name string, warten int) (release func() error, err error) {
	db, err := sqlite3.Open(ort.URI(filepath.Join(dir, name), ""))
	if err != nil {
		return nil, Explain(dir, fmt.Errorf("open lock of the catalogues: %w", err))
	}
	// The time to wait comes first: setting the mode meets the lock, too.
	err = db.Exec(fmt.Sprintf("PRAGMA busy_timeout=%d; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE", warten))
	if err == nil {
		return db.Close, nil
	}
	if errors.Is(err, sqlite3.BUSY) {
		err = fault.New(fault.Conflict, "A-430",
			"In diesem Ordner wird gerade ein anderer Katalog eingespielt; bitte danach wiederholen.", err)
	}
	return nil, errors.Join(Explain(dir, err), db.Close())
}

// Explain turns an error of writing into the folder into the sentence for it, if the disk
// is full or may only be read. Verdicts about the source pass unchanged.
func Explain(dir string, err error) error {
	if _, verdict := errors.AsType[*fault.Fault](err); verdict || err == nil {
		return err
	}
	why := platte.Hindernis(dir)
	switch {
	case errors.Is(err, sqlite3.FULL) || platte.Voll(err) || errors.Is(why, platte.ErrVoll):
		return fault.New(fault.Unavailable, "A-414",
			"Für den neuen Katalog ist kein Platz auf der Platte; bitte Platz schaffen und wiederholen.", err)
	case errors.Is(why, platte.ErrNurLesen):
		return fault.New(fault.Unavailable, "A-474",
			"Der Ordner der Kataloge ist schreibgeschützt; bitte die Rechte des Datenordners prüfen.", err)
	}
	return err
}
