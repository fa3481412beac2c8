// Package fehler says what an error of the database means to a user.
package fehler

import (
	"context"
	"errors"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
)

// Database reports whether an error is of the database itself.
func Database(err error) bool {
	_, ok := errors.AsType[sqlite3.ErrorCode](err)
	return ok
}

// Explain turns an error of the database into the fault a user sees. Faults,
// verdicts and everything that is not of the database pass unchanged.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Fault](err); ok {
		return err
	}
	if errors.Is(err, journal.ErrClosed) {
		return journal.Closed()
	}
	code, ok := errors.AsType[sqlite3.ErrorCode](err)
	if !ok {
		return err
	}
	switch code {
	case sqlite3.FULL:
		return fault.New(fault.Unavailable, "J-201",
			"Die Festplatte ist voll, es wurde nichts gebucht; bitte Platz schaffen und den Vorgang wiederholen.", err)
	case sqlite3.CORRUPT, sqlite3.NOTADB:
		return Damaged(err)
	case sqlite3.BUSY, sqlite3.LOCKED:
		return fault.New(fault.Unavailable, "J-204",
			"Das Journal ist gerade belegt, es wurde nichts gebucht; bitte den Vorgang wiederholen.", err)
	case sqlite3.READONLY, sqlite3.PERM, sqlite3.AUTH:
		return fault.New(fault.Unavailable, "J-205",
			"Das Journal ist schreibgeschützt; bitte die Rechte des Datenordners prüfen.", err)
	case sqlite3.IOERR, sqlite3.CANTOPEN, sqlite3.PROTOCOL:
		return fault.New(fault.Unavailable, "J-202",
			"Die Festplatte meldet einen Fehler; bitte den Vorgang wiederholen und, wenn er bleibt, "+
				"den Datenträger prüfen lassen.",
			err)
	case sqlite3.INTERRUPT:
		return errors.Join(context.Canceled, err)
	default:
		return err
	}
}

// Damaged is the fault for a journal that is not what was written: J-203.
func Damaged(cause error) error {
	return fault.New(fault.Corrupt, "J-203",
		"Das Journal ist beschädigt; bitte nichts daran ändern, „offizin journal verify“ ausführen und "+
			"die letzte Sicherung bereithalten.",
		cause)
}
