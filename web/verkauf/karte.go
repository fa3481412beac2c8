package verkauf

import (
	"context"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

// amTerminal takes the part by card at the terminal, if there is one and somebody did not type
// in that it was taken by hand. In practice no money moves.
func (s *Seite) amTerminal(ctx context.Context, a workflow.Auftrag, id string, z verkauf.Zahlung, hand bool) error {
	if s.Karten == nil || z.Karte <= 0 || hand {
		return nil
	}
	v, err := s.Verkauf.Ansicht(ctx, id)
	if err != nil || v.Uebung {
		return err
	}
	if err := s.Verkauf.Zahlbar(ctx, id, z); err != nil {
		return err
	}
	return s.Karten.Zahlen(ctx, workflow.Auftrag{Key: a.Key + "/k", Actor: a.Actor}, id, z.Karte)
}

// karteKlaeren asks the terminal what became of a payment.
func (s *Seite) karteKlaeren(f *ui.Form) akt {
	id := f.Text("zahlung")
	return func(ctx context.Context, a workflow.Auftrag, _ string) (ergebnis, error) {
		return ergebnis{}, s.Karten.Klaeren(ctx, a, id)
	}
}

// karteEntscheiden settles a payment by what the terminal's receipt says.
func (s *Seite) karteEntscheiden(f *ui.Form) akt {
	id, bewilligt := f.Text("zahlung"), f.Ja("bewilligt")
	return func(ctx context.Context, a workflow.Auftrag, _ string) (ergebnis, error) {
		return ergebnis{}, s.Karten.Entscheiden(ctx, a, id, bewilligt)
	}
}

// kartenstand fetches the payments that must be settled, also those of before a restart, and what
// was taken for the cart: it stands above it, for nobody is asked for it again.
func (s *Seite) kartenstand(ctx context.Context, st *stand) (err error) {
	if s.Karten == nil {
		return nil
	}
	if st.Unklar, err = s.Karten.Offen(ctx); err == nil && st.Ansicht.Vorgang.ID != "" {
		st.Bewilligt, err = s.Karten.Bewilligt(ctx, st.Ansicht.Vorgang.ID)
	}
	return err
}
