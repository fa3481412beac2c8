package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/offizin/offizin/integration/kartenterminal"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/verkauf"
)

// terminal puts a card terminal beside the till.
func (l *laden) terminal() {
	l.T.Helper()
	l.d.Karten = kartenzahlung.New(l.Kern, kartenterminal.NewSimulator())
	var err error
	l.h, err = web.New(l.d)
	l.Must(err)
}

// mitKarte sells a voucher, paid by card without the terminal, and returns the address of the Bon.
func (l *laden) mitKarte(wert string) string {
	l.T.Helper()
	l.post("/verkauf/gutschein", "wert", wert)
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	due := v.Summen.Patient
	b, err := l.d.Verkauf.Bezahlen(l.Ctx, l.A(), v.Vorgang.ID, verkauf.Zahlung{Erwartet: due, Karte: due})
	l.Must(err)
	return "/bon/" + b.Nummer
}

// What was paid by card goes back at the terminal; what it does not give back goes back in cash for a
// reason, after somebody has confirmed that it is not there by book. What was typed stays.
func TestKarteZurueckAmBon(t *testing.T) {
	l := oeffne(t)
	l.terminal()
	bon := l.mitKarte("20")
	l.sagt(bon, "gibt das Terminal auf die Karte zurück", `name="bar_grund"`)
	_, body, to := l.post(bon+"/storno", "grund", "vertippt")
	if !strings.HasPrefix(to, "/bon/") {
		t.Fatal(alert(body))
	}
	l.sagt(to, "-20,00 €", "Karte")

	bon = l.mitKarte("12,91")
	status, body, _ := l.post(bon+"/storno", "grund", "vertippt")
	if status != http.StatusForbidden || !strings.Contains(body, "V-605") || !strings.Contains(body, `value="vertippt"`) {
		t.Errorf("%d: %s", status, alert(body))
	}
	status, body, _ = l.post(bon+"/storno", "grund", "vertippt", "bar_grund", "Karte weg")
	if status != http.StatusConflict || !strings.Contains(body, "V-604") || !strings.Contains(body, `value="Karte weg"`) ||
		!strings.Contains(body, `name="bestaetigt"`) {
		t.Errorf("%d: %s", status, alert(body))
	}
	_, _, to = l.post(bon+"/storno", "grund", "vertippt", "bar_grund", "Karte weg", "bestaetigt", "ja")
	l.sagt(to, "Mit Karte bezahlt, bar ausgezahlt: Karte weg")
}

// An unclear refund is told on the page of the Bon and at the till, and settled there.
func TestKarteZurueckUnklar(t *testing.T) {
	l := oeffne(t)
	l.terminal()
	bon := l.mitKarte("12,94")
	status, body, _ := l.post(bon+"/storno", "grund", "vertippt")
	if status != http.StatusConflict || !strings.Contains(body, "V-603") {
		t.Errorf("%d: %s", status, alert(body))
	}
	l.sagt(bon, "ungeklärt", "Terminal fragen")
	l.sagt("/verkauf", "Rückgabe auf die Karte ungeklärt", bon, "laut Beleg zurückgegeben")
	open, err := l.d.Karten.Offen(l.Ctx)
	l.Must(err)
	l.post("/verkauf/karte-entscheiden", "zahlung", open[0].ID, "bewilligt", "ja")
	l.sagt(bon, "Auf die Karte zurückgegeben", "12,94 €", "noch nicht gebucht")
	if _, body, to := l.post(bon+"/storno", "grund", "vertippt"); !strings.HasPrefix(to, "/bon/") {
		t.Error(alert(body))
	}
}

// The page says why who owes something is not erased.
func TestSchuldnerLoeschen(t *testing.T) {
	l := oeffne(t)
	l.Book(event.EinstellungGesetzt{Schluessel: "kreditgrenze", Wert: "10000"})
	p, err := l.d.Personen.Anlegen(l.Ctx, l.A(), person.Person{Name: "Muster", Vorname: "Erika", Geburt: 19700503})
	l.Must(err)
	l.post("/verkauf/gebuehr", "sok", "09999637", "betrag", "12,00")
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	l.post("/verkauf/kunde", "vorgang", v.Vorgang.ID, "person", p.ID)
	l.post("/verkauf/kredit", "vorgang", v.Vorgang.ID)
	l.zahle()
	status, body, _ := l.post("/kunden/"+p.ID+"/loeschen", "grund", "auf Wunsch")
	if status != http.StatusConflict || !strings.Contains(body, "V-606") || !strings.Contains(body, "12,00\u00a0€") &&
		!strings.Contains(body, "12,00 €") {
		t.Errorf("%d: %s", status, alert(body))
	}
}

// Without a terminal the page says that somebody gives it back by hand.
func TestKarteZurueckVonHand(t *testing.T) {
	l := oeffne(t)
	bon := l.mitKarte("20")
	l.sagt(bon, "am Terminal von Hand")
	_, _, to := l.post(bon+"/storno", "grund", "vertippt")
	l.sagt(to, "-20,00 €", "Karte")
}

// A Bon that two tills have undone says so, with both: the money went out twice.
func TestMehrfachZurueckAmBon(t *testing.T) {
	l := oeffne(t)
	bon := l.mitKarte("20")
	_, _, first := l.post(bon+"/storno", "grund", "vertippt")
	v, err := l.d.Verkauf.Bon(l.Ctx, strings.TrimPrefix(first, "/bon/"))
	l.Must(err)
	again := v.Bon
	again.Nummer, again.Platz = "2-000001", "platz-2"
	_, err = l.Kern.Do(l.Ctx, l.A(), "test", func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.VerkaufAbgeschlossen{Bon: again}}, nil
	})
	l.Must(err)
	l.sagt(bon, "Mehrmals zurückgenommen", first, "/bon/2-000001")
}
