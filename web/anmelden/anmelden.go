// Package anmelden is the pages of logging in, of users' PINs, badges and permits, of
// dispensings that wait for a signature, and of the audit.
package anmelden

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	dienst "github.com/offizin/offizin/workflow/anmeldung"
)

//go:embed *.html
var files embed.FS

const (
	einstellungen = "/einstellungen"
	verwaltung    = einstellungen + "/anmeldung"
	abzeichnen    = "/abzeichnen"
)

// Seite shows them.
type Seite struct {
	rahmen *ui.Rahmen
	dienst *dienst.Service
	seiten map[string]*template.Template
}

// New returns the pages.
func New(r *ui.Rahmen, d *dienst.Service) (*Seite, error) {
	s := &Seite{rahmen: r, dienst: d, seiten: map[string]*template.Template{}}
	for _, name := range []string{"anmelden", "notzugang", "verwaltung", "code", "abzeichnen", "protokoll"} {
		t, err := r.Parse(files, name+".html")
		if err != nil {
			return nil, err
		}
		s.seiten[name] = t
	}
	return s, nil
}

// Routes registers the addresses.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /anmelden", func(w http.ResponseWriter, r *http.Request) { s.maske(w, r, "anmelden", nil) })
	mux.HandleFunc("POST /anmelden", s.pin)
	mux.HandleFunc("POST /anmelden/ausweis", s.ausweis)
	mux.HandleFunc("GET /anmelden/notzugang", func(w http.ResponseWriter, r *http.Request) {
		s.maske(w, r, "notzugang", nil)
	})
	mux.HandleFunc("POST /anmelden/notzugang", s.notzugang)
	mux.HandleFunc("POST /anmelden/ende", s.ende)
	mux.HandleFunc("GET /abzeichnen", func(w http.ResponseWriter, r *http.Request) { s.offene(w, r, nil) })
	mux.HandleFunc("POST /abzeichnen", s.abzeichnen)
	mux.HandleFunc("GET /einstellungen/anmeldung", func(w http.ResponseWriter, r *http.Request) {
		s.verwaltung(w, r, nil)
	})
	mux.HandleFunc("POST /einstellungen/anmeldung/pin",
		s.tat(func(r *http.Request, f *ui.Form, a workflow.Auftrag) error {
			return s.dienst.PINSetzen(r.Context(), a, f.Text("kuerzel"), f.Text("pin"))
		}))
	mux.HandleFunc("POST /einstellungen/anmeldung/entziehen",
		s.tat(func(r *http.Request, f *ui.Form, a workflow.Auftrag) error {
			return s.dienst.AusweisEntziehen(r.Context(), a, f.Text("kuerzel"))
		}))
	mux.HandleFunc("POST /einstellungen/anmeldung/erlaubnis", s.tat(s.erteilen))
	mux.HandleFunc("POST /einstellungen/anmeldung/widerruf",
		s.tat(func(r *http.Request, f *ui.Form, a workflow.Auftrag) error {
			return s.dienst.Widerrufen(r.Context(), a, f.Text("id"))
		}))
	mux.HandleFunc("POST /einstellungen/anmeldung/ausweis", s.code("anmelden.ausweis",
		func(r *http.Request, f *ui.Form, a workflow.Auftrag) (string, error) {
			return s.dienst.AusweisAusgeben(r.Context(), a, f.Text("kuerzel"))
		}))
	mux.HandleFunc("POST /einstellungen/anmeldung/notschluessel", s.code("anmelden.notschluessel",
		func(r *http.Request, _ *ui.Form, a workflow.Auftrag) (string, error) {
			return s.dienst.NotschluesselAusstellen(r.Context(), a)
		}))
	mux.HandleFunc("GET /einstellungen/anmeldung/protokoll", s.protokoll)
}

// maske is the page of a login.
type maske struct {
	ui.Base
	Kuerzel, Zurueck string
}

