package bon

import (
	"html/template"
	"net/http"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

// digital is how the digital receipt of a Bon stands.
type digital struct {
	Moeglich bool          // it can be given
	Gegeben  bool          // it was
	Bild     template.HTML // the code, while it is shown to the customer
}

func (s *Seite) gegeben(r *http.Request, v verkauf.BonAnsicht) (d digital, err error) {
	if s.Anzeige == nil {
		return d, nil
	}
	if d.Moeglich, err = s.Anzeige.Moeglich(r.Context(), v.Bon); err != nil {
		return d, err
	}
	if d.Gegeben, err = s.Anzeige.Gegeben(r.Context(), v.Bon.Nummer); err != nil {
		return d, err
	}
	st, err := s.Anzeige.Stand(r.Context())
	if st.Nummer == v.Bon.Nummer {
		d.Bild = ui.QRBild(st.Code)
	}
	return d, err
}

// digital shows the customer the receipt as QR code.
func (s *Seite) digital(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	s.tun(w, r, f, func(a workflow.Auftrag) (bon.Bon, error) {
		if s.Anzeige == nil {
			return bon.Bon{}, fault.New(fault.Unavailable, "W-807", "Hier gibt es keine Kundenanzeige.", nil)
		}
		nummer := r.PathValue("nummer")
		return bon.Bon{Nummer: nummer}, s.Anzeige.Zeigen(r.Context(), a, nummer)
	})
}
