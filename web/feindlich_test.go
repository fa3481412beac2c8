package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const boese = `<script>alert(1)</script>`

// acts are the acts of the till that a form can ask for.
func acts() []string {
	return []string{
		"beginnen", "scan", "menge", "preis", "rabatt", "kulanz", "abweichung", "entfernen", "zurueck", "parken",
		"fortsetzen", "verwerfen", "kunde", "person", "schalter", "rezept", "rezept-entfernen", "datei", "muster16",
		"zuordnen", "abgabe", "gebuehr", "rezeptur", "nacherfassung", "bezahlen", "vormerken",
	}
}

func panels() []string {
	return []string{
		"", "menge", "preis", "rabatt", "kulanz", "abweichung", "warum", "kunde", "person", "rezept", "muster16", "auswahl",
		"bar", "karte", "geparkt", "storno", "verwerfen", "nacherfassung", "gebuehr", "rezeptur", "vormerken", "unbekannt",
	}
}

// head is the number of the last record: who changes anything moves it.
func (l *laden) head() uint64 {
	l.T.Helper()
	heads, err := l.Kern.Store.Heads(l.Ctx)
	l.Must(err)
	return heads[0].Seq
}

// page reads a page of the till and holds it against what no page may show.
func (l *laden) page(t *testing.T, path string) string {
	t.Helper()
	status, body := l.get(path)
	if status != http.StatusOK {
		t.Errorf("%s: %d %s", path, status, alert(body))
	}
	for _, bad := range []string{"W-500", "W-501", "ZgotmplZ", "<nil>", "%!", "<script>alert"} {
		if strings.Contains(body, bad) {
			t.Errorf("%s: shows %q", path, bad)
		}
	}
	if key := regexp.MustCompile(`>[a-z0-9]+\.[a-z0-9_]+<`).FindString(body); key != "" {
		t.Errorf("%s: text key %s instead of its text", path, key)
	}
	return body
}

// voll is a counter with hostile names everywhere: a prescription with a patient, its
// article, another without prescription, a fee, a customer, a parked cart.
func voll(t *testing.T) (l *laden, cart string, rezept string) {
	t.Helper()
	frei := workflowtest.Rx(workflowtest.PZN("1234560"), "Frei "+boese, "Salz", 300, 595)
	frei.Verschreibungspflichtig, frei.Hersteller = false, boese
	rx := workflowtest.Rx("01126111", "Rx "+boese, "Demolol", 1000, 1516)
	rx.Festbetrag = 1200
	l = oeffneMit(t, rx, frei)
	do := func(act string, pairs ...string) {
		t.Helper()
		if status, body, _ := l.post("/verkauf/"+act, pairs...); status >= http.StatusBadRequest {
			t.Fatalf("%s: %d %s", act, status, alert(body))
		}
	}
	do("scan", "text", string(frei.PZN))
	parked, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	do("parken", "vorgang", parked.Vorgang.ID, "notiz", boese)
	do("muster16", "ausgestellt", "23.11.2026", "name", boese, "vorname", boese, "geburt", "03.05.1970", "traeger", "GKV",
		"ik", "109900019", "pzn1", "01126111", "packungen1", "1", "text2", boese)
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	cart, rezept = v.Vorgang.ID, v.Rezepte[0].ID
	do("abgabe", "vorgang", cart, "pzn", "01126111", "rezept", rezept, "verordnung", "0")
	do("scan", "vorgang", cart, "text", string(frei.PZN))
	do("gebuehr", "vorgang", cart, "sok", "06461110", "rezept", rezept)
	do("person", "vorgang", cart, "name", boese, "vorname", boese, "geburt", "01.02.1960", "traeger", "GKV", "ik", "109900019")
	do("kulanz", "vorgang", cart, "nr", "1", "grund", boese)
	return l, cart, rezept
}

// Names are text: whatever an article, a customer, a note or a reason is called, no
// panel of the till and no Bon runs it. Reading changes nothing.
func TestFeindlicheNamen(t *testing.T) {
	l, cart, rezept := voll(t)
	before := l.head()
	for _, p := range panels() {
		for _, nr := range []string{"1", "2", "3", "99"} {
			q := url.Values{"vorgang": {cart}, "panel": {p}, "nr": {nr}, "rezept": {rezept}, "verordnung": {"0"}}
			l.page(t, "/verkauf?"+q.Encode())
		}
	}
	if body := l.page(t, "/verkauf?q="+url.QueryEscape("frei")); !strings.Contains(body, "Frei &lt;script&gt;") {
		t.Error("the search does not show the article")
	}
	l.page(t, "/verkauf?q="+url.QueryEscape(boese))
	if after := l.head(); after != before {
		t.Errorf("reading wrote %d records", after-before)
	}
	v, err := l.d.Verkauf.Ansicht(l.Ctx, cart)
	l.Must(err)
	pay := []string{"vorgang", cart, "erwartet", strconv.Itoa(int(v.Summen.Patient))}
	if status, body, _ := l.post("/verkauf/bezahlen", pay...); status >= http.StatusBadRequest {
		t.Fatalf("payment: %d %s", status, alert(body))
	}
	if body := l.page(t, "/bon/1-000001"); !strings.Contains(body, "Rx &lt;script&gt;") {
		t.Error("the Bon does not show the article")
	}
}

