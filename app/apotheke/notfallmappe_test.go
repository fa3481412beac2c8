package apotheke_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/integration/notfallmappe/mappetest"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// The page under Berichte: nothing is there yet; made by a press, it opens; nobody unnamed
// makes one; reading makes none.
func TestNotfallmappeSeite(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	liste(t, filepath.Join(dir, "katalog"), 20261115, 398)
	act := func(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }
	if err := a.Dienste.Haus.BenutzerSetzen(t.Context(), act("b"), haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Aktiv: true}); err != nil {
		t.Fatal(err)
	}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, user string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader("key=k"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "benutzer", Value: user})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	const page, file = "/berichte/notfallmappe", "/berichte/notfallmappe/datei"
	if w := ask(http.MethodGet, page, "AB"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Es gibt noch keine") ||
		strings.Contains(w.Body.String(), file) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(http.MethodGet, file, "AB"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "A-717") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(http.MethodPost, page, ""); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "V-001") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if s := a.Mappen.Stand(t.Context()); s.Tag != 0 {
		t.Fatalf("reading has made one: %+v", s)
	}
	if w := ask(http.MethodPost, page, "AB"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != file {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := ask(http.MethodGet, file, "AB")
	pages, err := mappetest.Seiten(w.Body.Bytes())
	if err != nil || len(pages) != 7 || !strings.Contains(pages[3], "IBU Demo") || w.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("%d pages, %v, %v", len(pages), err, w.Header())
	}
	if w := ask(http.MethodGet, page, "AB"); !strings.Contains(w.Body.String(), "Die neueste ist vom") || !bytes.Contains(w.Body.Bytes(), []byte(file)) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(http.MethodGet, "/berichte", "AB"); !bytes.Contains(w.Body.Bytes(), []byte(page)) {
		t.Error("the reports do not lead to it")
	}
}
