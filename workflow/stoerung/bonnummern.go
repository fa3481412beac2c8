package stoerung

import (
	"context"
	"fmt"
	"strings"

	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
)

// genannt is how many numbers are named.
const genannt = 3

// bonnummern tells of numbers that were given to two Bons: a data folder was put back as a whole and
// sold before it met another machine. Nothing, as long as all is well.
func (s *Service) bonnummern(ctx context.Context) []Glied {
	const id, name = "bons", "Bons"
	list, err := workflow.View(ctx, s.kern, bons.Doppelte)
	switch {
	case err != nil:
		return []Glied{bad(id, name, Warnung, "J-314",
			"Die Bonnummern lassen sich nicht lesen – starten Sie Offizin neu.", "Verkauft wird weiter.")}
	case len(list) == 0:
		return nil
	}
	return []Glied{bad(id, name, Warnung, "J-315", fmt.Sprintf("Auf zwei Bons stehen dieselben Nummern: %s – notieren "+
		"Sie für die Prüfung, wann ein alter Datenordner zurückgespielt wurde.", aufzaehlung(list)),
		"Verkauft wird weiter, und jeder Verkauf zählt. Die Nummern bleiben, wie sie sind; der Export für das Finanzamt "+
			"nennt beide Bons.")}
}

func aufzaehlung(list []string) string {
	if len(list) > genannt {
		return strings.Join(list[:genannt], ", ") + fmt.Sprintf(" und %d weitere", len(list)-genannt)
	}
	return strings.Join(list, ", ")
}
