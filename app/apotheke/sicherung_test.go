package apotheke_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// The page of the backups: nothing is set up and nothing is wrong; nobody unnamed makes a
// code; the code comes as a sheet, once; with a folder the running program saves and tests by
// itself, and Störungen says so; a folder that goes is told.
func TestDatensicherungSeite(t *testing.T) {
	dir, ziel := t.TempDir(), t.TempDir()
	a := open(t, dir)
	act := workflow.Auftrag{Key: "b", Actor: "AB"}
	if err := a.Dienste.Haus.BenutzerSetzen(t.Context(), act, haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Aktiv: true}); err != nil {
		t.Fatal(err)
	}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, user string, pairs ...string) *httptest.ResponseRecorder {
		form := url.Values{"key": {"k"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "benutzer", Value: user})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	says := func(w *httptest.ResponseRecorder, status int, text string) {
		t.Helper()
		if w.Code != status || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%d, want %d and %q: %.600s", w.Code, status, text, w.Body)
		}
	}
	const page = "/stoerungen/datensicherung"
	says(ask(http.MethodGet, page, "AB"), http.StatusOK, "Ohne ihn wird nicht gesichert")
	says(ask(http.MethodGet, "/stoerungen", "AB"), http.StatusOK, "Es ist keine Datensicherung eingerichtet")
	says(ask(http.MethodPost, page+"/code", ""), http.StatusForbidden, "V-001")
	says(ask(http.MethodPost, page+"/ordner", "AB", "ordner", ziel), http.StatusNotFound, "D-100")
	sheet := ask(http.MethodPost, page+"/code", "AB")
	says(sheet, http.StatusOK, "%PDF-")
	if sheet.Header().Get("Cache-Control") != "no-store" {
		t.Error("a browser may keep the sheet")
	}
	says(ask(http.MethodPost, page+"/code", "AB"), http.StatusUnprocessableEntity, "D-137")
	says(ask(http.MethodPost, page+"/code/pruefen", "AB", "code", "ABCDE FGHJK"), http.StatusUnprocessableEntity, "D-110")
	says(ask(http.MethodPost, page+"/ordner", "AB", "ordner", ziel+"-nicht"), http.StatusServiceUnavailable, "D-101")
	says(ask(http.MethodPost, page+"/ordner", "AB", "ordner", ziel), http.StatusSeeOther, "")

	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		a.Sicherung.Laufen(ctx, slog.New(slog.DiscardHandler))
		close(ended)
	}()
	defer func() {
		end()
		<-ended
	}()
	wait := func(what string, done func() bool) {
		t.Helper()
		for range 500 {
			if done() {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatalf("%s: %+v", what, a.Sicherung.Stand())
	}
	wait("saved and tested", func() bool { return !a.Sicherung.Stand().Geprueft.IsZero() && a.Sicherung.Stand().Laeuft == "" })
	says(ask(http.MethodGet, "/stoerungen", "AB"), http.StatusOK, "; die Wiederherstellung ist am ")
	if err := os.Remove(filepath.Join(ziel, "offizin-"+a.Sicherung.Kennung()+".ziel")); err != nil {
		t.Fatal(err)
	}
	says(ask(http.MethodPost, page, "AB"), http.StatusSeeOther, "")
	wait("another medium", func() bool { return strings.Contains(a.Sicherung.Stand().Fehler, "D-106") })
	wait("no longer under way", func() bool { return a.Sicherung.Stand().Laeuft == "" })
	says(ask(http.MethodGet, "/stoerungen", "AB"), http.StatusOK, "D-130")
	says(ask(http.MethodGet, page, "AB"), http.StatusOK, "D-106")
}
