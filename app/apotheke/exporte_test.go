package apotheke_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// Nothing is exported for nobody, also before anyone has a PIN: a page of somebody else could make
// the browser ask, and an Epson TSE signs nothing for minutes while it exports.
func TestExportFuerNiemanden(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	einrichten(t, a, dir+"/tse")
	act := workflow.Auftrag{Key: "b", Actor: "AB"}
	if err := a.Dienste.Haus.BenutzerSetzen(t.Context(), act, haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Aktiv: true}); err != nil {
		t.Fatal(err)
	}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"tse", "dsfinvk?von=1.11.2026&bis=30.11.2026"} {
		for _, cookie := range []string{"", "XX"} {
			r := httptest.NewRequest(http.MethodGet, "http://localhost/kassenbuch/export/"+path, http.NoBody)
			if cookie != "" {
				r.AddCookie(&http.Cookie{Name: "benutzer", Value: cookie})
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "V-001") {
				t.Errorf("%s for %q: %d %.300s", path, cookie, w.Code, w.Body)
			}
		}
	}
}
