package event

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/journal"
)

// PersonGesetzt is a customer or patient, new or changed; all data are sealed.
type PersonGesetzt struct {
	ID    string         `json:"id"`
	Daten journal.Sealed `json:"daten"`
	Stamm bool           `json:"stamm"` // a customer on file, not only the patient of a prescription
}

// EventType implements journal.Event.
func (PersonGesetzt) EventType() string { return "person.gesetzt.v1" }

// PersonGeloescht erases a person: with it the person's key is deleted everywhere.
type PersonGeloescht struct {
	ID    string `json:"id"`
	Grund string `json:"grund"`
}

// EventType implements journal.Event.
func (PersonGeloescht) EventType() string { return "person.geloescht.v1" }

// RezeptAngenommen is a prescription that came in. Daten is the sealed
// rezept.Rezept; beside it stands what lists and deadlines need.
type RezeptAngenommen struct {
	ID            string               `json:"id"`
	Person        string               `json:"person"`
	Herkunft      rezept.Herkunft      `json:"herkunft"`
	Uebung        bool                 `json:"uebung,omitempty"` // read from a file: practice
	Ausgestellt   civil.Day            `json:"ausgestellt"`
	Kostentraeger rezept.Kostentraeger `json:"kostentraeger"`
	Zeilen        int                  `json:"zeilen"`
	Daten         journal.Sealed       `json:"daten"`
}

// EventType implements journal.Event.
func (RezeptAngenommen) EventType() string { return "rezept.angenommen.v1" }

// RezeptZurueckgegeben is a prescription given back without (further) dispensing.
type RezeptZurueckgegeben struct {
	ID    string `json:"id"`
	Grund string `json:"grund"`
}

// EventType implements journal.Event.
func (RezeptZurueckgegeben) EventType() string { return "rezept.zurueckgegeben.v1" }
