package verkauf

import (
	"context"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
)

// digital shows the customer the receipt of what was just paid as QR code.
func (s *Seite) digital(f *ui.Form) akt {
	nummer := f.Text("bon")
	return func(ctx context.Context, a workflow.Auftrag, _ string) (ergebnis, error) {
		if s.Anzeige == nil {
			return ergebnis{}, fault.New(fault.Unavailable, "W-808", "An diesem Platz gibt es keine Kundenanzeige.", nil)
		}
		if err := s.Anzeige.Zeigen(ctx, a, nummer); err != nil {
			return ergebnis{}, err
		}
		v, err := s.Verkauf.Bon(ctx, nummer)
		return ergebnis{Bon: &v.Bon}, err
	}
}

// anzeige says what the screen for customers can show of what was just paid.
func (s *Seite) anzeige(ctx context.Context, st *stand) (err error) {
	st.Anzeige = s.Anzeige != nil && !ui.Fern(ctx)
	if s.Anzeige == nil || st.Bezahlt == nil {
		return nil
	}
	if st.Digital, err = s.Anzeige.Moeglich(ctx, *st.Bezahlt); err != nil || !st.Digital {
		return err
	}
	shown, err := s.Anzeige.Stand(ctx)
	st.Gezeigt = shown.Nummer == st.Bezahlt.Nummer
	return err
}
