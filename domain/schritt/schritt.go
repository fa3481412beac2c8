// Package schritt explains an amount: the steps that made it, each with its
// norm. The screen's "Warum?", the receipt and the auditor read the same list.
package schritt

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
)

// Schritt is one step of a computation.
type Schritt struct {
	Name   string      `json:"name"`            // "Zuzahlung", German, as shown
	Text   string      `json:"text"`            // "10 % von 14,60 € = 1,46 €, mindestens 5,00 €"
	Betrag money.Cent  `json:"betrag"`          // result of this step
	Norm   string      `json:"norm"`            // "SGB V § 61 Satz 1"
	Ab     civil.Day   `json:"ab"`              // the Fassung in force since
	Art    fassung.Art `json:"art,omitempty"`   // who put it in force
	Regel  string      `json:"regel,omitempty"` // stable id of the rule, "zuzahlung.mindest"
}

// Von starts a step from the Fassung of the parameter that made it.
func Von[T any](f fassung.Fassung[T], name, text string, betrag money.Cent) Schritt {
	return Schritt{Name: name, Text: text, Betrag: betrag, Norm: f.Norm, Ab: f.Ab, Art: f.Art}
}

// Fassung says since when the rule of the step holds and, unless it shipped with
// the program, who put it in force: "seit 01.04.2027, eigene Festlegung".
func (s Schritt) Fassung() string {
	if s.Ab == 0 {
		return s.Art.String()
	}
	text := "seit " + s.Ab.German()
	if s.Art != fassung.Release {
		text += ", " + s.Art.String()
	}
	return text
}
