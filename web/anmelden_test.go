package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/anmeldung"
	"github.com/offizin/offizin/workflow/haus"
)

// gesichert is a shop whose Inhaber AB and PTA EF have a PIN; GH has none.
type gesichert struct {
	*laden
	keks map[string]string // of the browser
}

func oeffneGesichert(t *testing.T) *gesichert {
	t.Helper()
	l := oeffne(t)
	l.d.Anmeldung = anmeldung.New(l.Kern)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	for kuerzel, rolle := range map[string]string{"AB": "Inhaber", "EF": "PTA", "GH": "PKA"} {
		l.Must(l.d.Haus.BenutzerSetzen(l.Ctx, l.A(), haus.Benutzer{Kuerzel: kuerzel, Name: kuerzel, Rolle: rolle, Aktiv: true}))
	}
	l.Must(l.d.Anmeldung.PINSetzen(l.Ctx, l.A(), "EF", "715203"))
	l.Must(l.d.Anmeldung.PINSetzen(l.Ctx, l.A(), "AB", "493817"))
	return &gesichert{l, map[string]string{}}
}

// tu sends a request as the browser would, with its cookies, and keeps those it gets.
func (g *gesichert) tu(method, path string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{"key": {g.A().Key}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	body := ""
	if method == http.MethodPost {
		body = form.Encode()
	}
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range g.keks {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	g.h.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
			g.T.Errorf("cookie %s can be read or sent by others", c.Name)
		}
		if c.MaxAge < 0 {
			delete(g.keks, c.Name)
		} else {
			g.keks[c.Name] = c.Value
		}
	}
	return w
}

func (g *gesichert) wants(w *httptest.ResponseRecorder, status int, text string) {
	g.T.Helper()
	if w.Code != status || !strings.Contains(w.Body.String()+w.Header().Get("Location"), text) {
		g.T.Errorf("%d, %q; want %d with %q", w.Code, w.Header().Get("Location"), status, text)
	}
}

// The Kuerzel in a cookie, which anybody can write, is no login of who has a PIN.
func TestGefaelschterKeks(t *testing.T) {
	g := oeffneGesichert(t)
	g.keks["benutzer"] = "AB"
	g.wants(g.tu("GET", "/einstellungen"), http.StatusSeeOther, "/anmelden")
	g.wants(g.tu("POST", "/einstellungen", "name", "Meine"), http.StatusForbidden, "G-151")
	g.keks["sitzung"] = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
	g.wants(g.tu("POST", "/einstellungen", "name", "Meine"), http.StatusForbidden, "G-151")
	g.wants(g.tu("GET", "/kunden"), http.StatusSeeOther, "/anmelden")
	e, err := g.d.Haus.Einstellungen(g.Ctx)
	if err != nil || e.Name == "Meine" {
		t.Error("a forged cookie changed the settings")
	}
}

func TestAnmeldenUndSperre(t *testing.T) {
	g := oeffneGesichert(t)
	g.wants(g.tu("POST", "/benutzer", "kuerzel", "AB"), http.StatusSeeOther, "/anmelden?kuerzel=AB")
	g.wants(g.tu("POST", "/anmelden", "kuerzel", "AB", "pin", "000000"), http.StatusForbidden, "G-124")
	g.wants(g.tu("POST", "/anmelden", "kuerzel", "AB", "pin", "493817", "zurueck", "//boese.example"), http.StatusSeeOther, "/verkauf")
	g.wants(g.tu("GET", "/kunden"), http.StatusOK, "AB")
	old := g.keks["sitzung"]
	g.Uhr.Advance(91 * time.Second)
	if g.tu("GET", "/ampel").Header().Get("Offizin-Gesperrt") == "" {
		t.Error("the page is not told that the till is locked")
	}
	g.wants(g.tu("GET", "/kunden"), http.StatusSeeOther, "/anmelden")
	g.wants(g.tu("POST", "/anmelden", "kuerzel", "AB", "pin", "493817"), http.StatusSeeOther, "/verkauf")
	fresh := g.keks["sitzung"]
	g.keks["sitzung"] = old // replayed after the lock
	g.wants(g.tu("GET", "/kunden"), http.StatusSeeOther, "/anmelden")
	g.keks["sitzung"] = fresh
	g.tu("POST", "/anmelden", "kuerzel", "EF", "pin", "715203") // the next user: the session before ends
	g.keks["sitzung"] = fresh
	g.wants(g.tu("GET", "/kunden"), http.StatusSeeOther, "/anmelden")
}

