package lager

import (
	"net/http"
	"net/url"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// vormerkungen is the page of reservations and of what to order.
type vormerkungen struct {
	ui.Base
	Welcher          string
	Liste            []vormerkung.Vormerkung
	Bestellen        []vormerkung.Bestellzeile
	PZN, Menge, Name string // as typed
	Zettel           bool   // slips can be printed
}

func (s *Seite) vormerkungen(w http.ResponseWriter, r *http.Request) { s.reserviert(w, r, nil, nil) }

func (s *Seite) reserviert(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	page := vormerkungen{
		Base: s.rahmen.Base(r, pfad, "lager.vormerkungen"), Welcher: "vormerkungen", Zettel: s.Zettel != nil,
		PZN: r.URL.Query().Get("pzn"), Menge: "1",
	}
	page.Hier = "/vormerkungen"
	if f != nil {
		page.PZN, page.Menge, page.Name = f.Werte.Get("pzn"), f.Werte.Get("menge"), f.Werte.Get("name")
	}
	var err error
	if page.Liste, err = s.Vormerkung.Liste(r.Context()); err == nil {
		page.Bestellen, err = s.Vormerkung.Bestellliste(r.Context())
	}
	if refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.vormerken, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Seite) anlegen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		in := vormerkung.Eingabe{PZN: kennung.PZN(f.Suche("pzn")), Menge: f.Zahl("menge"), Name: f.Text("name")}
		if f.Err != nil {
			return "", f.Err
		}
		_, err := s.Vormerkung.Anlegen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, in)
		return "/vormerkungen", err
	}, func(f *ui.Form, refused error) { s.reserviert(w, r, f, refused) })
}

func (s *Seite) erledigen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		wie := vormerkung.Wie(f.Text("wie"))
		if f.Err != nil {
			return "", f.Err
		}
		a := workflow.Auftrag{Key: key, Actor: user}
		return "/vormerkungen", s.Vormerkung.Erledigen(r.Context(), a, r.PathValue("id"), wie)
	}, func(f *ui.Form, refused error) { s.reserviert(w, r, f, refused) })
}

// zettel is the slip of a reservation for the customer.
func (s *Seite) zettel(w http.ResponseWriter, r *http.Request) {
	v, err := s.Vormerkung.Find(r.Context(), r.PathValue("id"))
	if err == nil && s.Zettel == nil {
		err = fault.New(fault.Unavailable, "W-402",
			"Der Zettel lässt sich hier nicht drucken – schreiben Sie die Nummer auf.", nil)
	}
	var b []byte
	if err == nil {
		b, err = s.Zettel(r.Context(), v)
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="abholung-`+url.PathEscape(v.ID)+`.pdf"`)
	_, _ = w.Write(b) // the client has gone away: nobody is left to tell
}
