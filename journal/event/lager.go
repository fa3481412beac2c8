package event

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
)

// BestandGeaendert moves the stock of one article. Sales move stock by themselves.
type BestandGeaendert struct {
	PZN   kennung.PZN `json:"pzn"`
	Delta int         `json:"delta"`
	Art   string      `json:"art"` // "eroeffnung", "zugang", "korrektur"
	Grund string      `json:"grund,omitempty"`
	Beleg string      `json:"beleg,omitempty"`
}

// EventType implements journal.Event.
func (BestandGeaendert) EventType() string { return "bestand.geaendert.v1" }

// VormerkungAngelegt reserves an article that is not in stock and puts it on the
// order list.
type VormerkungAngelegt struct {
	ID     string          `json:"id"`
	Nummer int             `json:"nummer"` // on the customer's slip
	PZN    kennung.PZN     `json:"pzn"`
	Menge  int             `json:"menge"`
	Tag    civil.Day       `json:"tag"`
	Kunde  string          `json:"kunde,omitempty"`
	Rezept string          `json:"rezept,omitempty"`
	Name   *journal.Sealed `json:"name,omitempty"` // name on the slip of who is not on file
}

// EventType implements journal.Event.
func (VormerkungAngelegt) EventType() string { return "vormerkung.angelegt.v1" }

// VormerkungErledigt closes a reservation.
type VormerkungErledigt struct {
	ID  string `json:"id"`
	Wie string `json:"wie"` // "abgeholt", "verworfen"
}

// EventType implements journal.Event.
func (VormerkungErledigt) EventType() string { return "vormerkung.erledigt.v1" }
