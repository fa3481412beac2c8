package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/nachweis"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/zuzahlungsnachweis"
)

// SGB V § 62: what a patient paid in the year, with a Storno taken off; another year is another.
func TestZuzahlungsnachweis(t *testing.T) {
	l := oeffne(t)
	l.d.Zuzahlungsnachweis = zuzahlungsnachweis.New(l.Kern, l.d.Personen)
	l.d.NachweisPDF = func(_ context.Context, n nachweis.Nachweis) ([]byte, error) { return []byte(n.Summe().String()), nil }
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	p, err := l.d.Personen.Anlegen(l.Ctx, l.A(), person.Person{Name: "Muster", Vorname: "Erika"})
	l.Must(err)
	book := func(nr string, a bon.Art, year int, c money.Cent) {
		l.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: nr, Art: a, Tag: civil.Must(year, 11, 1), Positionen: []bon.Position{
			{Nr: 1, Person: p.ID, Traeger: zuzahlung.GKV, Zuzahlung: c, Mehrkosten: 111},
		}}})
	}
	book("1-000001", bon.Verkauf, 2026, 500)
	book("1-000002", bon.Verkauf, 2026, 1000)
	book("1-000003", bon.Storno, 2026, -500)
	book("1-000004", bon.Verkauf, 2025, 750)
	path := "/kunden/" + p.ID
	l.zeigt(path, path+"/zuzahlungen")
	l.zeigt(path+"/zuzahlungen", "Erika Muster", "1-000001", "Storno", "<b>10,00 €</b>")
	l.zeigt(path+"/zuzahlungen?jahr=2025", "<b>7,50 €</b>")
	l.zeigt(path+"/zuzahlungen?jahr=2024", "keine Zuzahlung bezahlt")
	l.zeigt(path+"/zuzahlungen/pdf?jahr=2026", "10,00 €")
	for query, code := range map[string]string{path + "/zuzahlungen?jahr=2027": "T-791", "/kunden/p-x/zuzahlungen": "T-792"} {
		if status, body := l.get(query); status < 400 || status >= http.StatusInternalServerError || !strings.Contains(body, code) {
			t.Errorf("%s: %d", query, status)
		}
	}
}
