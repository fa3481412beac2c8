package verkauf

import (
	"context"
	"slices"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/projection/rezepte"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechnung"
)

// MaxRezepte is how many prescriptions one cart serves.
const MaxRezepte = rechnung.MaxRezepte

// Kunde sets the customer; an empty person makes the cart anonymous.
func (s *Service) Kunde(ctx context.Context, a workflow.Auftrag, id, person string) (Ansicht, error) {
	return s.editRows(ctx, a, id, "Kunde", person, func(rows journal.Rows, v *vorgang.Vorgang) error {
		if person != "" {
			if _, ok, err := personen.Find(rows, person); err != nil || !ok {
				return or(err, fault.New(fault.NotFound, "V-129",
					"Diesen Kunden gibt es nicht (mehr) – suchen Sie ihn neu (F4).", nil))
			}
		}
		v.Kunde = person
		return nil
	})
}

// Schalter sets the switches of a cart.
func (s *Service) Schalter(ctx context.Context, a workflow.Auftrag, id string, in SchalterEingabe) (Ansicht, error) {
	return s.edit(ctx, a, id, "Schalter", in, func(v *vorgang.Vorgang) error {
		v.Befreit, v.Schwanger = in.Befreit, in.Schwanger
		return nil
	})
}

// RezeptHinzufuegen lets the cart serve a prescription.
func (s *Service) RezeptHinzufuegen(ctx context.Context, a workflow.Auftrag, id, rezept string) (Ansicht, error) {
	return s.editRows(ctx, a, id, "Rezept", rezept, func(rows journal.Rows, v *vorgang.Vorgang) error {
		x, ok, err := rezepte.Find(rows, rezept)
		switch {
		case err != nil || !ok:
			return or(err, fault.New(fault.NotFound, "V-130",
				"Dieses Rezept gibt es nicht – suchen Sie es unter Rezepte.", nil))
		case x.Zurueckgegeben != "":
			return fault.New(fault.Conflict, "V-131", "Das Rezept ist zurückgegeben – nehmen Sie es neu an.", nil)
		case len(v.Rezepte) >= MaxRezepte:
			return fault.New(fault.Invalid, "V-132", "Ein Vorgang fasst 20 Rezepte – schließen Sie ihn zuerst ab.", nil)
		case !slices.Contains(v.Rezepte, rezept):
			v.Rezepte = append(v.Rezepte, rezept)
		}
		return nil
	})
}

// RezeptEntfernen takes a prescription out of the cart: its fees go with it, its
// other lines stay and lose their assignment.
func (s *Service) RezeptEntfernen(ctx context.Context, a workflow.Auftrag, id, rezept string) (Ansicht, error) {
	return s.edit(ctx, a, id, "Rezept entfernt", rezept, func(v *vorgang.Vorgang) error {
		v.Rezepte = slices.DeleteFunc(v.Rezepte, func(r string) bool { return r == rezept })
		v.Positionen = slices.DeleteFunc(v.Positionen, func(p vorgang.Position) bool {
			return p.Art == vorgang.Gebuehr && p.Rezept == rezept && rezept != ""
		})
		for i := range v.Positionen {
			if p := &v.Positionen[i]; p.Rezept == rezept {
				detach(p)
			}
		}
		return nil
	})
}

// Zuordnen sells a line on a line of a prescription; an empty prescription detaches it.
func (s *Service) Zuordnen(
	ctx context.Context, a workflow.Auftrag, id string, nr int, rezept string, verordnung int,
) (Ansicht, error) {
	input := []any{nr, rezept, verordnung}
	return s.editRows(ctx, a, id, "Zuordnen", input, func(rows journal.Rows, v *vorgang.Vorgang) error {
		p := v.Find(nr)
		switch {
		case p == nil:
			return keineZeile()
		case p.Art == vorgang.Geschaeft:
			return nurWare(*p)
		case p.Art == vorgang.Gebuehr && p.Rezept != rezept && v.HatGebuehr(p.SOK, rezept):
			return doppelteGebuehr()
		case rezept == "":
			detach(p)
			return nil
		case p.Art == vorgang.Gebuehr:
			p.Rezept = rezept
			return zugehoerig(*v, rezept)
		}
		x, _, err := rezepte.Find(rows, rezept)
		if err != nil {
			return err
		}
		if verordnung < 0 || verordnung >= x.Zeilen {
			return fault.New(fault.Invalid, "V-133", "Diese Zeile hat das Rezept nicht – wählen Sie eine andere.", nil)
		}
		detach(p)
		p.Rezept, p.Verordnung, p.Rabatt = rezept, verordnung, 0
		return zugehoerig(*v, rezept)
	})
}

// detach makes a line one without prescription.
func detach(p *vorgang.Position) {
	p.Rezept, p.Verordnung, p.Kulanz = "", 0, ""
	p.NichtVerfuegbar, p.Wunsch, p.EngpassPZN, p.EngpassMenge, p.TeilMenge, p.TeilVon = false, false, "", 0, 0, 0
}

func zugehoerig(v vorgang.Vorgang, rezept string) error {
	if rezept != "" && !slices.Contains(v.Rezepte, rezept) {
		return fault.New(fault.Conflict, "V-104", "Das Rezept gehört nicht zu diesem Vorgang – wählen Sie es mit F6.", nil)
	}
	return nil
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
