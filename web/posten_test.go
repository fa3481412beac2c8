package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/integration/kartenterminal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// zahle pays what lies on the counter in cash.
func (l *laden) zahle() string {
	l.T.Helper()
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	b, err := l.d.Verkauf.Bezahlen(l.Ctx, l.A(), v.Vorgang.ID, verkauf.Zahlung{Erwartet: v.Summen.Patient})
	l.Must(err)
	return b.Nummer
}

func (l *laden) sagt(path string, want ...string) string {
	l.T.Helper()
	status, body := l.get(path)
	if status != 200 {
		l.T.Errorf("%s: %d", path, status)
	}
	for _, w := range want {
		if !strings.Contains(body, w) {
			l.T.Errorf("%s does not say %q", path, w)
		}
	}
	return body
}

// From the panel „Mehr“ to the page of open items: a voucher is sold, redeemed and what is left
// of it is told.
func TestGutscheinAmTresen(t *testing.T) {
	l := oeffne(t)
	l.sagt("/berichte/offen", "Kein Gutschein ist offen", "Kein Kunde schuldet etwas")
	l.post("/verkauf/gutschein", "wert", "50")
	bon := l.zahle()
	body := l.sagt("/bon/"+bon, "Gutschein")
	nr := regexp.MustCompile(`Gutschein (\d{4} \d{4} \d{4} \d{4})`).FindStringSubmatch(body)
	if nr == nil {
		t.Fatal("the Bon does not show the number")
	}
	l.sagt("/berichte/offen", nr[1], "50,00 €", bon)
	l.post("/verkauf/gutschein", "wert", "20") // something that is due
	if status, body, _ := l.post("/verkauf/einloesen", "nummer", "1234", "panel", "mehr"); status != 422 ||
		!strings.Contains(body, "V-504") || !strings.Contains(body, `value="1234"`) {
		t.Errorf("a wrong number: %d", status)
	}
	l.post("/verkauf/scan", "text", nr[1])
	l.sagt("/verkauf", "Gutschein", "V-505", "Rest")
}

// What a customer owes stands beside the cart and on his page, and is paid at the till.
func TestKreditAmTresen(t *testing.T) {
	l := oeffne(t)
	l.Book(event.EinstellungGesetzt{Schluessel: "kreditgrenze", Wert: "10000"})
	p, err := l.d.Personen.Anlegen(l.Ctx, l.A(), person.Person{Name: "Muster", Vorname: "Erika", Geburt: 19700503})
	l.Must(err)
	l.post("/verkauf/gebuehr", "sok", "09999637", "betrag", "12,00")
	l.sagt("/verkauf?panel=mehr", "wählen Sie ihn mit F4")
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	l.post("/verkauf/kunde", "vorgang", v.Vorgang.ID, "person", p.ID)
	l.post("/verkauf/kredit", "vorgang", v.Vorgang.ID)
	l.sagt("/verkauf", "danach offen")
	bon := l.zahle()
	owed := l.sagt("/kunden/"+p.ID, bon, "Offen in allem")
	l.sagt("/berichte/offen", "Erika Muster", bon)

	v, err = l.d.Verkauf.Beginnen(l.Ctx, l.A())
	l.Must(err)
	l.post("/verkauf/kunde", "vorgang", v.Vorgang.ID, "person", p.ID)
	l.sagt("/verkauf?panel=mehr", "Kredit offen", `value="`+bon+`"`)
	l.post("/verkauf/kredit-bezahlen", "vorgang", v.Vorgang.ID, "bezug", bon)
	l.sagt("/verkauf", "Kredit von Bon "+bon)
	l.zahle()
	if body := l.sagt("/kunden/" + p.ID); strings.Contains(body, "Offen in allem") || owed == body {
		t.Error("it is still owed")
	}
}

