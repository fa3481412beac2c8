package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/bericht"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// warenhaus is a laden with stock and reports.
func warenhaus(t *testing.T) *laden {
	t.Helper()
	l := oeffne(t)
	l.d.Lager, l.d.Bericht = lager.New(l.Kern), bericht.New(l.Kern)
	l.d.Zettel = func(_ context.Context, v vormerkung.Vormerkung) ([]byte, error) { return []byte("%PDF " + v.ID), nil }
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	return l
}

// Every page about goods answers when there is nothing yet.
func TestWarenLeer(t *testing.T) {
	l := warenhaus(t)
	for path, want := range map[string]string{
		"/artikel":            "Suchen Sie nach Name",
		"/artikel?q=zzz":      "Kein Artikel passt",
		"/artikel/01126111":   "In den Verkauf",
		"/lager":              "noch kein solcher Artikel",
		"/lager/01126111":     "Noch keine Bewegung",
		"/vormerkungen":       "Keine offene Vormerkung",
		"/berichte":           "An diesem Tag wurde nichts verkauft",
		"/berichte/zuzahlung": "keine Zuzahlung genommen",
		"/berichte/kulanz":    "nichts erlassen",
	} {
		if status, body := l.get(path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d without %q", path, status, want)
		}
	}
}

// Wrong input is answered with one sentence and a code, and what was typed stays.
func TestWarenFalsch(t *testing.T) {
	l := warenhaus(t)
	for _, c := range []struct {
		path, code, stays string
		fields            []string
	}{
		{"/lager/01126111/zugang", "B-101", "L 99999", []string{"menge", "100000", "beleg", "L 99999"}},
		{"/lager/01126111/zugang", "W-107", "zwei", []string{"menge", "zwei"}},
		{"/lager/01126111/korrektur", "W-401", "Bruch", []string{"gezaehlt", "", "grund", "Bruch"}},
		{"/lager/01126111/korrektur", "B-103", "3", []string{"gezaehlt", "3", "grund", ""}},
		{"/vormerkungen", "B-304", "Meier", []string{"pzn", "99999999", "menge", "1", "name", "Meier"}},
	} {
		status, body, _ := l.post(c.path, c.fields...)
		if status < 400 || !strings.Contains(body, c.code) || !strings.Contains(body, c.stays) {
			t.Errorf("%s %v: %d, want %s and %q\n%s", c.path, c.fields, status, c.code, c.stays, alert(body))
		}
	}
	for path, code := range map[string]string{
		"/berichte?tag=32.01.2026":                          "W-110",
		"/berichte/zuzahlung?von=02.01.2026&bis=01.01.2026": "B-402",
		"/berichte/kulanz?von=01.01.1900&bis=01.01.2026":    "B-403",
		"/artikel/1":    "A-101",
		"/lager/nichts": "B-105",
		"/artikel?q=" + strings.Repeat("a", 2000): "W-106",
		"/vormerkungen/gibtsnicht":                "B-307",
	} {
		if status, body := l.get(path); status < 400 || !strings.Contains(body, code) {
			t.Errorf("%.60s: %d, want %s: %s", path, status, code, alert(body))
		}
	}
}

func alert(body string) string {
	_, rest, _ := strings.Cut(body, `role="alert">`)
	text, _, _ := strings.Cut(rest, "</p>")
	return text
}

// Goods come in, are counted, reserved, and reported; names are escaped.
func TestWarenFluss(t *testing.T) {
	l := warenhaus(t)
	if status, _, to := l.post("/lager/01126111/zugang", "menge", "5", "beleg", "<b>LS 7</b>"); status != http.StatusSeeOther || to != "/lager/01126111" {
		t.Fatalf("goods received: %d %s", status, to)
	}
	if status, _, _ := l.post("/lager/01126111/korrektur", "gezaehlt", "4", "grund", "Bruch"); status != http.StatusSeeOther {
		t.Fatalf("correction: %d", status)
	}
	_, body := l.get("/lager/01126111")
	for _, want := range []string{"&lt;b&gt;LS 7&lt;/b&gt;", "Bruch", ">4<"} {
		if !strings.Contains(body, want) {
			t.Errorf("stock page without %q", want)
		}
	}
	if strings.Contains(body, "<b>LS 7") {
		t.Error("a delivery note is not escaped")
	}
	if status, _, _ := l.post("/vormerkungen", "pzn", "01126111", "menge", "6", "name", "<i>Meier</i>"); status != http.StatusSeeOther {
		t.Fatalf("reservation: %d", status)
	}
	_, body = l.get("/vormerkungen")
	if !strings.Contains(body, "&lt;i&gt;Meier") || strings.Contains(body, "<i>Meier") || !strings.Contains(body, "<b>2</b>") {
		t.Errorf("reservation with two packs to order: %s", body)
	}
	_, rest, _ := strings.Cut(body, `action="/vormerkungen/`)
	id, _, _ := strings.Cut(rest, `"`)
	if status, pdf := l.get("/vormerkungen/" + id); status != http.StatusOK || !strings.HasPrefix(pdf, "%PDF") {
		t.Errorf("slip: %d %.20s", status, pdf)
	}
	if status, _, _ := l.post("/vormerkungen/"+id, "wie", "abgeholt"); status != http.StatusSeeOther {
		t.Errorf("picked up: %d", status)
	}
	if status, csv := l.get("/berichte?format=csv"); status != http.StatusOK || !strings.Contains(csv, ";") {
		t.Errorf("report as CSV: %d %.80s", status, csv)
	}
}

// A faulty opening stock books nothing and names every line; a good one is booked.
func TestEroeffnung(t *testing.T) {
	l := warenhaus(t)
	send := func(text string) (int, string) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		_ = m.WriteField("key", l.A().Key)
		part, err := m.CreateFormFile("datei", "bestand.csv")
		l.Must(err)
		_, _ = part.Write([]byte(text))
		l.Must(m.Close())
		r := httptest.NewRequest(http.MethodPost, "http://localhost/lager/eroeffnung", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		status, body, _ := l.send(r)
		return status, body
	}
	if status, body := send("PZN;Menge\n01126111;zwei\n"); status < 400 || !strings.Contains(body, "B-201") || !strings.Contains(body, "Zeile 2") {
		t.Errorf("faulty file: %d %s", status, alert(body))
	}
	if status, body := send("PZN;Menge\n01126111;12\n"); status != http.StatusOK || !strings.Contains(body, "<b>12</b>") {
		t.Errorf("good file: %d %s", status, alert(body))
	}
}
