package verkauf

import (
	"context"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// vormerken reserves what the chosen line lacks, for the customer of the cart or for
// the name that was typed. The line stays: it can be paid now or when it is fetched.
func (s *Seite) vormerken(f *ui.Form) akt {
	nr, in := f.Zahl("nr"), vormerkung.Eingabe{Menge: f.Zahl("menge"), Name: f.Text("name")}
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		v, err := s.Verkauf.Ansicht(ctx, id)
		if err != nil {
			return ergebnis{}, err
		}
		z, err := s.Verkauf.Warum(ctx, id, nr)
		if err != nil {
			return ergebnis{}, err
		}
		in.PZN, in.Rezept = z.Position.PZN, z.Position.Rezept
		if v.Kunde != nil {
			in.Kunde, in.Name = v.Kunde.ID, ""
		}
		slip, err := s.Vormerkung.Anlegen(ctx, a, in)
		if err != nil {
			return ergebnis{}, err
		}
		v, err = s.Verkauf.Ansicht(ctx, id)
		return ergebnis{Ansicht: v, Zettel: slip.ID}, err
	}
}

// Fehlmenge is how many packs of the chosen line are missing.
func (st stand) Fehlmenge() int {
	return max(st.Zeile.Position.Menge-max(st.Zeile.Bestand, 0), 1)
}
