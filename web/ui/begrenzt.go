package ui

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// umgehbar reports whether a page that nobody needs a login for would let a user out of the page
// that he is held to.
func umgehbar(path string) bool {
	return path == strom || path == "/benutzer" || strings.HasPrefix(path, anzeige)
}

// darf reports whether a user may see a page.
func (b Benutzer) darf(path string) bool {
	return b.Nur == "" || path == b.Nur || strings.HasPrefix(path, b.Nur+"/") || path == "/benutzer"
}

// begrenzt answers a user who is held to one page. To another user he changes by PIN only: who
// has none is not to be taken for him.
func (s *Rahmen) begrenzt(w http.ResponseWriter, r *http.Request, wer Benutzer, next http.Handler) {
	if wer.Nur == "" || r.URL.Path == "/benutzer" && (!wer.PIN || s.mitPIN(r)) {
		next.ServeHTTP(w, r)
		return
	}
	s.FehlerZeigen(w, r, fault.New(fault.Denied, "T-721",
		"Mit dieser Rolle sehen Sie nur die Seite „Prüfung“ – wählen Sie sie links.", nil))
}

// Nach is where somebody goes who has just logged in: back to where he came from, if he may see it.
func (s *Rahmen) Nach(ctx context.Context, token, back string) string {
	if s.Anmeldung == nil {
		return back
	}
	kopf, err := s.Kopf(ctx)
	if err != nil {
		return back // the page itself will say why it cannot be shown
	}
	path, _, _ := strings.Cut(back, "?")
	if b, ok := find(kopf.Personal, s.Anmeldung.Wer(ctx, token, false)); ok && !b.darf(path) {
		return b.Nur
	}
	return back
}

// mitPIN reports whether the user that is changed to has a PIN.
func (s *Rahmen) mitPIN(r *http.Request) bool {
	kopf, err := s.Kopf(r.Context())
	if err != nil || r.ParseForm() != nil {
		return false
	}
	b, ok := find(kopf.Personal, strings.TrimSpace(r.Form.Get("kuerzel")))
	return ok && b.PIN
}

// nav is the navigation of a user.
func (s *Rahmen) nav(wer Benutzer) []Punkt {
	if wer.Nur == "" {
		return slices.DeleteFunc(slices.Clone(s.Nav), func(p Punkt) bool { return p.Verborgen })
	}
	return slices.DeleteFunc(slices.Clone(s.Nav), func(p Punkt) bool { return p.Pfad != wer.Nur })
}
