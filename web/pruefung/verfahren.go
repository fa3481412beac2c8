package pruefung

import (
	"context"
	"net/http"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
)

// Verfahren writes the Verfahrensdokumentation as Markdown (GoBD Tz. 151–155).
type Verfahren = func(ctx context.Context) ([]byte, error)

type verfahrensseite struct {
	ui.Base
	Q        string
	Dokument []block
}

// zeigeVerfahren shows the Verfahrensdokumentation, to be printed; the look is on record.
func (s *Seite) zeigeVerfahren(w http.ResponseWriter, r *http.Request) {
	page := verfahrensseite{Base: s.rahmen.Base(r, pfad, "pruefung.verfahren")}
	z, _, err := s.einsehen(r)
	page.Q = q(z)
	if err == nil && s.verfahren == nil {
		err = fault.New(fault.NotFound, "T-953",
			"Die Verfahrensdokumentation gibt es hier nicht – schreiben Sie sie mit „offizin verfahren“.", nil)
	}
	if err == nil {
		var text []byte
		if text, err = s.verfahren(r.Context()); err == nil {
			page.Dokument = lesen(string(text))
		}
	}
	s.rahmen.SeiteStatus(w, r, s.blatt, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}
