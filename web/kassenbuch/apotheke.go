package kassenbuch

import (
	"net/http"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

type apothekenseite struct {
	basis
	T tagesabschluss.Apothekentag
}

// Summen is what is summed up.
func (a apothekenseite) Summen() abschluss.Abschluss { return a.T.Summe }

// Davor is the day before.
func (a apothekenseite) Davor() civil.Day { return a.T.Tag.AddDays(-1) }

// Danach is the day after.
func (a apothekenseite) Danach() civil.Day { return a.T.Tag.AddDays(1) }

// apotheke shows what all tills closed for a business day.
func (s *Seite) apotheke(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	day := f.Tag("tag")
	b, err := s.basis(r, "apotheke", "kassenbuch.apotheke")
	page := apothekenseite{basis: b}
	page.Tills = nil // it is of all of them
	if err == nil {
		page.T, err = s.dienst.Apotheke(r.Context(), day)
	}
	if f.Err != nil {
		err = f.Err
	}
	s.rahmen.SeiteStatus(w, r, s.haus, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}
