package event

import (
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
)

// KartenzahlungBegonnen says that a terminal is asked for a payment, or to give one back: it is written before, so
// that nobody forgets to ask what became of it.
type KartenzahlungBegonnen struct {
	ID      string     `json:"id"`
	Vorgang string     `json:"vorgang"`
	Till    string     `json:"till"`
	Betrag  money.Cent `json:"betrag"`
	Zeit    int64      `json:"zeit"` // UTC nanoseconds

	// Erstattung is the number of the Bon whose payment goes back on the card; empty: it is a payment.
	Erstattung string `json:"erstattung,omitempty"`
}

// EventType implements journal.Event.
func (KartenzahlungBegonnen) EventType() string { return "kartenzahlung.begonnen.v1" }

// KartenzahlungBeendet says whether the money was taken.
type KartenzahlungBeendet struct {
	ID        string    `json:"id"`
	Bewilligt bool      `json:"bewilligt"`
	Karte     karte.Art `json:"karte,omitempty"`
	Zeilen    []string  `json:"zeilen,omitempty"`
	Text      string    `json:"text,omitempty"`     // what the terminal showed, or why somebody said so
	VonHand   bool      `json:"von_hand,omitempty"` // somebody said so, not the terminal
}

// EventType implements journal.Event.
func (KartenzahlungBeendet) EventType() string { return "kartenzahlung.beendet.v1" }

// KartenzahlungGeklaert says that what a terminal gave back stands on no Bon and never will, and why.
type KartenzahlungGeklaert struct {
	ID    string `json:"id"`
	Grund string `json:"grund"`
}

// EventType implements journal.Event.
func (KartenzahlungGeklaert) EventType() string { return "kartenzahlung.geklaert.v1" }
