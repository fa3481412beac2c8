package katalog

import (
	"net/http"
	"net/url"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/katalogwahl"
)

// wahl is the page that says what a choice would change, and asks for a reason.
type wahl struct {
	kopf
	Vorschau katalogwahl.Vorschau
	Grund    string
}

// eingabe is the choice that a form or an address names.
func eingabe(f *ui.Form) katalogwahl.Eingabe {
	return katalogwahl.Eingabe{
		Art: catalogue.Wahlart(f.Text("art")), Katalog: f.Text("katalog"), Bezug: f.Text("bezug"), Grund: f.Text("grund"),
		Digest: f.Text("digest"),
	}
}

func (s *Seite) fragen(w http.ResponseWriter, r *http.Request) { s.frage(w, r, ui.Anfrage(r), nil) }

// frage shows the choice as it is now; after a refusal with what was typed.
func (s *Seite) frage(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	e := eingabe(f)
	page := wahl{kopf: s.kopf(r, "wahl", "katalog.wahl"), Grund: e.Grund}
	page.Hier = Pfad
	v, err := s.Wahl.Vorschau(r.Context(), e)
	if page.Vorschau = v; err == nil {
		err = f.Err
	}
	if refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.wahlen, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Seite) waehlen(w http.ResponseWriter, r *http.Request) {
	act := func(f *ui.Form, key, user string) (string, error) {
		e := eingabe(f)
		if f.Err != nil {
			return "", f.Err
		}
		_, err := s.Wahl.Waehlen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, e)
		return Pfad + "/verlauf", err
	}
	s.rahmen.Tat(w, r, act, func(f *ui.Form, refused error) { s.frage(w, r, f, refused) })
}

// verlauf is the page of the choices that were made.
type verlauf struct {
	kopf
	Wahlen []katalogwahl.Eintrag
}

func (s *Seite) verlaufen(w http.ResponseWriter, r *http.Request) {
	page := verlauf{kopf: s.kopf(r, "verlauf", "katalog.verlauf")}
	var err error
	page.Wahlen, err = s.Wahl.Verlauf(r.Context())
	s.rahmen.SeiteStatus(w, r, s.verlauf, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

// adresse is where a choice is asked for.
func adresse(art catalogue.Wahlart, katalog string) string {
	q := url.Values{"art": {string(art)}}
	if katalog != "" {
		q.Set("katalog", katalog)
	}
	return Pfad + "/wahl?" + q.Encode()
}
