package web_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/integration/bonseite"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/kundenanzeige"
)

// mitAnzeige gives a shop a screen for customers; it has a printer that is not set up.
func mitAnzeige(t *testing.T, l *laden) {
	t.Helper()
	l.d.Kundenanzeige = kundenanzeige.New(l.Kern, kundenanzeige.Dienste{
		Verkauf: l.d.Verkauf, Drucker: l.d.Drucker,
		Packen: func(b quittung.Beleg) (string, error) { return bonseite.Aus(b).Packen() },
	})
	l.d.Bonseite = bonseite.Seite
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
}

// The screen shows the cart, what is due and the change, names nobody, and needs no login; the
// receipt is shown as code on request, there and on the page of the Bon.
func TestKundenanzeige(t *testing.T) {
	l, _, _ := mitDrucker(t)
	mitAnzeige(t, l)
	l.verkaufe(t)
	body := l.page(t, "/kundenanzeige")
	for _, want := range []string{"Vielen Dank!", "Demolol", "Zuzahlung", "der Kostenträger zahlt", `data-lage="bezahlt"`} {
		if !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if strings.Contains(body, "Erika") || strings.Contains(body, "<form") || strings.Contains(body, "Anna") {
		t.Error("the screen names somebody, or something can be done there")
	}
	if strings.Contains(l.page(t, "/bon/1-000001"), "Digitaler Bon") {
		t.Error("offered without a page")
	}
	if status, body, _ := l.post("/bon/1-000001/digital"); status < 400 || !strings.Contains(alert(body), "W-803") {
		t.Errorf("%d %s", status, alert(body))
	}
	status, body, _ := l.post("/verkauf/digital", "bon", "1-000001", "panel", "")
	if status < 400 || !strings.Contains(alert(body), "W-803") || !strings.Contains(body, `href="/bon/1-000001"`) {
		t.Errorf("%d %s", status, alert(body))
	}
	for _, bad := range []string{
		"http://www.a.de/", "https://www.a.de/#x", "https://www.a.de/?x", "https://a", "javascript:alert(1)", "https://ä.de/",
		"https://www.a.de/" + strings.Repeat("x", 100), "https://u:p@www.a.de/", "https://www.a.de/\"><b>",
	} {
		if status, body, _ := l.post("/einstellungen", "name", "A", "bonseite", bad); status < 400 || !strings.Contains(alert(body), "W-805") {
			t.Errorf("%s: %d %s", bad, status, alert(body))
		}
	}
	l.geht(t, "/einstellungen", "name", "Löwen-Apotheke", "bonseite", "https://www.loewen.example/bon.html")
	if status, file := l.get("/einstellungen/bonseite"); status != http.StatusOK || file != string(bonseite.Seite()) {
		t.Errorf("page %d", status)
	}
	if to := l.geht(t, "/bon/1-000001/digital"); to != "/bon/1-000001" {
		t.Errorf("leads to %s", to)
	}
	if body := l.page(t, "/bon/1-000001"); !strings.Contains(body, "digital gegeben") || !strings.Contains(body, "<svg") {
		t.Error("the page of the Bon does not show it")
	}
	part := l.page(t, "/kundenanzeige/stand")
	if !strings.Contains(part, `data-lage="digital"`) || !strings.Contains(part, "<svg") || strings.Contains(part, "<html") {
		t.Error(part)
	}
	l.geht(t, "/verkauf/digital", "bon", "1-000001")
	if body := l.page(t, "/verkauf?bon=1-000001"); !strings.Contains(body, "Der QR-Code steht jetzt auf der Kundenanzeige") {
		t.Error("the till does not say so")
	}
}

// Where rights are enforced, the screen needs no login all the same; another device never gets it.
func TestKundenanzeigeNurHier(t *testing.T) {
	g := oeffneGesichert(t)
	l, _, _ := mitDrucker(t)
	g.d.Drucker = l.d.Drucker
	mitAnzeige(t, g.laden)
	ask := func(far bool, path string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
		if far {
			r = r.WithContext(ui.MitFern(r.Context()))
		}
		w := httptest.NewRecorder()
		g.h.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for _, path := range []string{"/kundenanzeige", "/kundenanzeige/stand"} {
		if status, body := ask(false, path); status != http.StatusOK || !strings.Contains(body, `data-lage="ruht"`) {
			t.Errorf("%s: %d", path, status)
		}
		if status, body := ask(true, path); status != http.StatusForbidden || !strings.Contains(body, "W-806") {
			t.Errorf("%s from afar: %d", path, status)
		}
	}
}
