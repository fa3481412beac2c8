package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// buchladen is a laden with a Kassenbuch.
func buchladen(t *testing.T) *laden {
	t.Helper()
	l := oeffne(t)
	l.Must(l.d.Haus.Setzen(l.Ctx, l.A(), haus.Einstellungen{
		Name: "Löwen-Apotheke", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890",
	}))
	l.d.Tagesabschluss = tagesabschluss.New(l.Kern, abschluss.Geraet{Software: "Offizin", Fassung: "1"})
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	return l
}

func (l *laden) zeigt(path string, wants ...string) {
	l.T.Helper()
	status, body := l.get(path)
	for _, want := range wants {
		if status != http.StatusOK || !strings.Contains(body, want) {
			l.T.Errorf("%s: %d without %q", path, status, want)
		}
	}
}

func TestKassenbuchLeer(t *testing.T) {
	l := buchladen(t)
	l.zeigt("/kassenbuch", "hat nichts das Bargeld bewegt", "0,00 €")
	l.zeigt("/kassenbuch/ein", "Anfangsbestand (Wechselgeld)")
	l.zeigt("/kassenbuch/aus", "Privatentnahme")
	l.zeigt("/kassenbuch/abschluesse", "noch nie abgeschlossen")
	l.zeigt("/tagesabschluss", `name="n50000"`, `name="n1"`)
	for _, path := range []string{"/kassenbuch", "/tagesabschluss", "/kassenbuch/abschluesse"} { // the till that was chosen goes along
		l.zeigt(path, `href="/kassenbuch?till=1"`, `href="/tagesabschluss?till=1"`, `href="/kassenbuch/abschluesse?till=1"`)
	}
	if _, body := l.get("/tagesabschluss/1/7"); !strings.Contains(body, `href="/verkauf" data-taste="Escape"`) {
		t.Error("no way back from an error")
	}
	for path, code := range map[string]string{
		"/tagesabschluss/1/7": "T-526", "/tagesabschluss/1/x": "T-526", "/kassenbuch?till=9": "T-516",
		"/tagesabschluss/pruefen?n500=x": "W-107", "/tagesabschluss/pruefen?n500=-1": "T-525",
	} {
		if status, body := l.get(path); status < 400 || !strings.Contains(body, code) {
			t.Errorf("%s: %d without %s", path, status, code)
		}
	}
}

// Change is put in, counted, and the day is closed with a difference that is confirmed; what
// was refused keeps what was typed.
func TestKassenbuchTag(t *testing.T) {
	l := buchladen(t)
	status, body, _ := l.post("/kassenbuch/aus", "art", "Geldtransit", "betrag", "5,00", "grund", "in den Tresor")
	if status < 400 || !strings.Contains(body, "T-514") || !strings.Contains(body, "in den Tresor") {
		t.Errorf("%d: %s", status, alert(body))
	}
	if status, body, to := l.post("/kassenbuch/ein", "art", "Anfangsbestand", "betrag", "200", "grund", "Wechselgeld"); to != "/kassenbuch?till=" {
		t.Fatalf("%d: %s", status, alert(body))
	}
	if _, body, _ := l.post("/kassenbuch/ein", "art", "Geldtransit", "betrag", "200"); !strings.Contains(body, `name="grund" maxlength="200" autofocus`) {
		t.Error("the reason is missing, and the focus is elsewhere")
	}
	l.zeigt("/kassenbuch", "200,00 €", "Anfangsbestand (Wechselgeld)", "1-000001")
	l.zeigt("/tagesabschluss/pruefen?n5000=3&n2000=2&n500=1&n200=2", "199,00 €", "-1,00 €", `name="soll" value="20000"`, `name="nummer" value="1"`)
	status, body, to := l.post("/tagesabschluss", "n5000", "3", "n2000", "2", "n500", "1", "n200", "2", "soll", "20000", "nummer", "1")
	if to != "/tagesabschluss/1/1" {
		t.Fatalf("%d: %s", status, alert(body))
	}
	l.zeigt(to, "Z 1", "Löwen-Apotheke", "12/345/67890", "Kassendifferenz", "3 × 50,00 €", "1-000002", "keine TSE")
	l.zeigt("/kassenbuch/abschluesse", "/tagesabschluss/1/1", "199,00 €", `href="/kassenbuch/apotheke" data-taste="Alt+a"`)
	l.zeigt("/kassenbuch/apotheke", "Alle Kassen sind für diesen Tag abgeschlossen", "/tagesabschluss/1/1", "199,00 €", "Kassendifferenz")
	l.zeigt("/kassenbuch/apotheke?tag=22.11.2026", "hat keine Kasse etwas gebucht", `href="/kassenbuch/apotheke?tag=2026-11-23"`)
	if status, _ := l.get("/kassenbuch/apotheke?tag=31.02.2026"); status != http.StatusUnprocessableEntity {
		t.Errorf("a day that does not exist: %d", status)
	}
	l.zeigt("/kassenbuch", "199,00 €")
	status, body, _ = l.post("/tagesabschluss", "n10000", "2", "soll", "20000", "nummer", "1")
	if status != http.StatusConflict || !strings.Contains(body, "T-523") || !strings.Contains(body, `value="2"`) {
		t.Errorf("%d: %s", status, alert(body))
	}
	if status, body, _ = l.post("/tagesabschluss", "n10000", "2"); !strings.Contains(body, "T-527") {
		t.Errorf("%d: %s", status, alert(body))
	}
}