func (s *Seite) maske(w http.ResponseWriter, r *http.Request, name string, refused error) {
	_ = r.ParseForm() // what cannot be read is empty
	page := maske{
		Base: s.rahmen.Base(r, "", "anmelden.titel"), Kuerzel: r.Form.Get("kuerzel"),
		Zurueck: ui.Eigener(r.Form.Get("zurueck")),
	}
	if page.Kuerzel == "" {
		page.Kuerzel = einziger(page.Kopf.Personal)
	}
	page.Hier = page.Zurueck
	s.rahmen.SeiteStatus(w, r, s.seiten[name], s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

// einziger is who alone has a PIN; "" if there are several or none.
func einziger(staff []ui.Benutzer) (kuerzel string) {
	for _, b := range staff {
		switch {
		case !b.PIN:
		case kuerzel != "":
			return ""
		default:
			kuerzel = b.Kuerzel
		}
	}
	return kuerzel
}

func (s *Seite) pin(w http.ResponseWriter, r *http.Request) {
	s.einlass(w, r, "anmelden", func(f *ui.Form) (string, error) {
		return s.dienst.Anmelden(r.Context(), f.Text("kuerzel"), f.Text("pin"))
	})
}

func (s *Seite) ausweis(w http.ResponseWriter, r *http.Request) {
	s.einlass(w, r, "anmelden", func(f *ui.Form) (string, error) {
		token, _, err := s.dienst.Ausweis(r.Context(), f.Text("code"))
		return token, err
	})
}

func (s *Seite) notzugang(w http.ResponseWriter, r *http.Request) {
	s.einlass(w, r, "notzugang", func(f *ui.Form) (string, error) {
		token, _, err := s.dienst.Notzugang(r.Context(), f.Text("code"))
		return token, err
	})
}

// einlass lets in who has proven who he is, with a fresh token.
func (s *Seite) einlass(w http.ResponseWriter, r *http.Request, name string, login func(*ui.Form) (string, error)) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	token, err := login(f)
	switch {
	case err != nil && ui.WillJSON(r):
		s.rahmen.FehlerZeigen(w, r, err)
	case err != nil:
		s.maske(w, r, name, err)
	default:
		s.rahmen.SetzeToken(w, r, token)
		to := s.rahmen.Nach(r.Context(), token, ui.Eigener(f.Werte.Get("zurueck")))
		http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // paths of ours only
	}
}

func (s *Seite) ende(w http.ResponseWriter, r *http.Request) {
	s.rahmen.SetzeToken(w, r, "")
	http.Redirect(w, r, "/anmelden", http.StatusSeeOther)
}

// offeneSeite lists the dispensings that wait for a signature.
type offeneSeite struct {
	ui.Base
	Liste []dienst.Offen
}

func (s *Seite) offene(w http.ResponseWriter, r *http.Request, refused error) {
	list, err := s.dienst.Offene(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := offeneSeite{Base: s.rahmen.Base(r, "", "anmelden.abzeichnen"), Liste: list}
	page.Hier = abzeichnen
	s.rahmen.SeiteStatus(w, r, s.seiten["abzeichnen"], s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

func (s *Seite) abzeichnen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, _ string) (string, error) {
		return abzeichnen, s.dienst.Abzeichnen(r.Context(), key, f.Text("bon"), f.Text("kuerzel"), f.Text("pin"))
	}, func(_ *ui.Form, refused error) { s.offene(w, r, refused) })
}

// verwaltungSeite is the page of PINs, badges and permits.
type verwaltungSeite struct {
	ui.Base
	Lage        dienst.Lage
	Erlaubnisse []dienst.Erlaubnis
	Arten       []berechtigung.Art
}

func (s *Seite) verwaltung(w http.ResponseWriter, r *http.Request, refused error) {
	lage, err := s.dienst.Lage(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	permits, err := s.dienst.Erlaubnisse(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page := verwaltungSeite{
		Base: s.rahmen.Base(r, einstellungen, "anmelden.verwaltung"), Lage: lage, Erlaubnisse: permits,
		Arten: berechtigung.Arten(),
	}
	page.Hier = verwaltung
	s.rahmen.SeiteStatus(w, r, s.seiten["verwaltung"], s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

type tat = func(*http.Request, *ui.Form, workflow.Auftrag) error

func (s *Seite) tat(do tat) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
			err := do(r, f, workflow.Auftrag{Key: key, Actor: user})
			if f.Err != nil {
				err = f.Err
			}
			return verwaltung, err
		}, func(_ *ui.Form, refused error) { s.verwaltung(w, r, refused) })
	}
}

func (s *Seite) erteilen(r *http.Request, f *ui.Form, a workflow.Auftrag) error {
	p := berechtigung.Erlaubnis{
		Art: berechtigung.Art(f.Text("art")), Ab: f.Tag("ab"), Bis: f.Tag("bis"), Dokument: f.Text("dokument"),
		Datum: f.Tag("datum"), Grenze: f.Geld("grenze"),
	}
	if f.Err != nil {
		return f.Err
	}
	return s.dienst.Erteilen(r.Context(), a, f.Text("kuerzel"), p)
}

// codeSeite shows a code this once.
type codeSeite struct {
	ui.Base
	Kuerzel, Code string
	Bild          template.HTML // the code as a QR code, for a scanner
}

func (s *Seite) code(
	titel string, do func(*http.Request, *ui.Form, workflow.Auftrag) (string, error),
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := ui.Lesen(w, r)
		if err != nil {
			s.rahmen.FehlerZeigen(w, r, err)
			return
		}
		user, err := s.rahmen.Wer(r)
		code := ""
		if err == nil {
			code, err = do(r, f, workflow.Auftrag{Key: f.Text("key"), Actor: user})
		}
		if err != nil {
			s.verwaltung(w, r, err)
			return
		}
		page := codeSeite{Base: s.rahmen.Base(r, einstellungen, titel), Kuerzel: f.Text("kuerzel")}
		page.Code = code
		svg, err := ui.QR(code)
		if err != nil {
			s.rahmen.FehlerZeigen(w, r, err)
			return
		}
		page.Bild = template.HTML(svg) //nolint:gosec // drawn by us from letters and digits of ours
		page.Hier = verwaltung
		if page.Kuerzel == "" {
			page.Kuerzel = user
		}
		s.rahmen.Seite(w, r, s.seiten["code"], page)
	}
}

// protokollSeite is the audit of a day.
type protokollSeite struct {
	ui.Base
	Tag   civil.Day
	Wer   string
	Liste []anmeldung.Vermerk
}

func (s *Seite) protokoll(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	page := protokollSeite{Base: s.rahmen.Base(r, einstellungen, "anmelden.protokoll"), Wer: f.Text("wer")}
	page.Tag = f.Tag("tag")
	err := f.Err
	if err == nil {
		page.Liste, err = s.dienst.Vermerke(r.Context(), page.Tag, page.Wer)
	}
	s.rahmen.SeiteStatus(w, r, s.seiten["protokoll"], s.rahmen.Abgelehnt(r, &page.Base, err), page)
}