// Where one person alone has a PIN, there is nothing to choose: the hands type the PIN at once.
func TestEinzigerMitPIN(t *testing.T) {
	g := oeffneGesichert(t)
	g.wants(g.tu("GET", "/anmelden"), http.StatusOK, `<select name="kuerzel" autofocus>`)
	g.wants(g.tu("GET", "/anmelden?kuerzel=AB"), http.StatusOK, `autocomplete="off" autofocus>`)
	g.Must(g.d.Haus.BenutzerSetzen(g.Ctx, g.A(), haus.Benutzer{Kuerzel: "EF", Name: "EF", Rolle: "PTA", Aktiv: false}))
	g.wants(g.tu("GET", "/anmelden"), http.StatusOK, `autocomplete="off" autofocus>`)
}

// Who has no PIN is chosen as ever, and does not inherit the session before.
func TestOhnePIN(t *testing.T) {
	g := oeffneGesichert(t)
	g.tu("POST", "/anmelden", "kuerzel", "AB", "pin", "493817")
	g.wants(g.tu("POST", "/benutzer", "kuerzel", "GH"), http.StatusSeeOther, "/verkauf")
	g.wants(g.tu("GET", "/kunden"), http.StatusOK, "<summary title")
	g.wants(g.tu("POST", "/einstellungen", "name", "Meine"), http.StatusForbidden, "G-111")
}

// Sensitive acts ask again after two minutes and keep what was typed; others do not.
func TestNochmalPIN(t *testing.T) {
	g := oeffneGesichert(t)
	g.tu("POST", "/anmelden", "kuerzel", "AB", "pin", "493817")
	g.Uhr.Advance(80 * time.Second)
	g.tu("GET", "/kunden")
	g.Uhr.Advance(80 * time.Second)
	w := g.tu("POST", "/einstellungen", "name", "Löwen")
	g.wants(w, http.StatusForbidden, `name="name" value="Löwen"`)
	g.wants(g.tu("POST", "/einstellungen", "name", "Löwen", "bestaetigung_pin", "715203"), http.StatusForbidden, "G-124")
	g.wants(g.tu("POST", "/einstellungen", "name", "Löwen", "bestaetigung_pin", "493817"), http.StatusSeeOther, "?gesichert=ja")
	g.wants(g.tu("GET", "/einstellungen?gesichert=ja"), http.StatusOK, "✓ Gesichert.")
	e, err := g.d.Haus.Einstellungen(g.Ctx)
	if err != nil || e.Name != "Löwen" {
		t.Errorf("%q, %v", e.Name, err)
	}
	g.tu("POST", "/anmelden", "kuerzel", "EF", "pin", "715203")
	g.wants(g.tu("POST", "/einstellungen", "name", "Meine"), http.StatusForbidden, "G-107")
}

func TestAusweisUndNotzugang(t *testing.T) {
	g := oeffneGesichert(t)
	g.tu("POST", "/anmelden", "kuerzel", "AB", "pin", "493817")
	badge, err := g.d.Anmeldung.AusweisAusgeben(g.Ctx, workflow.Auftrag{Key: "ausweis", Actor: "AB"}, "EF")
	g.Must(err)
	g.wants(g.tu("POST", "/anmelden/ausweis", "code", badge, "zurueck", "/lager"), http.StatusSeeOther, "/lager")
	g.wants(g.tu("GET", "/abzeichnen"), http.StatusOK, "Alles ist abgezeichnet")
	w := g.tu("POST", "/anmelden/ausweis", "code", "OA"+strings.Repeat("1", 30))
	g.wants(w, http.StatusForbidden, "G-125")
	if strings.Contains(w.Body.String(), "OA111") {
		t.Error("the page shows the code of a badge")
	}
	code, err := g.d.Anmeldung.NotschluesselAusstellen(g.Ctx, workflow.Auftrag{Key: "not", Actor: "AB"})
	g.Must(err)
	g.keks = map[string]string{}
	g.wants(g.tu("GET", "/anmelden/notzugang"), http.StatusOK, "Siegel")
	g.wants(g.tu("POST", "/anmelden/notzugang", "code", code), http.StatusSeeOther, "/verkauf")
	g.wants(g.tu("GET", "/einstellungen/anmeldung"), http.StatusOK, "Notschlüssel wurde benutzt")
	g.wants(g.tu("GET", "/einstellungen/anmeldung/protokoll?tag=23.11.2026"), http.StatusOK, "Notschlüssel benutzt")
	g.wants(g.tu("POST", "/anmelden/notzugang", "code", code), http.StatusForbidden, "G-126")
}
