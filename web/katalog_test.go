package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/katalogstand"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// ordner is a folder of generations without a disk.
type ordner struct {
	aus, held []catalogue.Manifest
	damaged   []error
	bericht   string
}

func (o ordner) Ausgelassen() []catalogue.Manifest { return o.aus }
func (o ordner) Quarantaene() []catalogue.Manifest { return o.held }
func (o ordner) Stoerungen() []error               { return o.damaged }

func (o ordner) Bericht(id string) (string, bool, error) {
	if len(o.held) > 0 && o.held[0].ID == id {
		return o.bericht, true, nil
	}
	return "", false, fault.New(fault.NotFound, "A-622", "Kein Bericht.", nil)
}

// katalogladen is a laden with these generations, that of today among them or not.
func katalogladen(t *testing.T, o ordner, gens ...catalogue.Generation) *laden {
	t.Helper()
	l := oeffne(t)
	l.Kern.Katalog = katalog.NewCatalogue(gens...)
	l.d.Katalogstand = katalogstand.New(l.Kern, o)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	return l
}

func ausgabe(t *testing.T, ab civil.Day, list ...artikel.Artikel) catalogue.Generation {
	t.Helper()
	var rows []catalogue.Zeile
	for _, a := range list {
		rows = append(rows, catalogue.Zeile{Artikel: a})
	}
	m := catalogue.Manifest{ID: ab.String(), Quelle: boese, GueltigAb: ab, Gebaut: "2026-10-30T08:00:00Z"}
	g, err := katalog.New(m, catalogue.QuelleAus(rows, nil))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func ware(name string, aep, uvp money.Cent) artikel.Artikel {
	a := workflowtest.Rx(workflowtest.PZN("1234560"), name, "", aep, uvp)
	a.Verschreibungspflichtig, a.Art, a.UVP = false, artikel.Freiwahl, uvp
	return a
}

// Without any catalogue, and with one only, the pages say so.
func TestKatalogLeer(t *testing.T) {
	l := katalogladen(t, ordner{})
	if body := l.page(t, "/katalog"); !strings.Contains(body, "noch kein Katalog da") {
		t.Error(body)
	}
	for _, path := range []string{"/katalog/preise", "/katalog/preise?format=csv"} {
		if status, body := l.get(path); status != http.StatusServiceUnavailable || !strings.Contains(alert(body), "A-103") ||
			strings.Contains(body, "ändert sich ein Preis") {
			t.Errorf("%s: %d %s", path, status, alert(body))
		}
	}
	l = katalogladen(t, ordner{}, ausgabe(t, 20261115))
	if body := l.page(t, "/katalog/preise"); !strings.Contains(body, "nur einen Katalog") || strings.Contains(body, "als CSV") {
		t.Error(body)
	}
	if status, body := l.get("/katalog/gibtsnicht"); status != http.StatusNotFound || !strings.Contains(body, "A-629") {
		t.Errorf("%d %s", status, alert(body))
	}
	if body := l.page(t, "/artikel"); !strings.Contains(body, `href="/katalog" data-taste="Alt+k"`) {
		t.Error("no way from the articles to the catalogue")
	}
}

// Every state a generation can have stands in the list, and its page says what it means.
// What a source or a report holds is text.
func TestKatalogZustaende(t *testing.T) {
	o := ordner{
		aus:     []catalogue.Manifest{{ID: "aus", GueltigAb: 20261116}},
		held:    []catalogue.Manifest{{ID: "gehalten", GueltigAb: 20261201, Artikel: 7, Vertraege: 3}},
		damaged: []error{fault.New(fault.Corrupt, "A-415", "kaputt", nil)},
		bericht: "Prüfung: 1 Fehler\nA-611 " + boese + "\n",
	}
	l := katalogladen(t, o, ausgabe(t, 20261101), ausgabe(t, 20261115), ausgabe(t, 20261215))
	before := l.head()
	body := l.page(t, "/katalog")
	for id, want := range map[string]string{
		"2026-11-01": "abgelöst", "2026-11-15": "gilt heute", "2026-12-15": "kommt", "aus": "zurückgenommen", "gehalten": "Quarantäne",
	} {
		_, rest, found := strings.Cut(body, `href="/katalog/`+id+`"`)
		row, _, _ := strings.Cut(rest, "</tr>")
		if !found || !strings.Contains(row, want) {
			t.Errorf("%s: %q, want %q", id, row, want)
		}
	}
	if !strings.Contains(body, "nicht in dieser Liste: 1.") || !strings.Contains(body, "30.10.2026 09:00") {
		t.Error(body)
	}
	for id, want := range map[string]string{
		"2026-11-01": "keinen Prüfbericht", "2026-11-15": "offizin catalogue rollback", "2026-12-15": "15.12.2026",
		"aus": "offizin catalogue activate aus ", "gehalten": "offizin catalogue activate gehalten ",
	} {
		if body := l.page(t, "/katalog/"+id); !strings.Contains(body, want) {
			t.Errorf("%s without %q", id, want)
		}
	}
	if body := l.page(t, "/katalog/gehalten"); !strings.Contains(body, "A-611 &lt;script&gt;") {
		t.Error("the report is not shown as text")
	}
	if l.head() != before {
		t.Error("looking wrote something")
	}
}

// The list of price changes with its sums; the labels are the same list less Rx and what
// keeps its price; both as a file.
func TestKatalogPreise(t *testing.T) {
	rx := workflowtest.Rx("01126111", "Demolol", "Demolol", 1000, 6000)
	teurer := rx
	teurer.AEP, teurer.AVP = 1100, 6200
	l := katalogladen(t, ordner{}, ausgabe(t, 20261115, rx, ware("Bad "+boese, 333, 400)),
		ausgabe(t, 20261201, teurer, ware("Bad "+boese, 340, 450)))
	if body := l.page(t, "/katalog/preise"); !strings.Contains(body, "Für nichts an Lager") || strings.Contains(body, "als CSV") {
		t.Error("nothing in stock: ", body)
	}
	l.Book(event.BestandGeaendert{PZN: "01126111", Delta: 3, Art: "zugang"},
		event.BestandGeaendert{PZN: workflowtest.PZN("1234560"), Delta: 7, Art: "zugang"})
	body := l.page(t, "/katalog/preise")
	for _, want := range []string{
		"15.11.2026 → 01.12.2026", "Demolol", "<b>62,00 €</b>", "60,00 €", "+2,00 €", "+3,00 €", "+0,49 €", // 3 × 1,00; 7 × 0,07
		"53,31 € → 56,80 €", "<b>+3,49 €</b>", "<b>10</b>", "6,20 €",
	} {
		if !strings.Contains(strings.ReplaceAll(body, "&#43;", "+"), want) {
			t.Errorf("price changes without %q", want)
		}
	}
	labels := l.page(t, "/katalog/preise?nur=etiketten")
	if strings.Contains(labels, "Demolol") || !strings.Contains(labels, "Bad") || !strings.Contains(labels, "4,50 €") {
		t.Error(labels)
	}
	for path, name := range map[string]string{
		"/katalog/preise?format=csv":               "preise-2026-12-01.csv",
		"/katalog/preise?format=csv&nur=etiketten": "etiketten-2026-12-01.csv",
	} {
		w := httptest.NewRecorder()
		l.h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Disposition"), name) ||
			strings.Contains(w.Body.String(), "Demolol") == strings.Contains(path, "etiketten") {
			t.Errorf("%s: %d %v\n%s", path, w.Code, w.Header(), w.Body)
		}
	}
	l.Uhr.Set(l.Uhr.Now().AddDate(0, 0, 14)) // the new one holds: what has changed is still to be seen
	if body := l.page(t, "/katalog/preise"); !strings.Contains(body, "vom vorigen auf den heutigen") || !strings.Contains(body, "Demolol") {
		t.Error(body)
	}
}