// Every panel shows something sensible although nothing lies on the counter.
func TestLeererTisch(t *testing.T) {
	l := oeffne(t)
	for _, p := range panels() {
		if p != "auswahl" { // there is no prescription to choose for
			l.page(t, "/verkauf?panel="+p)
		}
	}
	if status, body := l.get("/verkauf?panel=auswahl"); status != http.StatusNotFound || !strings.Contains(body, "R-510") {
		t.Errorf("choice without prescription: %d %s", status, alert(body))
	}
}

// Nobody sells unnamed: without a user every act is refused with a sentence, and
// nothing is written.
func TestOhneBenutzer(t *testing.T) {
	l, cart, rezept := voll(t)
	before := l.head()
	for _, act := range acts() {
		form := url.Values{
			"key": {"x-" + act}, "vorgang": {cart}, "nr": {"1"}, "menge": {"2"}, "text": {"01126111"}, "rezept": {rezept},
			"person": {"p-1"}, "name": {"Muster"}, "sok": {"02567018"}, "preis": {"1,00"}, "grund": {"x"}, "betrag": {"1,00"},
			"tag": {"20.11.2026"}, "uhrzeit": {"09:00"}, "pzn": {"01126111"}, "erwartet": {"1"}, "bezeichnung": {"Salbe"},
		}
		r := httptest.NewRequest(http.MethodPost, "http://localhost/verkauf/"+act, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		l.h.ServeHTTP(w, r)
		if w.Code < 400 || w.Code >= 500 || !regexp.MustCompile(`[A-Z]-\d{3}`).MatchString(w.Body.String()) {
			t.Errorf("%s without user: %d %s", act, w.Code, alert(w.Body.String()))
		}
	}
	if after := l.head(); after != before {
		t.Errorf("nobody wrote %d records", after-before)
	}
}

// Acts are posts and pages are read; everything else is told in German.
func TestMethoden(t *testing.T) {
	l := oeffne(t)
	paths := map[string]string{"/verkauf": http.MethodPut, "/suche": http.MethodPost, "/bon/1": http.MethodDelete}
	for _, act := range acts() {
		paths["/verkauf/"+act] = http.MethodGet
	}
	for path, method := range paths {
		r := httptest.NewRequest(method, "http://localhost"+path, http.NoBody)
		if status, body, _ := l.send(r); status != http.StatusMethodNotAllowed || !strings.Contains(body, "W-102") {
			t.Errorf("%s %s: %d %s", method, path, status, alert(body))
		}
	}
}

// Wrong fields get one sentence with a code; the cart stays as it was.
func TestFalscheFelder(t *testing.T) {
	l, cart, _ := voll(t)
	before := l.head()
	for _, c := range []struct{ act, name, value, code string }{
		{"menge", "menge", "viele", "W-107"},
		{"menge", "menge", "-1", "V-106"},
		{"menge", "menge", "1000", "V-106"},
		{"abgabe", "menge", "-5", "V-106"},
		{"abgabe", "menge", "1000", "V-106"},
		{"menge", "menge", "99999999999999999999", "W-107"},
		{"preis", "preis", "-3", "W-108"},
		{"preis", "preis", "3,999", "W-108"},
		{"rabatt", "rabatt", "viel", "W-109"},
		{"person", "geburt", "31.02.1990", "W-110"},
		{"scan", "text", strings.Repeat("9", 2000), "W-106"},
		{"kulanz", "grund", "\x00", "W-106"},
		{"nacherfassung", "tag", "morgen", "W-110"},
		{"bezahlen", "gegeben", "-5", "W-108"},
		{"bezahlen", "erwartet", "1", "V-2"},
		{"datei", "datei", "", "W-105"},
	} {
		status, body, _ := l.post("/verkauf/"+c.act, "vorgang", cart, "nr", "2", "pzn", "01126111", c.name, c.value)
		if text := alert(body); status < 400 || status >= 500 || !strings.Contains(text, c.code) {
			t.Errorf("%s %s=%.20q: %d %s, want %s", c.act, c.name, c.value, status, text, c.code)
		}
	}
	if after := l.head(); after != before {
		t.Errorf("refused acts wrote %d records", after-before)
	}
}

// A count below zero on a prescription typed from paper is refused, at the till as on the
// page of the prescriptions; an empty one is a single pack.
func TestNegativePackungen(t *testing.T) {
	l := oeffne(t)
	before := l.head()
	in := []string{
		"ausgestellt", "20.11.2026", "name", "Muster", "vorname", "Erika", "geburt", "03.05.1970", "traeger", "GKV",
		"ik", "109900019", "pzn1", "01126111", "packungen1",
	}
	for _, path := range []string{"/verkauf/muster16", "/rezepte/muster16"} {
		if status, body, _ := l.post(path, append(in, "-3")...); status != http.StatusUnprocessableEntity ||
			!strings.Contains(alert(body), "R-408") {
			t.Errorf("%s: %d %s", path, status, alert(body))
		}
	}
	if after := l.head(); after != before {
		t.Errorf("refused forms wrote %d records", after-before)
	}
	for _, path := range []string{"/verkauf/muster16", "/rezepte/muster16"} {
		if status, body, _ := l.post(path, append(in, "")...); status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", path, status, alert(body))
		}
	}
	list, err := l.d.Rezepte.Liste(l.Ctx, rezeptannahme.Filter{Zustand: rezeptannahme.Offen})
	l.Must(err)
	for _, e := range list {
		if n := e.Rezept.Verordnungen[0].Packungen; n != 1 {
			t.Errorf("an empty count is %d packs", n)
		}
	}
}
