package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/inbetriebnahme"
	"github.com/offizin/offizin/workflow/kassenmeldung"
)

// bereitschaft is a shop with the page of a new till.
func bereitschaft(t *testing.T) *laden {
	t.Helper()
	l := buchladen(t)
	l.einzurichten()
	return l
}

func (l *laden) einzurichten() {
	l.T.Helper()
	l.d.Inbetriebnahme = inbetriebnahme.New(l.Kern, inbetriebnahme.Dienste{Kassenmeldung: kassenmeldung.New(l.Kern, "Offizin 1")})
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
}

// The page says what is there and what is next; what is put off stays so, and what the law asks for
// is refused. The Ampel says it, and a sale goes on.
func TestInbetriebnahmeSeite(t *testing.T) {
	l := bereitschaft(t)
	const page = "/einstellungen/inbetriebnahme"
	l.zeigt(page, "1 · Angaben zur Apotheke", "Es fehlt: Inhaber", "fehlt (Pflicht)", "Inbetriebnahme offen")
	l.zeigt(page+"?nach=tse", "4 · Bondrucker und Schublade")
	if _, body, to := l.post(page, "schritt", "bondrucker", "ja", "ja"); to != page+"?nach=bondrucker" {
		t.Error(alert(body))
	}
	l.zeigt(page+"?nach=tse", "5 · Kartenterminal", "zurückgestellt", "doch nicht")
	l.zeigt(page+"?nach=bondrucker", "Einzurichten ist nichts", "Von Hand eintippen", "offizin demo --karten")
	if _, body, to := l.post(page, "schritt", "kartenterminal", "ja", "ja"); to != page+"?nach=kartenterminal" {
		t.Error(alert(body))
	}
	l.zeigt(page, "am Kartenleser von Hand eingetippt")
	if status, body, _ := l.post(page, "schritt", "tse", "ja", "ja"); status != http.StatusUnprocessableEntity || !strings.Contains(alert(body), "T-950") {
		t.Errorf("%d %s", status, alert(body))
	}
	if status, body, _ := l.post(page+"/erste", "kuerzel", "XY", "name", "Xaver"); status != http.StatusConflict || !strings.Contains(alert(body), "T-951") {
		t.Errorf("%d %s", status, alert(body))
	}
	if status, body, _ := l.post("/verkauf/scan", "text", "01126111"); status != http.StatusSeeOther {
		t.Errorf("a sale is stopped: %d %s", status, alert(body))
	}
}

