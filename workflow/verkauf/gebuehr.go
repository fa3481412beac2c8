package verkauf

import (
	"context"
	"slices"

	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow"
)

// Gebuehr adds a fee; one of a kind for each prescription.
func (s *Service) Gebuehr(ctx context.Context, a workflow.Auftrag, id string, in GebuehrEingabe) (Ansicht, error) {
	if !gebuehrBekannt(in.SOK) {
		return Ansicht{}, fault.New(fault.Invalid, "V-123",
			"Zu diesem Sonderkennzeichen gibt es keine Gebühr – wählen Sie eine aus der Liste.", nil)
	}
	if in.Betrag < 0 || in.Betrag > gebuehr.Hoechstbetrag {
		return Ansicht{}, fault.New(fault.Invalid, "V-124",
			"Der Betrag der Gebühr muss zwischen 0,01 € und 9.999,99 € liegen.", nil)
	}
	return s.edit(ctx, a, id, "Gebühr", in, func(v *vorgang.Vorgang) error {
		if v.HatGebuehr(in.SOK, in.Rezept) {
			return doppelteGebuehr()
		}
		return appendLine(v, vorgang.Position{
			Art: vorgang.Gebuehr, SOK: in.SOK, Betrag: in.Betrag, Rezept: in.Rezept, Menge: 1,
		})
	})
}

func doppelteGebuehr() error {
	return fault.New(fault.Conflict, "V-125",
		"Diese Gebühr steht schon im Vorgang – entfernen Sie sie mit F9, um sie zu ändern.", nil)
}

func gebuehrBekannt(sok string) bool {
	return slices.ContainsFunc(gebuehr.Liste(), func(a gebuehr.Art) bool { return a.SOK == sok })
}
