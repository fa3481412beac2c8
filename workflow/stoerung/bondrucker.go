package stoerung

import (
	"errors"
	"fmt"

	"github.com/offizin/offizin/internal/fault"
)

// Bondrucker is how the printer of receipts stands.
type Bondrucker struct {
	Adresse string // empty: none is set up here
	Wartet  int    // receipts that are not printed
	Fehler  error  // when it was asked last
}

// bondrucker judges it: a till without a printer has no such link.
func bondrucker(b Bondrucker) []Glied {
	const id, name = "bondrucker", "Bondrucker"
	const ausweg = "Verkauft wird weiter; der Bon ist als PDF zu haben (F12 am Bon). Die Belegpflicht ruht nur, solange " +
		"der Drucker ausgefallen ist."
	if b.Adresse == "" {
		return nil
	}
	if b.Fehler != nil {
		if f, ok := errors.AsType[*fault.Fault](b.Fehler); ok {
			return []Glied{bad(id, name, Warnung, f.Code, f.Text, ausweg)}
		}
		return []Glied{bad(id, name, Warnung, "T-320",
			"Der Bondrucker lässt sich nicht prüfen – starten Sie Offizin neu.", ausweg)}
	}
	if b.Wartet > 0 {
		return []Glied{gut(id, name, fmt.Sprintf("%d Bons warten auf den Drucker.", b.Wartet))}
	}
	return []Glied{gut(id, name, "Der Bondrucker ist bereit.")}
}