// Who is led comes back: after the act, after a refusal, with Esc; but to pages of ours only.
func TestInbetriebnahmeFuehrtZurueck(t *testing.T) {
	l := bereitschaft(t)
	const back = "/einstellungen/inbetriebnahme?nach=apotheke"
	l.zeigt("/einstellungen?weiter="+url.QueryEscape(back), `href="`+back+`" data-taste="Escape"`, `name="weiter" value="`+back+`"`)
	l.zeigt("/einstellungen/rechner?weiter="+url.QueryEscape(back), `href="`+back+`" data-taste="Escape"`) // nothing of its own for Esc
	if status, body, _ := l.post("/einstellungen", "name", "", "weiter", back); status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="`+back+`"`) {
		t.Errorf("%d %s", status, alert(body))
	}
	if _, body, to := l.post("/einstellungen", "name", "Löwen-Apotheke", "strasse", "Markt 1", "plz", "12345", "ort", "Stadt",
		"steuernummer", "12/345/67890", "inhaber", "Änne Groß", "weiter", back); to != back {
		t.Errorf("to %s: %s", to, alert(body))
	}
	for _, foreign := range []string{"https://example.org/", "//example.org", `/\example.org`} {
		if _, body := l.get("/einstellungen?weiter=" + url.QueryEscape(foreign)); strings.Contains(body, "example.org\" data-taste") {
			t.Errorf("Esc leads to %s", foreign)
		}
		_, _, to := l.post("/einstellungen/benutzer", "kuerzel", "CD", "name", "Clara Dorn", "aktiv", "ja", "weiter", foreign)
		if to != "/einstellungen" {
			t.Errorf("an act leads to %s", to)
		}
	}
}

// The first money of a drawer is counted by coin and note; the record names them.
func TestAnfangsbestand(t *testing.T) {
	l := buchladen(t)
	l.zeigt("/kassenbuch/anfang", "Anfangsbestand", `name="n5000"`)
	if status, body, _ := l.post("/kassenbuch/anfang", "n5000", ""); status != http.StatusUnprocessableEntity || !strings.Contains(alert(body), "T-511") {
		t.Errorf("%d %s", status, alert(body))
	}
	if status, body, _ := l.post("/kassenbuch/anfang", "n5000", "x"); status != http.StatusUnprocessableEntity || !strings.Contains(alert(body), "W-107") {
		t.Errorf("%d %s", status, alert(body))
	}
	if _, body, to := l.post("/kassenbuch/anfang", "n5000", "2", "n200", "10"); to != "/kassenbuch" {
		t.Error(alert(body))
	}
	l.zeigt("/kassenbuch", "120,00", "gezählt: 2 × 50,00 €, 10 × 2,00 €")
	if status, body, _ := l.post("/kassenbuch/anfang", "n5000", "2"); status != http.StatusConflict || !strings.Contains(alert(body), "T-970") {
		t.Errorf("a second one: %d %s", status, alert(body))
	}
	l.zeigt("/kassenbuch/anfang", "hat ihren Anfangsbestand schon")
	for _, path := range []string{"/kassenbuch/anfang", "/kassenbuch/ein"} {
		if _, body := l.get(path); strings.Contains(body, `name="n5000"`) || strings.Contains(body, `value="Anfangsbestand"`) ||
			strings.Contains(body, "Alt+z") {
			t.Errorf("%s offers a second one", path)
		}
	}
	l = buchladen(t)
	if _, body, to := l.post("/kassenbuch/anfang", "n1", "99999", "n2", "99999", "n5", "99999", "n10", "99999", "n20", "99999",
		"n50", "99999", "n100", "99999", "n200", "99999", "n500", "99999", "n1000", "1"); to != "/kassenbuch" {
		t.Errorf("many coins: %s", alert(body))
	}
}

func anfrage(path string) *http.Request {
	return httptest.NewRequest(http.MethodGet, "http://localhost"+path, http.NoBody)
}

// Where nobody works yet, the start leads to the page, and the first person goes on there at once.
func TestErstePersonAnDerSeite(t *testing.T) {
	l := bereitschaft(t)
	status, _, to := l.send(anfrage("/"))
	if status != http.StatusSeeOther || to != "/verkauf" {
		t.Errorf("%d %s", status, to)
	}
	empty := ohnePersonal(t)
	empty.einzurichten()
	if _, _, to = empty.send(anfrage("/")); to != "/einstellungen/inbetriebnahme" {
		t.Errorf("to %s", to)
	}
	empty.zeigt("/einstellungen/inbetriebnahme", "Hier arbeitet noch niemand", `name="kuerzel"`)
	if status, body, _ := empty.post("/einstellungen/inbetriebnahme/erste", "kuerzel", "A B", "name", "Anna Berg"); status != http.StatusUnprocessableEntity ||
		!strings.Contains(alert(body), "N-301") || !strings.Contains(body, `value="Anna Berg"`) {
		t.Errorf("%d %s", status, alert(body))
	}
	if _, body, to := empty.post("/einstellungen/inbetriebnahme/erste", "kuerzel", "AB", "name", "Anna Berg"); to != "/einstellungen/inbetriebnahme" {
		t.Error(alert(body))
	}
	empty.zeigt("/einstellungen/inbetriebnahme", "1 · Angaben zur Apotheke")
	staff, err := empty.d.Haus.Benutzer(empty.Ctx)
	empty.Must(err)
	if len(staff) != 1 || staff[0] != (haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true}) {
		t.Errorf("%+v", staff)
	}
}