// Of several tills F4 takes the next one and goes round; the page stays the same, of a closing it is
// the list.
func TestWahlDesPlatzes(t *testing.T) {
	l := buchladen(t)
	for _, till := range []string{"2", "3"} {
		l.Book(event.BelegGebucht{Bon: bon.Bon{
			Nummer: till + "-000001", Art: bon.Bewegung, Platz: "platz-" + till, Tag: civil.Must(2026, 11, 23), Zeit: 1,
			Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: 100}},
		}})
	}
	l.zeigt("/kassenbuch", `href="/kassenbuch?till=2" data-taste="F4"`, `href="/kassenbuch?till=3" data-taste="Umschalt&#43;F4"`, "3 · platz-3")
	l.zeigt("/kassenbuch?till=3", `href="/kassenbuch?till=1" data-taste="F4"`)
	l.zeigt("/tagesabschluss?till=2", `href="/tagesabschluss?till=3" data-taste="F4"`)
	l.zeigt("/kassenbuch/abschluesse?till=2", `href="/kassenbuch/abschluesse?till=1" data-taste="Umschalt&#43;F4"`)
}

// More than is there by book goes out if somebody confirms it; the book says so.
func TestEntnahmeUeberBestand(t *testing.T) {
	l := buchladen(t)
	out := []string{"art", "Geldtransit", "betrag", "5,00", "grund", "in den Tresor"}
	status, body, _ := l.post("/kassenbuch/aus", out...)
	if status != http.StatusConflict || !strings.Contains(body, "T-514") || !strings.Contains(body, `name="bestaetigt" value="ja"`) {
		t.Errorf("%d: %s", status, alert(body))
	}
	l.post("/kassenbuch/aus", append(out, "bestaetigt", "ja")...)
	l.zeigt("/kassenbuch", "bestätigt, laut Buch -5,00 €")
}

// Who counts blind sees the balance only when the count is entered.
func TestBlindzaehlung(t *testing.T) {
	l := buchladen(t)
	l.post("/kassenbuch/ein", "art", "Anfangsbestand", "betrag", "123,45", "grund", "Wechselgeld")
	e, err := l.d.Haus.Einstellungen(l.Ctx)
	l.Must(err)
	e.Blindzaehlung = true
	l.Must(l.d.Haus.Setzen(l.Ctx, l.A(), e))
	if _, body := l.get("/tagesabschluss"); strings.Contains(body, "123,45") {
		t.Error("the balance is shown before the count")
	}
	l.zeigt("/tagesabschluss/pruefen?n10000=1", "123,45 €", "-23,45 €")
}

// Money that leaves asks for the PIN again; money that comes in does not.
func TestEntnahmeFragtNachPIN(t *testing.T) {
	g := oeffneGesichert(t)
	g.d.Tagesabschluss = tagesabschluss.New(g.Kern, abschluss.Geraet{})
	h, err := web.New(g.d)
	g.Must(err)
	g.h = h
	g.wants(g.tu("POST", "/anmelden", "kuerzel", "AB", "pin", "493817"), http.StatusSeeOther, "")
	move := []string{"art", "Geldtransit", "betrag", "5", "grund", "Bank"}
	g.wants(g.tu("POST", "/kassenbuch/ein", move...), http.StatusSeeOther, "/kassenbuch")
	g.Uhr.Advance(80 * time.Second)
	g.wants(g.tu("GET", "/kassenbuch"), http.StatusOK, "5,00")
	g.Uhr.Advance(80 * time.Second)
	g.wants(g.tu("POST", "/kassenbuch/aus", move...), http.StatusForbidden, "bestaetigung_pin")
	g.wants(g.tu("POST", "/kassenbuch/aus", append(move, "bestaetigung_pin", "493817")...), http.StatusSeeOther, "/kassenbuch")
}
