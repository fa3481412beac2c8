package web_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// mitEigenem is a shop that can have articles and prices of its own.
func mitEigenem(t *testing.T) *laden {
	t.Helper()
	l := oeffneMit(t, workflowtest.Rx("01126111", "Demolol", "Demolol", 1000, 1516), artikel.Artikel{
		PZN: "02345677", Name: "Handcreme Rose", Menge: "75", Einheit: "ml", Art: artikel.Freiwahl, Status: artikel.Verkehr,
		AEP: 400, UVP: 795, MwSt: artikel.MwStVoll,
	})
	over, ok := l.Kern.Katalog.(*eigene.Katalog)
	if !ok {
		t.Fatalf("%T", l.Kern.Katalog)
	}
	l.d.Lager, l.d.Eigene = lager.New(l.Kern), eigene.New(l.Kern, over.Catalogue)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	return l
}

// geht sends a form that must be taken.
func (l *laden) geht(t *testing.T, path string, pairs ...string) string {
	t.Helper()
	status, body, to := l.post(path, pairs...)
	if status != http.StatusSeeOther {
		t.Fatalf("%s %v: %d %s", path, pairs, status, alert(body))
	}
	return to
}

// An article is made and another priced, both are sold at the till, and the pages show what
// the catalogue says beside what the pharmacy asks.
func TestEigeneVerkauft(t *testing.T) {
	l := mitEigenem(t)
	if body := l.page(t, "/eigene"); !strings.Contains(body, "Noch nichts Eigenes") {
		t.Error("no text for the empty list")
	}
	if body := l.page(t, "/eigene/neu"); !strings.Contains(body, `placeholder="08000005"`) {
		t.Error("no PZN is proposed")
	}
	to := l.geht(t, "/eigene", "name", "Badesalz", "menge", "500", "einheit", "g", "preis", "12,90", "mwst", "1", "ean", "4006381333931")
	if to != "/eigene/08000005" {
		t.Errorf("leads to %s", to)
	}
	l.geht(t, "/eigene/02345677/preis", "preis_neu", "7,45")
	for path, want := range map[string][]string{
		"/eigene":             {"Badesalz", "12,90 €", "Handcreme Rose", "7,95 €", "7,45 €", ">gilt<"},
		"/eigene?q=badesalz":  {"Badesalz", "Kein eigener Preis"},
		"/eigene/02345677":    {"Preis heute</span><b>7,45", "Preis laut Katalog</span><span>7,95", "Verlauf"},
		"/eigene/01126111":    {"ein eigener ist nicht möglich"},
		"/artikel/02345677":   {"Preis</span><b>7,45", "UVP laut Katalog</span><span>7,95", "ab 23.11.2026"},
		"/artikel/08000005":   {"eigener Artikel", "12,90"},
		"/artikel?q=badesalz": {"Badesalz", "12,90"},
		"/lager/08000005":     {"Badesalz"},
	} {
		body := html.UnescapeString(l.page(t, path))
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s without %q", path, w)
			}
		}
	}
	l.geht(t, "/verkauf/scan", "text", "4006381333931")
	_, body := l.get("/verkauf")
	id := vorgang.FindStringSubmatch(body)[1]
	l.geht(t, "/verkauf/scan", "vorgang", id, "text", "02345677")
	l.geht(t, "/verkauf/bezahlen", "vorgang", id, "erwartet", strconv.Itoa(1290+745))
	if status, body := l.get("/bon/1-000001"); status != http.StatusOK || !strings.Contains(body, "Badesalz") || !strings.Contains(body, "20,35") {
		t.Errorf("Bon: %d", status)
	}
}

