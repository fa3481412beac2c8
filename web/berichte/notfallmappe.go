package berichte

import (
	"context"
	"errors"
	"net/http"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/notfallmappe"
)

const (
	mappePfad  = pfad + "/notfallmappe"
	mappeDatei = mappePfad + "/datei"
)

// Notfallmappe makes the papers for an outage and keeps them; the composition root supplies
// it.
type Notfallmappe interface {
	Stand(ctx context.Context) notfallmappe.Stand
	// Neu makes that of today.
	Neu(ctx context.Context) error
	// Lesen returns the newest as PDF; a fault of kind NotFound if there is none.
	Lesen() (pdf []byte, tag civil.Day, err error)
}

type mappenSeite struct {
	kopf
	Stand       notfallmappe.Stand
	Hindernisse []string // what did not work, a sentence each
}

func (s *Seite) mappeZeigen(w http.ResponseWriter, r *http.Request, refused error) {
	page := mappenSeite{kopf: s.kopf(r, "notfallmappe", s.heute(), s.heute()), Stand: s.mappe.Stand(r.Context())}
	list := []error{page.Stand.StickFehler}
	if refused == nil {
		list = append(list, page.Stand.Fehler)
	}
	for _, err := range list {
		if f, ok := errors.AsType[*fault.Fault](err); ok { // the log has it already
			page.Hindernisse = append(page.Hindernisse, f.Error())
		} else if f := s.rahmen.FehlerAus(r, err); f != nil {
			page.Hindernisse = append(page.Hindernisse, f.Text+" ("+f.Code+")")
		}
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	s.rahmen.SeiteStatus(w, r, s.mappen, status, page)
}

// mappeErstellen makes the Mappe of today and leads on to it.
func (s *Seite) mappeErstellen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(_ *ui.Form, _, user string) (string, error) {
		if err := workflow.Angemeldet(user); err != nil { // nobody prints names and phone numbers unnamed
			return "", err
		}
		return mappeDatei, s.mappe.Neu(r.Context())
	}, func(_ *ui.Form, refused error) { s.mappeZeigen(w, r, refused) })
}

func (s *Seite) mappeOeffnen(w http.ResponseWriter, r *http.Request) {
	pdf, day, err := s.mappe.Lesen()
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="notfallmappe-`+day.String()+`.pdf"`)
	_, _ = w.Write(pdf) // the client has gone away: nobody is left to tell
}
