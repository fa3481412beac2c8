package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/integration/kartenterminal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/kartenzahlung"
)

// kartenladen is a till, perhaps with a terminal, beside one that died with a payment and two refunds under way:
// one nobody knows of, and one that was given back while this till undid the Bon.
func kartenladen(t *testing.T, terminal bool) *laden {
	t.Helper()
	l := oeffne(t)
	if terminal {
		l.d.Karten = kartenzahlung.New(l.Kern, kartenterminal.NewSimulator())
	}
	l.d.Klaerung = kartenzahlung.NewKlaerung(l.Kern, l.d.Karten)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	sold := bon.Bon{
		Nummer: "2-000001", Art: bon.Verkauf, Platz: "platz-2", Tag: 20261123, Zeit: 1,
		Positionen: []bon.Position{{Nr: 1, Menge: 1, Gesamt: 1234, Privat: 1234}},
		Zahlungen:  []bon.Zahlung{{Art: bon.Karte, Betrag: 1234}},
	}
	back := sold
	back.Nummer, back.Art, back.Bezug, back.Positionen = "1-000001", bon.Storno, sold.Nummer, sold.Umkehr()
	back.Zahlungen = []bon.Zahlung{{Art: bon.Bar, Betrag: -1234}}
	l.Book(event.VerkaufAbgeschlossen{Bon: sold})
	l.Book(event.VerkaufAbgeschlossen{Bon: back})
	for _, e := range []event.KartenzahlungBegonnen{
		{ID: "k-1", Till: "2", Betrag: 4711, Vorgang: "v-1", Zeit: l.Uhr.Now().UnixNano()},
		{ID: "k-2", Till: "2", Betrag: 1234, Erstattung: sold.Nummer, Zeit: l.Uhr.Now().UnixNano()},
		{ID: "k-3", Till: "1", Betrag: 815, Vorgang: "v-2", Zeit: l.Uhr.Now().UnixNano()},
	} {
		l.Book(e)
	}
	l.Book(event.KartenzahlungBeendet{ID: "k-2", Bewilligt: true})
	return l
}

// Every machine shows what is unclear at any till; what needs somebody is settled there with a reason, is then
// gone, and what was typed stays when it is refused. Where the terminal stands it is asked.
func TestKartenKlaeren(t *testing.T) {
	const page = "/stoerungen/karten"
	l := oeffne(t)
	l.d.Klaerung = kartenzahlung.NewKlaerung(l.Kern, nil)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	l.zeigt(page, "Keine Kartenzahlung ist ungeklärt")
	l.zeigt("/stoerungen", `href="/stoerungen/karten" data-taste="Alt+k"`)
	if _, body := l.get("/ampel"); strings.Contains(body, "Kartenzahlung") {
		t.Error("nothing is unclear")
	}

	l = kartenladen(t, true)
	l.zeigt(page, "47,11 €", "2 · platz-2", "Diese Kasse antwortet nicht", "12,34 €", "auf keinem Bon", "/bon/1-000001",
		"8,15 €", "Das Terminal steht hier")
	l.zeigt("/ampel", "Kartenzahlung ungeklärt")
	if status, body, _ := l.post(page, "zahlung", "k-1", "wie", "nein", "grund", ""); status != http.StatusUnprocessableEntity || !strings.Contains(alert(body), "T-972") {
		t.Errorf("%d %s", status, alert(body))
	}
	if status, body, _ := l.post(page, "zahlung", "k-0", "wie", "nein", "grund", "x"); status != http.StatusNotFound || !strings.Contains(alert(body), "V-545") {
		t.Errorf("%d %s", status, alert(body))
	}
	if status, body, _ := l.post(page, "zahlung", "k-1", "wie", "abhaken", "grund", "<b>Beleg</b>"); status != http.StatusConflict ||
		!strings.Contains(alert(body), "T-973") || !strings.Contains(body, `value="&lt;b&gt;Beleg&lt;/b&gt;"`) {
		t.Errorf("%d %s", status, alert(body))
	}
	for id, wie := range map[string]string{"k-1": "nein", "k-2": "abhaken"} {
		if _, body, to := l.post(page, "zahlung", id, "wie", wie, "grund", "Kassenschnitt vom 23.11."); to != page {
			t.Errorf("%s: %s", id, alert(body))
		}
	}
	if _, body := l.get(page); strings.Contains(body, "47,11") || strings.Contains(body, "12,34") || !strings.Contains(body, "8,15") {
		t.Error("still there, or gone too far")
	}
	l = kartenladen(t, false) // this till has lost its terminal: nobody can ask it any more
	if _, body, to := l.post(page, "zahlung", "k-3", "wie", "ja", "grund", "Händlerbeleg"); to != page {
		t.Error(alert(body))
	}
}
