// Package einstellungen keeps the settings of the house, the staff, and the law: what
// changes next and what the Inhaber has laid down.
package einstellungen

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/festlegung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/uebungsbetrieb"
)

//go:embed *.html
var files embed.FS

const (
	pfad      = "/einstellungen"
	gesichert = pfad + "?gesichert=ja" // the page, which says that it was done
	recht     = pfad + "/recht"
)

// Dienste is what the pages stand on.
type Dienste struct {
	Haus  *haus.Service
	Recht *festlegung.Service // nil: nothing can be laid down here

	Uebung *uebungsbetrieb.Service // nil: nobody practises here

	Bonseite func() []byte // the page on the web for digital receipts; nil: not set up
}

// Seite shows settings and law.
type Seite struct {
	Dienste
	rahmen         *ui.Rahmen
	haus, gesetzes *template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	s := &Seite{Dienste: d, rahmen: r}
	var err error
	if s.haus, err = r.Parse(files, "haus.html"); err != nil {
		return nil, err
	}
	s.gesetzes, err = r.Parse(files, "recht.html")
	return s, err
}

// Routes registers the addresses of the settings.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /einstellungen", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil, nil) })
	mux.HandleFunc("POST /einstellungen", s.setzen)
	mux.HandleFunc("POST /einstellungen/benutzer", s.benutzer)
	if s.Uebung != nil {
		mux.HandleFunc("POST /einstellungen/uebung", s.ueben)
	}
	if s.Bonseite != nil {
		mux.HandleFunc("GET /einstellungen/bonseite", s.bonseite)
	}
	mux.HandleFunc("GET /einstellungen/recht", func(w http.ResponseWriter, r *http.Request) {
		s.recht(w, r, vorhaben{}, nil)
	})
	mux.HandleFunc("POST /einstellungen/recht", s.festlegen)
}

// seite is the page of the house.
type seite struct {
	ui.Base
	Haus    haus.Einstellungen
	X, Y    string // offsets as typed
	Laender []haus.Land
	Rollen  []string
	Staff   []haus.Benutzer

	KannUeben bool
	Bonseite  bool // there are digital receipts
	Gesichert bool // just now
}

// ueben begins or ends practice at this till.
func (s *Seite) ueben(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		an := f.Ja("an")
		if f.Err != nil {
			return "", f.Err
		}
		return "/verkauf", s.Uebung.Setzen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, an)
	}, func(_ *ui.Form, refused error) { s.zeigen(w, r, nil, refused) })
}

// zeigen shows the settings; typed are those that were refused.
func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, typed *ui.Form, refused error) {
	e, err := s.Haus.Einstellungen(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	staff, err := s.Haus.Benutzer(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := seite{
		Base: s.rahmen.Base(r, pfad, "einstellungen.titel"), Haus: e, X: zehntel(e.Muster16X), Y: zehntel(e.Muster16Y),
		Laender: haus.Laender(), Rollen: haus.Rollen(), Staff: staff, KannUeben: s.Uebung != nil,
		Bonseite: s.Bonseite != nil, Gesichert: refused == nil && r.URL.Query().Has("gesichert"),
	}
	page.Hier = pfad
	if typed != nil {
		page.Haus, page.X, page.Y = lies(typed), typed.Text("muster16_x"), typed.Text("muster16_y")
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	s.rahmen.SeiteStatus(w, r, s.haus, status, page)
}

func (s *Seite) setzen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		e := lies(f)
		if f.Err != nil {
			return "", f.Err
		}
		return gesichert, s.Haus.Setzen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, e)
	}, func(f *ui.Form, refused error) { s.zeigen(w, r, f, refused) })
}

func (s *Seite) benutzer(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		b := haus.Benutzer{
			Kuerzel: f.Text("kuerzel"), Name: f.Text("name"), Rolle: f.Text("rolle"), Aktiv: f.Ja("aktiv"),
		}
		if f.Err != nil {
			return "", f.Err
		}
		return pfad, s.Haus.BenutzerSetzen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, b)
	}, func(_ *ui.Form, refused error) { s.zeigen(w, r, nil, refused) })
}

