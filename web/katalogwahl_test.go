package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// katalogseite is a whole pharmacy on disk on the 23.11.2026, with the pages of its catalogue.
type katalogseite struct {
	*testing.T
	http.Handler
	dir string
}

func oeffneKatalog(t *testing.T) *katalogseite {
	t.Helper()
	k := &katalogseite{T: t, dir: t.TempDir()}
	a, err := apotheke.Open(t.Context(), apotheke.Options{
		Dir: k.dir, Clock: clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	err = a.Dienste.Haus.BenutzerSetzen(t.Context(), workflow.Auftrag{Key: "ab", Actor: "X"},
		haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Aktiv: true})
	if err == nil {
		k.Handler, err = a.Handler()
	}
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *katalogseite) baue(ab civil.Day, haelt bool) string {
	k.Helper()
	q := catalogue.QuelleAus([]catalogue.Zeile{{Artikel: ware("IBU "+ab.String(), 100, 398)}}, nil)
	m := catalogue.Manifest{Quelle: "test " + boese, GueltigAb: ab}
	m, err := generation.Build(k.Context(), filepath.Join(k.dir, "katalog"), m, q, nil,
		generation.Geprueft(func(context.Context, *generation.Generation) (generation.Urteil, error) {
			return generation.Urteil{Bericht: "Prüfbericht " + boese + "\n", Hindert: haelt}, nil
		}))
	if err != nil && !haelt {
		k.Fatal(err)
	}
	return m.ID
}

// hol gets a page as AB.
func (k *katalogseite) hol(path string) (status int, body string) {
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
	r.AddCookie(&http.Cookie{Name: "benutzer", Value: "AB"})
	w := httptest.NewRecorder()
	k.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// sende posts the choice that a page shows, with what somebody types; wer may be nobody.
func (k *katalogseite) sende(body, wer string, pairs ...string) (status int, answer, to string) {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "http://localhost/katalog/wahl", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "benutzer", Value: wer})
	w := httptest.NewRecorder()
	k.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header().Get("Location")
}

// enthaelt fails for each text that a page does not show.
func (k *katalogseite) enthaelt(body string, list ...string) {
	k.Helper()
	for _, want := range list {
		if !strings.Contains(body, want) {
			k.Errorf("no %q in %s", want, body)
		}
	}
}

// From the report of a held list to its release, and back by the history: each step says
// what will change, asks for a reason, and is there to be undone.
func TestKatalogFreigebenUndUmkehren(t *testing.T) {
	k := oeffneKatalog(t)
	nov := k.baue(20261115, false)
	held := k.baue(20261120, true)
	_, body := k.hol("/katalog/verlauf")
	k.enthaelt(body, "Noch hat niemand von Hand gewählt")
	_, body = k.hol("/katalog/" + held)
	k.enthaelt(body, "Prüfbericht &lt;script&gt;", "Trotzdem freigeben", `data-taste="F8"`)
	ask := "/katalog/wahl?art=aktiviert&katalog=" + held
	k.enthaelt(body, strings.ReplaceAll(ask, "&", "&amp;"))

	_, body = k.hol(ask)
	k.enthaelt(body, "trotz der Fehler freigeben?", "Heute gilt", nov, "Danach gilt ab sofort", held)
	if status, answer, _ := k.sende(body, "AB", "grund", "  "); status != http.StatusUnprocessableEntity ||
		!strings.Contains(alert(answer), "A-735") || !strings.Contains(answer, `name="digest"`) {
		t.Errorf("without a reason: %d %s", status, alert(answer))
	}
	if status, answer, _ := k.sende(body, "", "grund", "stimmt"); status != http.StatusForbidden {
		t.Errorf("by nobody: %d %s", status, alert(answer))
	}
	if status, answer, _ := k.sende(body, "AB", "grund", "stimmt", "digest", "alt"); status != http.StatusConflict ||
		!strings.Contains(alert(answer), "A-734") || !strings.Contains(answer, `value="stimmt"`) {
		t.Errorf("shown otherwise: %d %s", status, alert(answer))
	}
	if status, answer, to := k.sende(body, "AB", "grund", "Hersteller "+boese); status != http.StatusSeeOther || to != "/katalog/verlauf" {
		t.Fatalf("%d %s %s", status, to, alert(answer))
	}
	_, body = k.hol("/katalog/verlauf")
	k.enthaelt(body, "Anna Berg", "freigegeben", "Hersteller &lt;script&gt;", "15.11.2026", "20.11.2026", "Rückgängig")
	_, list := k.hol("/katalog")
	if !regexp.MustCompile(held + `.*gilt heute`).MatchString(list) {
		t.Error(list)
	}

	undo := regexp.MustCompile(`/katalog/wahl\?art=rueckgaengig&amp;bezug=([0-9a-f]+)`).FindStringSubmatch(body)
	_, body = k.hol("/katalog/wahl?art=rueckgaengig&bezug=" + undo[1])
	k.enthaelt(body, "rückgängig machen?", "Danach gilt ab sofort", nov)
	if status, answer, _ := k.sende(body, "AB", "grund", "doch nicht"); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, alert(answer))
	}
	if _, list = k.hol("/katalog"); !regexp.MustCompile(nov + `.*gilt heute`).MatchString(list) {
		t.Error(list)
	}
	if status, body := k.hol("/katalog/wahl?art=rueckgaengig&bezug=" + undo[1]); status != http.StatusConflict || !strings.Contains(body, "A-731") {
		t.Errorf("twice: %d %s", status, alert(body))
	}
}

// What cannot be chosen is refused with a sentence, and no form is shown for it.
func TestKatalogWahlUnsinn(t *testing.T) {
	k := oeffneKatalog(t)
	nov := k.baue(20261115, false)
	for query, want := range map[string]string{
		"art=zurueckgenommen": "A-626", "art=aktiviert&katalog=" + nov: "A-732", "art=aktiviert&katalog=..%2Fx": "A-418",
		"art=rueckgaengig&bezug=x": "A-733", "art=unsinn": "A-737", "": "A-737",
	} {
		status, body := k.hol("/katalog/wahl?" + query)
		if status < 400 || !strings.Contains(alert(body), want) || strings.Contains(body, `name="digest"`) {
			t.Errorf("%s: %d %s", query, status, alert(body))
		}
	}
}
