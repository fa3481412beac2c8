package notfallmappe

import (
	"time"

	"github.com/offizin/offizin/domain/civil"
)

// Stand is what is known of the Mappen that were written: for the page and for Störungen.
type Stand struct {
	Tag    civil.Day // of the newest; zero: there is none
	Zeit   time.Time // when it was written, UTC
	Bytes  int64
	Heute  bool  // it is that of today
	Fehler error // why the last one could not be written; nil: it could

	// Warnung is why reservations are missing in it; nil: they are not.
	Warnung error
	// Geloescht says that one still names a person who was erased.
	Geloescht bool

	Stick       string    // the folder that was set; empty: none
	StickZeit   time.Time // when the newest was copied there, UTC; zero: not since the start of the program
	StickFehler error     // why it could not be
}
