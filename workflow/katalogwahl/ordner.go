package katalogwahl

import (
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
)

// Ordner is the folder of the generations; the composition root supplies it.
type Ordner interface {
	// Waehlend runs f alone among those who change the selection.
	Waehlend(f func(Auswahl) error) error
	// Ansehen runs f on the selection as it is now; f changes nothing.
	Ansehen(f func(Auswahl) error) error
	// Mark is another text whenever the selection was changed.
	Mark() (string, error)
}

// Auswahl is the selection while nobody else changes it.
type Auswahl interface {
	// Plan says what a choice would do on the day or later, and changes nothing.
	Plan(x catalogue.Vorhaben, day civil.Day) (catalogue.Wahl, error)
	// Manifest finds a generation, also one that is left out or held.
	Manifest(id string) (catalogue.Manifest, bool)
	// Wirke makes a choice effective that the journal has. It may be repeated.
	Wirke(w catalogue.Wahl) error
	// Stand is the choice of the journal that is effective; empty if there is none.
	Stand() string
	// Offen lists effective choices that the journal does not have yet, oldest first.
	Offen() []catalogue.Wahl
	// Gebucht says that the journal has the oldest of them now.
	Gebucht() error
}