// Practice is told on every page; what is paid is shown, and nothing is sold.
func TestUebungAmTresen(t *testing.T) {
	l := oeffne(t)
	if _, _, to := l.post("/einstellungen/uebung", "an", "ja"); to != "/verkauf" {
		t.Errorf("leads to %q", to)
	}
	l.sagt("/kunden", "ÜBUNG – kein Verkauf")
	l.post("/verkauf/gebuehr", "sok", "09999637", "betrag", "12,00")
	l.sagt("/verkauf?panel=bar", "V-530", `name="bestaetigt" value="V-530"`)
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	_, _, to := l.post("/verkauf/bezahlen", "vorgang", v.Vorgang.ID, "erwartet", "1200", "bestaetigt", "V-530")
	l.sagt(to, "1-000001")
	l.sagt("/bon/1-000001", "ÜBUNG – keine Abgabe")
	l.post("/verkauf/gebuehr", "sok", "09999637", "betrag", "12,00")
	v, err = l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	form := url.Values{"key": {l.A().Key}, "vorgang": {v.Vorgang.ID}, "erwartet": {"1200"}, "bestaetigt": {"V-530"}}
	r := httptest.NewRequest(http.MethodPost, "http://localhost/verkauf/bezahlen", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Offizin-Teil", "stand")
	if _, body, _ := l.send(r); !strings.Contains(body, `href="/bon/1-000002" data-taste="F12"`) {
		t.Error("F12 does not show what was just paid")
	}
	l.post("/einstellungen/uebung", "an", "nein")
	if strings.Contains(l.sagt("/verkauf"), "ÜBUNG") {
		t.Error("it is still practice")
	}
}

// Reserved and paid at once, fetched from the panel „Mehr“.
func TestAbholungAmTresen(t *testing.T) {
	free := artikel.Artikel{
		PZN: workflowtest.PZN("1234566"), Name: "Bonbon", Art: artikel.Freiwahl, Status: artikel.Verkehr, UVP: 250,
		MwSt: artikel.MwStErmaessigt,
	}
	l := oeffneMit(t, free)
	slip, err := l.d.Vormerkung.Anlegen(l.Ctx, l.A(), vormerkung.Eingabe{PZN: free.PZN, Menge: 2, Name: "Meyer"})
	l.Must(err)
	l.sagt("/verkauf?zettel="+slip.ID, "Gleich bezahlen", `value="`+slip.ID+`"`)
	v, err := l.d.Verkauf.Beginnen(l.Ctx, l.A())
	l.Must(err)
	_, _, err = l.d.Verkauf.Scan(l.Ctx, l.A(), v.Vorgang.ID, "3*"+string(free.PZN))
	l.Must(err)
	l.post("/verkauf/anzahlung", "vorgang", v.Vorgang.ID, "bezug", slip.ID)
	l.sagt("/verkauf", "Abholung 1: 2 × Bonbon", "5,00", "7,50 €") // of three wanted, two are paid now and fetched later
	l.zahle()
	l.sagt("/verkauf?panel=mehr", "Bezahlt und noch nicht abgeholt", `value="`+slip.ID+`"`, "Meyer")
	l.sagt("/berichte/offen", "Abholung 1: 2 × Bonbon")
	l.post("/verkauf/abholen", "bezug", slip.ID)
	l.zahle()
	l.sagt("/berichte/offen", "Nichts ist im Voraus bezahlt")
}

// A payment at the terminal whose line breaks is asked for at the till before anything goes on;
// then it stands on the Bon. Without the terminal it is typed in by hand as before.
func TestKarteAmTresen(t *testing.T) {
	l := oeffne(t)
	l.d.Karten = kartenzahlung.New(l.Kern, kartenterminal.NewSimulator())
	var err error
	l.h, err = web.New(l.d)
	l.Must(err)
	pay := func(sum string, more ...string) (int, string, string) {
		v, err := l.d.Verkauf.Beginnen(l.Ctx, l.A())
		l.Must(err)
		l.post("/verkauf/gutschein", "vorgang", v.Vorgang.ID, "wert", sum)
		cents := strings.ReplaceAll(sum, ",", "")
		return l.post("/verkauf/bezahlen", append([]string{
			"vorgang", v.Vorgang.ID, "erwartet", cents, "karte", sum, "panel", "karte",
		}, more...)...)
	}
	if _, _, to := pay("12,00"); !strings.Contains(to, "bon=1-000001") {
		t.Errorf("leads to %q", to)
	}
	status, body, _ := pay("12,92")
	if status != 409 || !strings.Contains(body, "V-541") || !strings.Contains(body, "Terminal fragen") {
		t.Fatalf("unclear: %d", status)
	}
	id := regexp.MustCompile(`name="zahlung" value="(k-[0-9a-f]+)"`).FindStringSubmatch(body)[1]
	l.post("/verkauf/karte-klaeren", "zahlung", id)
	if strings.Contains(l.sagt("/verkauf", "Mit Karte schon bezahlt", "12,92 €"), "Terminal fragen") {
		t.Error("still unclear")
	}
	l.sagt("/verkauf?panel=bar", `value="12,92"`) // nobody is asked for it again
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	_, _, to := l.post("/verkauf/bezahlen", "vorgang", v.Vorgang.ID, "erwartet", "1292", "karte", "12,92")
	if !strings.Contains(to, "bon=1-000002") {
		t.Errorf("leads to %q", to)
	}
	if status, body, _ := pay("12,91"); status != 403 || !strings.Contains(body, "V-544") {
		t.Errorf("declined: %d", status)
	}
	if _, _, to := pay("13,91", "von_hand", "ja"); !strings.Contains(to, "bon=1-000003") {
		t.Errorf("by hand leads to %q", to)
	}
}
