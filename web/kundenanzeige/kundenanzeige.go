// Package kundenanzeige is the second screen of a till, which faces the customer. It can be looked
// at and nothing else, needs no login, and only the machine itself shows it.
package kundenanzeige

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/kundenanzeige"
)

//go:embed *.html
var files embed.FS

const pfad = "/kundenanzeige"

// Seite is the screen.
type Seite struct {
	dienst *kundenanzeige.Service
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the screen.
func New(r *ui.Rahmen, d *kundenanzeige.Service) (*Seite, error) {
	t, err := r.Parse(files, "anzeige.html")
	return &Seite{d, r, t}, err
}

// Routes registers its addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pfad, func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, "anzeige") })
	mux.HandleFunc("GET "+pfad+"/stand", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, "stand") })
}

// ansicht is what is shown.
type ansicht struct {
	kundenanzeige.Stand

	Zeilen  []zeile
	Bild    template.HTML // the QR code
	Noch    int64         // milliseconds until the screen looks again; 0: it is told
	Version string
}

// zeile is a line with what is said below it in small type.
type zeile struct {
	kundenanzeige.Zeile

	Detail []detail
}

// detail is an amount and the key of its text.
type detail struct {
	Text   string
	Betrag money.Cent
}

func zeilen(list []kundenanzeige.Zeile) (out []zeile) {
	for _, z := range list {
		x := zeile{Zeile: z}
		each := z.Preis
		if z.Menge < 2 {
			each = 0
		}
		for _, d := range []detail{
			{"je", each},
			{"rabatt", -z.Rabatt},
			{"zuzahlung", z.Zuzahlung},
			{"aufpreis", z.Aufpreis},
			{"erlassen", -z.Erlassen},
			{"traeger", z.Traeger},
		} {
			if d.Betrag != 0 {
				x.Detail = append(x.Detail, detail{"kundenanzeige." + d.Text, d.Betrag})
			}
		}
		out = append(out, x)
	}
	return out
}

// zeigen answers with the screen, or with what changes on it.
func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, part string) {
	if ui.Fern(r.Context()) {
		s.rahmen.FehlerZeigen(w, r, fault.New(fault.Denied, "W-806",
			"Die Kundenanzeige gibt es nur am Rechner der Kasse selbst, als zweites Fenster.", nil))
		return
	}
	st, err := s.dienst.Stand(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	v := ansicht{
		Stand: st, Zeilen: zeilen(st.Zeilen), Bild: ui.QRBild(st.Code), Noch: st.Noch.Milliseconds(),
		Version: s.rahmen.Version(),
	}
	s.rahmen.Teil(w, r, s.tmpl, part, http.StatusOK, v)
}

// Zahlart is the key of the text for a payment.
func (ansicht) Zahlart(z bon.Zahlung) string { return "kundenanzeige.zahlt_" + string(z.Art) }

// Erstattet says whether the customer gets money.
func (a ansicht) Erstattet() bool { return a.Summe < 0 }

// Schritt is how closely the lines stand: many of them in small type, so that all are seen.
func (a ansicht) Schritt() string {
	switch n := len(a.Zeilen); {
	case n > 14:
		return "eng"
	case n > 7:
		return "mittel"
	}
	return "weit"
}