// bonseite saves the page that the pharmacy puts on its web site: nobody looks at it here.
func (s *Seite) bonseite(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="bon.html"`)
	_, _ = w.Write(s.Bonseite())
}

// lies reads the settings from the form.
func lies(f *ui.Form) haus.Einstellungen {
	return haus.Einstellungen{
		Name: f.Text("name"), Inhaber: f.Text("inhaber"), Strasse: f.Text("strasse"), PLZ: f.Text("plz"), Ort: f.Text("ort"),
		Telefon: f.Text("telefon"), IK: f.Text("ik"), Steuernummer: f.Text("steuernummer"), Bundesland: f.Text("bundesland"),
		ERezeptDatei: f.Ja("erezept_datei"), Produktiv: f.Ja("produktiv"),
		Muster16X: versatz(f, "muster16_x"), Muster16Y: versatz(f, "muster16_y"), NotfallStick: f.Text("notfall_stick"),
		Sperre: f.Zahl("sperre"), USTID: f.Text("ustid"), Blindzaehlung: f.Ja("blindzaehlung"),
		Kreditgrenze: f.Geld("kreditgrenze"), RezeptUnbar: f.Ja("rezept_unbar"), Bonseite: f.Text("bonseite"),
	}
}

// rechtsseite is the page of the law.
type rechtsseite struct {
	ui.Base
	Eingerichtet bool
	Aussicht     []festlegung.Wechsel
	Liste        []festlegung.Eintrag
	Parameter    []festlegung.Wahl
	Vorhaben     vorhaben
	Stoerungen   []*ui.Fehler
}

// vorhaben is what is to be laid down; Vorschau says what it would change.
type vorhaben struct {
	Parameter, Ab, Wert, Begruendung string
	Vorschau                         *festlegung.Wechsel
}

func (s *Seite) recht(w http.ResponseWriter, r *http.Request, v vorhaben, refused error) {
	page := rechtsseite{Base: s.rahmen.Base(r, pfad, "recht.titel"), Vorhaben: v, Eingerichtet: s.Recht != nil}
	page.Hier = recht
	if err := s.fuelle(r, &page); err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	s.rahmen.SeiteStatus(w, r, s.gesetzes, status, page)
}

func (s *Seite) fuelle(r *http.Request, page *rechtsseite) (err error) {
	if s.Recht == nil {
		return nil
	}
	if page.Aussicht, err = s.Recht.Aussicht(); err != nil {
		return err
	}
	if page.Parameter, err = s.Recht.Parameter(); err != nil {
		return err
	}
	for _, err := range s.Recht.Stoerungen() {
		page.Stoerungen = append(page.Stoerungen, s.rahmen.FehlerAus(r, err))
	}
	page.Liste, err = s.Recht.Liste(r.Context())
	return err
}

// festlegen shows first what would change; only the second press lays it down.
func (s *Seite) festlegen(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	v := vorhaben{
		Parameter: f.Text("parameter"), Ab: f.Text("ab"), Wert: f.Text("wert"), Begruendung: f.Text("begruendung"),
	}
	ab, made := f.Tag("ab"), false
	user, err := s.rahmen.Wer(r)
	if err == nil {
		err = f.Err
	}
	if err == nil && s.Recht == nil {
		err = fault.New(fault.Unavailable, "W-411",
			"Festlegungen sind hier nicht eingerichtet – starten Sie Offizin neu.", nil)
	}
	if err == nil {
		a := workflow.Auftrag{Key: f.Text("key"), Actor: user}
		var p festlegung.Wechsel
		if p, err = s.Recht.Vorschau(a, v.Parameter, ab, v.Wert, v.Begruendung); err == nil {
			v.Vorschau = &p
		}
		if err == nil && f.Ja("festlegen") {
			made, err = true, s.Recht.Festlegen(r.Context(), a, v.Parameter, ab, v.Wert, v.Begruendung)
		}
	}
	switch {
	case err != nil && ui.WillJSON(r):
		s.rahmen.FehlerZeigen(w, r, err)
	case err == nil && made:
		http.Redirect(w, r, recht, http.StatusSeeOther)
	default:
		s.recht(w, r, v, err)
	}
}
