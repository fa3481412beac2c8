// Package inbetriebnahme leads somebody through everything that a new till needs, step by step, over
// the pages that there are for it.
package inbetriebnahme

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/inbetriebnahme"
)

//go:embed *.html
var files embed.FS

// Pfad is the address of the page.
const Pfad = "/einstellungen/inbetriebnahme"

// Seite shows the steps.
type Seite struct {
	rahmen *ui.Rahmen
	dienst *inbetriebnahme.Service
	haus   *haus.Service
	tmpl   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d *inbetriebnahme.Service, h *haus.Service) (*Seite, error) {
	t, err := r.Parse(files, "seite.html")
	return &Seite{r, d, h, t}, err
}

// Routes registers the addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /einstellungen/inbetriebnahme", func(w http.ResponseWriter, r *http.Request) {
		s.zeigen(w, r, nil, nil)
	})
	mux.HandleFunc("POST /einstellungen/inbetriebnahme", s.zurueckstellen)
	mux.HandleFunc("POST /einstellungen/inbetriebnahme/erste", s.erste)
}

// zeile is a step as it is shown.
type zeile struct {
	inbetriebnahme.Punkt
	L      *inbetriebnahme.Lage
	Nr     int
	Key    string
	Ziel   string // where it is done; empty: nowhere
	Weiter string // back here, to the step after it
	Dran   bool   // it is the next one
}

// Ueben reports whether a switch begins and ends the step.
func (z zeile) Ueben() bool { return z.Schritt == inbetriebnahme.Probe }

// Zurueckgestellt reports whether somebody put the step off, or decided that there is nothing to set up.
func (z zeile) Zurueckgestellt() bool {
	return z.Zustand == inbetriebnahme.Zurueckgestellt || z.Schritt == inbetriebnahme.Kartenterminal && z.L.KartenVonHand
}

type seite struct {
	ui.Base
	L             inbetriebnahme.Lage
	Zeilen        []zeile
	Dran          *zeile // nil: nothing is left
	Kuerzel, Name string // as typed
}

// ziele are the pages on which the steps are done.
func ziele() map[inbetriebnahme.Schritt]string {
	return map[inbetriebnahme.Schritt]string{
		inbetriebnahme.Apotheke:       "/einstellungen",
		inbetriebnahme.Platz:          "/einstellungen/rechner",
		inbetriebnahme.TSE:            "/tse",
		inbetriebnahme.Bondrucker:     "/einstellungen/drucker",
		inbetriebnahme.Anfangsbestand: "/kassenbuch/anfang",
		inbetriebnahme.Personal:       "/einstellungen/anmeldung",
		inbetriebnahme.Mitteilung:     "/kassenbuch/meldung",
		inbetriebnahme.Katalog:        "/katalog/einspielen",
	}
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, typed *ui.Form, refused error) {
	l, err := s.dienst.Lage(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := seite{Base: s.rahmen.Base(r, "/einstellungen", "inbetriebnahme.titel"), L: l}
	page.Hier, page.Weiter = Pfad, ""
	page.Zeilen = zeilen(&page.L, inbetriebnahme.Schritt(r.URL.Query().Get("nach")), page.Key)
	for i := range page.Zeilen {
		if page.Zeilen[i].Dran {
			page.Dran = &page.Zeilen[i]
		}
	}
	if typed != nil {
		page.Kuerzel, page.Name = typed.Werte.Get("kuerzel"), typed.Werte.Get("name")
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

func zeilen(l *inbetriebnahme.Lage, nach inbetriebnahme.Schritt, key string) (list []zeile) {
	next := l.Naechster(nach)
	for i, p := range l.Punkte {
		z := zeile{
			Punkt: p, L: l, Nr: i + 1, Key: key, Ziel: ziele()[p.Schritt], Dran: p.Schritt == next,
			Weiter: Pfad + "?nach=" + string(p.Schritt),
		}
		if z.Ziel != "" {
			z.Ziel += "?" + url.Values{"weiter": {z.Weiter}}.Encode()
		}
		list = append(list, z)
	}
	return list
}

func (s *Seite) zurueckstellen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		step := inbetriebnahme.Schritt(f.Text("schritt"))
		a := workflow.Auftrag{Key: key, Actor: user}
		return Pfad + "?nach=" + url.QueryEscape(string(step)), s.dienst.Zurueckstellen(r.Context(), a, step, f.Ja("ja"))
	}, func(_ *ui.Form, refused error) { s.zeigen(w, r, nil, refused) })
}

// erste adds the first person of a new pharmacy, who goes on with it.
func (s *Seite) erste(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	b := haus.Benutzer{Kuerzel: f.Text("kuerzel"), Name: f.Text("name")}
	if err = f.Err; err == nil {
		err = s.haus.ErstePerson(r.Context(), f.Text("key"), b)
	}
	if err != nil {
		s.zeigen(w, r, f, err)
		return
	}
	s.rahmen.Waehlen(w, r, b.Kuerzel)
	http.Redirect(w, r, Pfad, http.StatusSeeOther)
}
