package ui

import "net/http"

// Tat is an act of a page with forms: it reads the form, does the act under the key of
// the intent as the user of this browser, and leads on to the address the act returns, or to that
// from which the user is led through several pages.
// A refused act is shown by zeigen, which keeps what was typed.
func (s *Rahmen) Tat(
	w http.ResponseWriter, r *http.Request,
	act func(f *Form, key, user string) (string, error), zeigen func(f *Form, refused error),
) {
	f, err := Lesen(w, r)
	if err != nil {
		s.FehlerZeigen(w, r, err)
		return
	}
	user, err := s.Wer(r)
	to := ""
	if err == nil {
		to, err = act(f, f.Text("key"), user)
	}
	if on := weiter(r); err == nil && on != "" {
		to = on
	}
	switch {
	case err == nil && WillJSON(r):
		JSON(w, http.StatusOK, map[string]string{"pfad": to})
	case err == nil:
		http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // paths of ours only
	case WillJSON(r) || WillTeil(r):
		s.FehlerZeigen(w, r, err)
	default:
		zeigen(f, err)
	}
}

// Abgelehnt puts a refusal on a page and returns the status to answer with.
func (s *Rahmen) Abgelehnt(r *http.Request, b *Base, refused error) int {
	if b.Fehler = s.FehlerAus(r, refused); b.Fehler != nil {
		return b.Fehler.Status
	}
	return http.StatusOK
}
