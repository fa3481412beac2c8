// Package karte says what a card terminal answers to a payment.
package karte

// Art is the kind of a card (ZAHLART_TYP, DSFinV-K 2.4 Anhang D).
type Art string

// The kinds. A payment that was typed in by hand has none.
const (
	Girocard Art = "girocard"
	Kredit   Art = "kredit"
)

// Ausgang is how a payment at a terminal ended.
type Ausgang string

// The ends. Unklar: the terminal may have taken the money or not; it must be asked.
const (
	Bewilligt Ausgang = "bewilligt"
	Abgelehnt Ausgang = "abgelehnt"
	Unklar    Ausgang = "unklar"
)

// Antwort is what a terminal says to a payment.
type Antwort struct {
	Ausgang Ausgang
	Karte   Art
	Zeilen  []string // its receipt for the customer
	Text    string   // why it was declined, or what is unclear
}

// Beleg is what stays of a payment on the Bon.
type Beleg struct {
	ID     string   `json:"id,omitempty"` // of the payment at the terminal
	Karte  Art      `json:"karte,omitempty"`
	Zeilen []string `json:"zeilen,omitempty"`
}
