package ui

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// sitzung is the cookie with the token of a session.
const sitzung = "sitzung"

// pinFeld is the field of the step-up; no other form has one of that name.
const pinFeld = "bestaetigung_pin"

// Anmeldung knows the sessions of this till.
type Anmeldung interface {
	Wer(ctx context.Context, token string, beruehrt bool) string
	Bestaetigt(token string) bool
	Bestaetigen(ctx context.Context, token, pin string) error
	Abmelden(token string)
}

// Token returns the token that a browser sent; empty: none.
func Token(r *http.Request) string {
	c, err := r.Cookie(sitzung)
	if err != nil {
		return ""
	}
	return c.Value
}

// SetzeToken gives the browser the token of a session, or takes it away if it is empty; the
// session it had before ends.
func (s *Rahmen) SetzeToken(w http.ResponseWriter, r *http.Request, token string) {
	if old := Token(r); old != "" && s.Anmeldung != nil {
		s.Anmeldung.Abmelden(old)
	}
	keks(w, r, sitzung, token)
	if token != "" {
		keks(w, r, cookie, "")
	}
}

func keks(w http.ResponseWriter, r *http.Request, name, value string) {
	c := &http.Cookie{ //nolint:gosec // Secure as soon as the till is reached by TLS
		Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// beruehrt reports whether somebody is at the keys: pages that look by themselves are not.
func beruehrt(r *http.Request) bool {
	still := r.URL.Path == "/ampel" || r.URL.Path == strom || r.Header.Get("Offizin-Still") != ""
	return !still || r.Header.Get("Offizin-Aktiv") != ""
}

// nachPIN leads to where the PIN is asked.
func (s *Rahmen) nachPIN(w http.ResponseWriter, r *http.Request, kuerzel, back string) {
	if WillJSON(r) {
		s.FehlerZeigen(w, r, fault.New(fault.Denied, "G-150",
			"Dieses Kürzel hat eine PIN – melden Sie sich mit PIN oder Ausweis an.", nil))
		return
	}
	q := url.Values{"kuerzel": {kuerzel}, "zurueck": {back}}
	http.Redirect(w, r, "/anmelden?"+q.Encode(), http.StatusSeeOther)
}

// sperren tells the script that the session has ended.
func (s *Rahmen) sperren(w http.ResponseWriter, r *http.Request) {
	if token := Token(r); token != "" && s.Anmeldung != nil && s.Anmeldung.Wer(r.Context(), token, beruehrt(r)) == "" {
		w.Header().Set("Offizin-Gesperrt", "1")
	}
}

// anzeige is the screen that faces the customer: who stands there sees it anyway. It is shown on
// the machine itself only.
const anzeige = "/kundenanzeige"

// offen reports whether a page may be seen by nobody: what logs in, and what names no patient.
func offen(path string) bool {
	return path == "/gesund" || path == "/ampel" || path == strom || path == "/benutzer" ||
		path == anzeige || strings.HasPrefix(path, anzeige+"/") ||
		strings.HasPrefix(path, "/static/") || path == "/anmelden" || strings.HasPrefix(path, "/anmelden/")
}

// Einlass stands before the pages: a locked till shows nothing, and sensitive acts ask for
// the PIN again.
func (s *Rahmen) Einlass(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if nurPIN(r) {
			s.nurMitPIN(w, r)
			return
		}
		if s.Anmeldung == nil && !Fern(r.Context()) || offen(r.URL.Path) && !umgehbar(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		kopf, err := s.Kopf(r.Context())
		if err != nil && Fern(r.Context()) {
			s.FehlerZeigen(w, r, err) // nobody knows who asks
			return
		}
		if err != nil {
			next.ServeHTTP(w, r) // the page says what is wrong with the journal
			return
		}
		s.einlassen(w, r, kopf, next)
	})
}

// einlassen shows a page to who may see it: a locked till shows nothing, sensitive acts ask
// for the PIN again.
func (s *Rahmen) einlassen(w http.ResponseWriter, r *http.Request, kopf Kopf, next http.Handler) {
	wer := s.wer(r, kopf)
	if !wer.darf(r.URL.Path) || offen(r.URL.Path) {
		s.begrenzt(w, r, wer, next)
		return
	}
	locked := wer.Kuerzel == "" && (kopf.Scharf || Token(r) != "" || Fern(r.Context()))
	switch {
	case locked && r.Method == http.MethodGet && !WillJSON(r) && !WillTeil(r):
		s.nachPIN(w, r, "", r.URL.RequestURI())
	case locked:
		s.FehlerZeigen(w, r, fault.New(fault.Denied, "G-151",
			"Der Platz ist gesperrt – melden Sie sich mit F1, PIN oder Ausweis an.", nil))
	case r.Method == http.MethodPost && wer.PIN && s.Heikel != nil && s.Heikel(r.URL.Path) && !s.bestaetigt(w, r):
	default:
		next.ServeHTTP(w, r)
	}
}

// bestaetigt reports whether the user proved lately who he is; else it asks.
func (s *Rahmen) bestaetigt(w http.ResponseWriter, r *http.Request) bool {
	f, err := Lesen(w, r)
	if err != nil {
		s.FehlerZeigen(w, r, err)
		return false
	}
	token := Token(r)
	pin := f.Werte.Get(pinFeld)
	r.Form.Del(pinFeld)
	if pin != "" {
		err = s.Anmeldung.Bestaetigen(r.Context(), token, pin)
	}
	if err == nil && s.Anmeldung.Bestaetigt(token) {
		return true
	}
	s.frage(w, r, f, err)
	return false
}

// frageseite asks for the PIN and keeps what was sent.
type frageseite struct {
	Base
	Ziel   string
	Felder []feld
	Datei  bool
}

type feld struct{ Name, Wert string }

func (s *Rahmen) frage(w http.ResponseWriter, r *http.Request, f *Form, refused error) {
	if WillJSON(r) || WillTeil(r) {
		if refused == nil {
			refused = fault.New(fault.Denied, "G-152",
				"Dafür wird die PIN noch einmal gebraucht – melden Sie sich neu an.", nil)
		}
		s.FehlerZeigen(w, r, refused)
		return
	}
	page := frageseite{Base: s.Base(r, "", "anmelden.bestaetigen"), Ziel: r.URL.RequestURI()}
	page.Datei = r.MultipartForm != nil
	for name, values := range f.Werte {
		for _, v := range values {
			page.Felder = append(page.Felder, feld{name, v})
		}
	}
	slices.SortFunc(page.Felder, func(a, b feld) int { return strings.Compare(a.Name, b.Name) })
	status := http.StatusForbidden
	if refused != nil {
		status = s.Abgelehnt(r, &page.Base, refused)
	}
	s.schreibe(w, r, s.frageseite, "seite", status, page)
}

func (s *Rahmen) parseFrage() (t *template.Template, err error) {
	return s.Parse(files, "bestaetigen.html")
}
