package bon

import (
	"html/template"
	"net/http"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/bonsuche"
)

// Suche is the page on which Bons are found again.
type Suche struct {
	dienst *bonsuche.Service
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// NewSuche returns the page.
func NewSuche(r *ui.Rahmen, d *bonsuche.Service) (*Suche, error) {
	t, err := r.Parse(files, "suche.html")
	return &Suche{d, r, t}, err
}

// Routes registers its address.
func (s *Suche) Routes(mux *http.ServeMux) { mux.HandleFunc("GET /bons", s.zeigen) }

type suchseite struct {
	ui.Base

	Text     string
	Von, Bis civil.Day
	Bons     []treffer
	Mehr     bool
}

type treffer struct {
	bon.Bon

	Summen bon.Summen
	Was    string // its first line
	Weiter int    // further lines
}

func (s *Suche) zeigen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	a := bonsuche.Anfrage{Text: f.Suche("q"), Von: f.Tag("von"), Bis: f.Tag("bis")}
	page := suchseite{Base: s.rahmen.Base(r, "/berichte", "bon.suche"), Text: a.Text, Von: a.Von, Bis: a.Bis}
	refused := f.Err
	if refused == nil {
		var e bonsuche.Ergebnis
		e, refused = s.dienst.Suchen(r.Context(), a)
		page.Von, page.Bis, page.Mehr = e.Von, e.Bis, e.Mehr
		for _, b := range e.Bons {
			x := treffer{Bon: b, Summen: b.Summen(), Weiter: max(len(b.Positionen)-1, 0)}
			if len(b.Positionen) > 0 {
				x.Was = b.Positionen[0].Bezeichnung
			}
			page.Bons = append(page.Bons, x)
		}
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}
