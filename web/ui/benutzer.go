package ui

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/offizin/offizin/internal/fault"
)

const cookie = "benutzer"

// wer returns who uses this browser: somebody of the staff, or nobody. Who has a PIN is
// known by the token of a session only; the Kuerzel alone names who has none.
func (s *Rahmen) wer(r *http.Request, kopf Kopf) Benutzer {
	if token := Token(r); token != "" && s.Anmeldung != nil {
		if b, ok := find(kopf.Personal, s.Anmeldung.Wer(r.Context(), token, beruehrt(r))); ok {
			return b
		}
	}
	c, err := r.Cookie(cookie)
	if err != nil || Fern(r.Context()) {
		return Benutzer{}
	}
	if b, _ := find(kopf.Personal, c.Value); !b.PIN {
		return b
	}
	return Benutzer{}
}

func find(staff []Benutzer, kuerzel string) (Benutzer, bool) {
	for _, b := range staff {
		if strings.EqualFold(b.Kuerzel, kuerzel) {
			return b, true
		}
	}
	return Benutzer{}, false
}

// Wer returns the Kuerzel of the user; empty if nobody is chosen.
func (s *Rahmen) Wer(r *http.Request) (string, error) {
	kopf, err := s.Kopf(r.Context())
	return s.wer(r, kopf).Kuerzel, err
}

// Routes answers what belongs to the frame.
func (s *Rahmen) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /benutzer", s.wechseln)
	mux.HandleFunc("GET /ampel", func(w http.ResponseWriter, r *http.Request) {
		s.sperren(w, r)
		s.Teil(w, r, s.layout, "ampel", http.StatusOK, Base{Zeit: s.zeit(), Ampel: s.Ampel(r.Context())})
	})
	mux.Handle("GET /static/", http.StripPrefix("/static/", s.statisch()))
}

// wechseln changes the user of this browser.
func (s *Rahmen) wechseln(w http.ResponseWriter, r *http.Request) {
	f, err := Lesen(w, r)
	if err != nil {
		s.FehlerZeigen(w, r, err)
		return
	}
	kopf, err := s.Kopf(r.Context())
	if err != nil {
		s.FehlerZeigen(w, r, err)
		return
	}
	b, ok := find(kopf.Personal, f.Text("kuerzel"))
	if !ok && slices.ContainsFunc(kopf.Wartend, func(k string) bool { return strings.EqualFold(k, f.Text("kuerzel")) }) {
		s.FehlerZeigen(w, r, fault.New(fault.Denied, "D-721",
			"Solange ein Prüfer zugelassen ist, arbeitet hier nur, wer eine PIN hat – der Inhaber gibt Ihnen eine.", f.Err))
		return
	}
	if !ok {
		s.FehlerZeigen(w, r, fault.New(fault.NotFound, "W-113",
			"Dieses Kürzel gehört zu niemandem, der hier arbeitet – wählen Sie eines aus der Liste.", f.Err))
		return
	}
	back := Eigener(f.Werte.Get("zurueck"))
	if b.PIN || Fern(r.Context()) {
		s.nachPIN(w, r, b.Kuerzel, back)
		return
	}
	s.Waehlen(w, r, b.Kuerzel)
	if WillJSON(r) {
		JSON(w, http.StatusOK, map[string]string{"benutzer": b.Kuerzel})
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// Waehlen makes somebody without a PIN the user of this browser.
func (s *Rahmen) Waehlen(w http.ResponseWriter, r *http.Request, kuerzel string) {
	s.SetzeToken(w, r, "")
	keks(w, r, cookie, kuerzel)
}

// Eigener returns a path of ours to go back to; foreign addresses become the till, also those that
// a browser makes foreign: it takes a backslash for a slash, and leaves out tabs and line ends.
func Eigener(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "\\") ||
		strings.ContainsFunc(path, unicode.IsControl) {
		return "/verkauf"
	}
	return path
}

// statisch serves style sheet and script; their address names their version.
func (s *Rahmen) statisch() http.Handler {
	next := http.FileServerFS(s.Files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" || strings.HasSuffix(r.URL.Path, "/") || strings.HasSuffix(r.URL.Path, ".go") {
			s.FehlerZeigen(w, r, keineSeite())
			return
		}
		if r.URL.RawQuery == "v="+s.version {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		next.ServeHTTP(w, r)
	})
}
