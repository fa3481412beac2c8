package web_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/bericht"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A refused range says so and nothing else: no table claims that nothing happened, no
// file is offered.
func TestBerichtAbgelehnt(t *testing.T) {
	l := warenhaus(t)
	for _, path := range []string{
		"/berichte?tag=31.02.2026", "/berichte?tag=01.01.2200",
		"/berichte/zuzahlung?von=02.01.2026&bis=01.01.2026", "/berichte/kulanz?von=02.01.2026&bis=01.01.2026",
	} {
		status, body := l.get(path)
		if status != http.StatusUnprocessableEntity || alert(body) == "" {
			t.Errorf("%s: %d without a sentence", path, status)
		}
		for _, claim := range []string{"nichts verkauft", "keine Zuzahlung genommen", "nichts erlassen", "format=csv", "Summe"} {
			if strings.Contains(body, claim) {
				t.Errorf("%s: refused, yet the page shows %q", path, claim)
			}
		}
		if status, body := l.get(path + "&format=csv"); status != http.StatusUnprocessableEntity || alert(body) == "" {
			t.Errorf("%s as file: %d without a sentence", path, status)
		}
	}
}

// Movements are named in German with the sign of what they did.
func TestBewegungen(t *testing.T) {
	l := warenhaus(t)
	for _, act := range [][]string{
		{"/lager/01126111/zugang", "menge", "5"}, {"/lager/01126111/korrektur", "gezaehlt", "4", "grund", "Bruch"},
	} {
		if status, body, _ := l.post(act[0], act[1:]...); status != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", act, status, alert(body))
		}
	}
	body := html.UnescapeString(l.page(t, "/lager/01126111"))
	for _, want := range []string{"<td>Zugang", "<td>Korrektur", ">+5<", ">-1<", "Bruch"} {
		if !strings.Contains(body, want) {
			t.Errorf("movements without %q", want)
		}
	}
}

// Of the price of the last generation, today's and the next one the page says which
// counts: today is 2026-11-23.
func TestPreisHeute(t *testing.T) {
	l := warenhaus(t)
	var gens []catalogue.Generation
	for id, day := range map[string]civil.Day{
		"alt": civil.Must(2026, 11, 1), "jetzt": civil.Must(2026, 11, 15), "neu": civil.Must(2026, 12, 1),
	} {
		row := catalogue.Zeile{Artikel: workflowtest.Rx("01126111", "Demolol", "Demolol", 1000, money.Cent(1500+int64(day)%100))}
		g, err := katalog.New(catalogue.Manifest{ID: id, GueltigAb: day}, catalogue.QuelleAus([]catalogue.Zeile{row}, nil))
		l.Must(err)
		gens = append(gens, g)
	}
	l.Kern.Katalog = katalog.NewCatalogue(gens...)
	body := l.page(t, "/artikel/01126111?verlauf=1")
	for _, c := range []struct{ day, mark string }{
		{"01.11.2026", ""}, {"15.11.2026", "gilt heute"}, {"01.12.2026", "kommt"},
	} {
		_, rest, found := strings.Cut(body, "<td>"+c.day)
		cell, _, _ := strings.Cut(rest, "</td>")
		if !found || c.mark == "" && cell != "" || !strings.Contains(cell, c.mark) {
			t.Errorf("price of %s: %q, want mark %q", c.day, cell, c.mark)
		}
	}
}

// Whatever an article is called, no page about goods runs it; reading writes nothing.
func TestWarenFeindlich(t *testing.T) {
	l, _, _ := voll(t)
	l.d.Lager, l.d.Bericht = lager.New(l.Kern), bericht.New(l.Kern)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	if status, body, _ := l.post("/vormerkungen", "pzn", "01126111", "menge", "2", "name", boese); status != http.StatusSeeOther {
		t.Fatalf("reservation: %d %s", status, alert(body))
	}
	before := l.head()
	q := url.QueryEscape(boese)
	for _, path := range []string{
		"/artikel?q=frei", "/artikel?q=" + q, "/artikel/01126111", "/lager", "/lager?q=" + q, "/lager/01126111",
		"/vormerkungen", "/vormerkungen?pzn=" + q, "/berichte", "/berichte/zuzahlung", "/berichte/kulanz",
	} {
		l.page(t, path)
	}
	if after := l.head(); after != before {
		t.Errorf("reading wrote %d records", after-before)
	}
}

// Nobody books unnamed: without a user every act on goods is refused and nothing is
// written.
func TestWarenOhneBenutzer(t *testing.T) {
	l := warenhaus(t)
	before := l.head()
	for path, fields := range map[string]string{
		"/lager/01126111/zugang": "menge=5", "/lager/01126111/korrektur": "gezaehlt=4&grund=Bruch",
		"/vormerkungen": "pzn=01126111&menge=1&name=Meier", "/vormerkungen/gibtsnicht": "wie=abgeholt",
	} {
		r := httptest.NewRequest(http.MethodPost, "http://localhost"+path, strings.NewReader("key=k&"+fields))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		l.h.ServeHTTP(w, r)
		if w.Code < 400 || w.Code >= 500 || alert(w.Body.String()) == "" {
			t.Errorf("%s without user: %d", path, w.Code)
		}
	}
	if after := l.head(); after != before {
		t.Errorf("nobody wrote %d records", after-before)
	}
}

// A scanned pack code is a search like its PZN: in the list of articles and in the stock,
// where it opens the article, in stock or not.
func TestScanInListen(t *testing.T) {
	l := warenhaus(t)
	for _, code := range []string{"-01126111", "01126111"} {
		for _, list := range []string{"artikel", "lager"} {
			r := httptest.NewRequest(http.MethodGet, "http://localhost/"+list+"?q="+code, http.NoBody)
			if status, _, to := l.send(r); status != http.StatusSeeOther || to != "/"+list+"/01126111" {
				t.Errorf("%s %s: %d %s", list, code, status, to)
			}
		}
		if status, body, _ := l.post("/vormerkungen", "pzn", code, "menge", "1", "name", "Kurz"); status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", code, status, alert(body))
		}
	}
	if status, body := l.get("/lager?q=99999995"); status != http.StatusOK {
		t.Errorf("an unknown PZN: %d %s", status, alert(body))
	}
}
