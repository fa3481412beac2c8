package apotheke_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// The page of the TSE: none is set up; a simulated one is; another one that does not answer leaves
// the first one signing; secrets lie in a file for its owner only and are never shown; a real
// pharmacy gets no simulator.
func TestTSESeite(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	act := workflow.Auftrag{Key: "b", Actor: "AB"}
	if err := a.Dienste.Haus.BenutzerSetzen(t.Context(), act, haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Aktiv: true}); err != nil {
		t.Fatal(err)
	}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, status int, text string, pairs ...string) string {
		t.Helper()
		form := url.Values{"key": {"k" + strings.Join(pairs, "")}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "benutzer", Value: "AB"})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != status || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %d, want %d and %q: %.900s", path, w.Code, status, text, w.Body)
		}
		return w.Body.String()
	}
	ask(http.MethodGet, "/tse", http.StatusOK, "Es ist keine TSE eingerichtet")
	ask(http.MethodGet, "/kassenbuch/export/tse", http.StatusNotFound, "T-603")
	ask(http.MethodGet, "/stoerungen", http.StatusOK, "Es ist keine TSE eingerichtet: nur zum Üben.")
	ask(http.MethodPost, "/tse/einrichten", http.StatusUnprocessableEntity, "T-205", "treiber", "blech")
	ask(http.MethodPost, "/tse/einrichten", http.StatusSeeOther, "", "treiber", "simulator", "admin_pin", "geheim-4711")
	first := ask(http.MethodGet, "/tse", http.StatusOK, "✓ signiert")
	ask(http.MethodGet, "/tse?neu=ja", http.StatusOK, "Die TSE ist eingerichtet") // where setting it up leads
	ask(http.MethodGet, "/kassenbuch/export", http.StatusOK, "DSFinV-K holen")
	ask(http.MethodGet, "/kassenbuch/export/tse", http.StatusOK, "info.csv")
	ask(http.MethodGet, "/kassenbuch/export/dsfinvk?von=1.11.2026&bis=30.11.2026", http.StatusNotFound, "T-403")
	ask(http.MethodGet, "/kassenbuch/export/dsfinvk?von=31.11.2026&bis=30.11.2026", http.StatusUnprocessableEntity, "")
	if strings.Contains(first, "4711") {
		t.Error("the page shows a PIN")
	}
	if info, err := os.Stat(filepath.Join(dir, anschluss.Datei)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	ask(http.MethodPost, "/tse/einrichten", http.StatusUnprocessableEntity, "T-205", "treiber", "blech")
	ask(http.MethodGet, "/tse", http.StatusOK, "✓ signiert")
	if cfg, _, err := anschluss.Lesen(dir); err != nil || cfg.Treiber != "simulator" || cfg.AdminPIN != "geheim-4711" {
		t.Errorf("%+v %v", cfg, err)
	}
	e, err := a.Dienste.Haus.Einstellungen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e.Name, e.Produktiv, e.ERezeptDatei = "Linden-Apotheke", true, false
	if err := a.Dienste.Haus.Setzen(t.Context(), workflow.Auftrag{Key: "p", Actor: "AB"}, e); err != nil {
		t.Fatal(err)
	}
	ask(http.MethodPost, "/tse/einrichten", http.StatusForbidden, "T-201", "treiber", "simulator")
	if err := a.TSEAnschliessen(t.Context(), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a real pharmacy starts with a simulator")
	}
}

// Who sets a TSE up is somebody, as with every other setting, also before the first PIN: nobody, or
// another device where nobody has logged in, reaches no TSE and changes no line of its settings. From
// the first PIN of an Inhaber on it is his, and a Kuerzel that is called as the program opens nothing.
func TestTSEWerDarf(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	setze := func(who string, far bool, status int, code string) {
		t.Helper()
		n++
		form := url.Values{"key": {"k" + strconv.Itoa(n)}, "treiber": {"simulator"}, "admin_pin": {"geheim-" + strconv.Itoa(n)}}
		r := httptest.NewRequest(http.MethodPost, "http://localhost/tse/einrichten", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "benutzer", Value: who})
		if far {
			r = r.WithContext(ui.MitFern(r.Context()))
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != status || !strings.Contains(w.Body.String(), code) {
			t.Errorf("by %q: %d, want %d %s: %.600s", who, w.Code, status, code, w.Body)
		}
	}
	setze("", false, http.StatusForbidden, "V-001") // a new pharmacy begins with its first person
	setze("", true, http.StatusForbidden, "G-151")
	if _, err := os.Stat(filepath.Join(dir, "tse")); !os.IsNotExist(err) {
		t.Errorf("nobody reached a TSE: %v", err)
	}
	act := func(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }
	for key, b := range map[string]haus.Benutzer{
		"b1": {Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true},
		"b2": {Kuerzel: "system", Name: "Sys Tem", Rolle: "PKA", Aktiv: true},
	} {
		if err := a.Dienste.Haus.BenutzerSetzen(t.Context(), act(key), b); err != nil {
			t.Fatal(err)
		}
	}
	setze("AB", false, http.StatusSeeOther, "")
	before, _, err := anschluss.Lesen(dir)
	if err != nil {
		t.Fatal(err)
	}
	setze("", false, http.StatusForbidden, "V-001") // the same TSE, with other secrets
	setze("AB", true, http.StatusForbidden, "G-151")
	if err := a.Dienste.Anmeldung.PINSetzen(t.Context(), act("p"), "AB", "493817"); err != nil {
		t.Fatal(err)
	}
	setze("AB", false, http.StatusForbidden, "G-151")
	setze("system", false, http.StatusForbidden, "G-111")
	if after, _, err := anschluss.Lesen(dir); err != nil || after != before {
		t.Errorf("settings changed: %+v, %v", after, err)
	}
}