// What is wrong is told with its code, and what was typed is still there.
func TestEigeneFalsch(t *testing.T) {
	l := mitEigenem(t)
	l.geht(t, "/eigene", "name", "Badesalz", "menge", "500", "einheit", "g", "preis", "12,90", "mwst", "1")
	for _, c := range []struct {
		code, path, keeps string
		pairs             []string
	}{
		{"A-661", "/eigene", "12,34", []string{"menge", "1", "einheit", "St", "preis", "12,34", "mwst", "1"}},
		{"W-108", "/eigene", "teuer", []string{"name", "Tee", "menge", "1", "einheit", "St", "preis", "teuer", "mwst", "1"}},
		{"A-664", "/eigene", "01126111", []string{"pzn", "01126111", "name", "Tee", "menge", "1", "einheit", "St", "preis", "1", "mwst", "1"}},
		{"A-661", "/eigene/08000005", "99,90", []string{"name", "", "menge", "1", "einheit", "St", "preis", "99,90", "mwst", "1"}},
		{"A-670", "/eigene/01126111/preis", "Demolol", []string{"preis_neu", "9,99"}},
		{"A-672", "/eigene/02345677/preis", "01.12.2026", []string{"preis_neu", "9,99", "ab", "01.12.2026", "bis", "30.11.2026"}},
		{"W-110", "/eigene/02345677/preis", "31.11.2026", []string{"preis_neu", "9,99", "ab", "31.11.2026"}},
		{"A-671", "/eigene/02345677/beenden", "Handcreme", []string{"ab", "01.12.2026"}},
		{"A-671", "/eigene/02345677/beenden", "Badesalz", []string{"ab", "01.12.2026", "liste", "ja"}},
		{"A-679", "/eigene/02345677/zurueck", "Handcreme", nil},
		{"W-105", "/eigene/einlesen", "Badesalz", nil},
	} {
		status, body, _ := l.post(c.path, c.pairs...)
		if status < 400 || !strings.Contains(body, c.code) || !strings.Contains(body, c.keeps) {
			t.Errorf("%s %v: %d, want %s and %q: %s", c.path, c.pairs, status, c.code, c.keeps, alert(body))
		}
	}
	if status, body := l.get("/eigene/99999999"); status != http.StatusNotFound || !strings.Contains(body, "A-671") {
		t.Errorf("unknown: %d", status)
	}
}

// Ending, taking back and undoing, each from its button.
func TestEigeneKnoepfe(t *testing.T) {
	l := mitEigenem(t)
	l.geht(t, "/eigene", "name", "Badesalz", "menge", "500", "einheit", "g", "preis", "12,90", "mwst", "1")
	l.geht(t, "/eigene/08000005", "name", "Badesalz fein", "menge", "500", "einheit", "g", "preis", "13,90", "mwst", "1")
	l.geht(t, "/eigene/08000005/auslisten")
	for _, want := range []string{"ausgelistet", "Badesalz fein", "13,90"} {
		if body := l.page(t, "/eigene/08000005"); !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
	l.geht(t, "/eigene/08000005/aufnehmen")
	l.geht(t, "/eigene/08000005/preis", "preis_neu", "9,99", "bis", "24.11.2026")
	if to := l.geht(t, "/eigene/08000005/beenden", "ab", "23.11.2026", "liste", "ja"); to != "/eigene" {
		t.Errorf("leads to %s", to)
	}
	l.geht(t, "/eigene/08000005/zurueck")
	if body := l.page(t, "/eigene/08000005"); !strings.Contains(body, "Preis heute</span><b>9,99") {
		t.Error("the price was not brought back")
	}
	if status, _, to := l.send(httptest.NewRequest(http.MethodGet, "http://localhost/eigene?q=08000005", nil)); status != http.StatusSeeOther || to != "/eigene/08000005" {
		t.Errorf("a scanned PZN leads to %d %s", status, to)
	}
}

// A file is taken as a whole or not at all, with a report for each line.
func TestEigeneDatei(t *testing.T) {
	l := mitEigenem(t)
	send := func(text string) (int, string) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		l.Must(m.WriteField("key", l.A().Key))
		part, err := m.CreateFormFile("datei", "eigene.csv")
		l.Must(err)
		_, _ = part.Write([]byte(text))
		l.Must(m.Close())
		r := httptest.NewRequest(http.MethodPost, "http://localhost/eigene/einlesen", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		status, body, _ := l.send(r)
		return status, html.UnescapeString(body)
	}
	status, body := send("Name;Menge;Einheit;Preis;MwSt\nTee;100;g;6,90;7\nSalz;1;kg;0;7\n")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Zeile 3: Der Preis") || !strings.Contains(body, "Noch nichts Eigenes") {
		t.Errorf("%d %s", status, alert(body))
	}
	status, body = send("PZN;Preis\n02345677;4,50\n")
	if status != http.StatusOK || !strings.Contains(body, "übernommen: 1") || !strings.Contains(body, "Zeile 2: Unter dem Einkaufspreis von 4,76") {
		t.Errorf("%d %s", status, alert(body))
	}
}
