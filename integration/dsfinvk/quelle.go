package dsfinvk

import (
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
)

// Version is the version of the taxonomy that is written (TAXONOMIE_VERSION).
const Version = "2.4"

// Beleg is a record with what belongs to it.
type Beleg struct {
	Bon       bon.Bon
	Gesichert kassenbeleg.Gesichert // zero: nobody has said yet what was signed
	Kunde     string                // a customer number that says nothing of the person; empty: none
	Bezuege   []Bezug
}

// Bezug is a record that another one refers to.
type Bezug struct {
	Till      string
	Abschluss int    // Z_NR it is in; 0: in none yet
	Zeit      int64  // of that closing, UTC nanoseconds
	Nummer    string // of the Bon
}

// Quelle gives what is exported. It is asked once, from first to last.
type Quelle interface {
	// Abschluesse calls f for each closing, by till and then by number.
	Abschluesse(f func(abschluss.Abschluss) error) error
	// Belege calls f for each record of a closing, in order of the numbers.
	Belege(a abschluss.Abschluss, f func(Beleg) error) error
}

// Summe is how much was written.
type Summe struct{ Abschluesse, Belege int }
