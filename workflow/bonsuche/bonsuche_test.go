package bonsuche_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/bonsuche"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// What somebody remembers of a sale: its number, what was paid, what was bought, who sold.
func TestSuchen(t *testing.T) {
	x := workflowtest.New(t, nil)
	sold := func(nummer, name, wer string, cent money.Cent, tag civil.Day) {
		x.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
			Nummer: nummer, Art: bon.Verkauf, Tag: tag, Benutzer: wer,
			Positionen: []bon.Position{{Nr: 1, Menge: 1, Bezeichnung: name, Gesamt: cent, Privat: cent}},
		}})
	}
	sold("1-000001", "Ibuprofen akut", "AB", 595, civil.Must(2026, 9, 1))
	sold("1-000002", "Ibuprofen akut", "AB", 595, civil.Must(2026, 11, 20))
	sold("2-000417", "Nasenspray Meer", "EF", 1234, civil.Must(2026, 11, 22))
	for _, c := range []struct{ text, want string }{
		{"", "2-000417 1-000002"}, // the last 31 days
		{"1-000001", "1-000001"},  // a number, whenever it was
		{"417", "2-000417"},
		{"5,95", "1-000002"},
		{"12,34 ef", "2-000417"},
		{"ibu", "1-000002"},
		{"ibu ef", ""},
		{"profen", ""}, // words are found by how they begin
	} {
		e, err := bonsuche.New(x.Kern).Suchen(x.Ctx, bonsuche.Anfrage{Text: c.text})
		x.Must(err)
		var got []string
		for _, b := range e.Bons {
			got = append(got, b.Nummer)
		}
		if !slices.Equal(got, strings.Fields(c.want)) || e.Mehr {
			t.Errorf("%q: %v, want %s", c.text, got, c.want)
		}
	}
	e, err := bonsuche.New(x.Kern).Suchen(x.Ctx, bonsuche.Anfrage{Von: civil.Must(2026, 9, 1), Bis: civil.Must(2026, 9, 30)})
	if x.Must(err); len(e.Bons) != 1 {
		t.Errorf("%+v", e)
	}
	_, err = bonsuche.New(x.Kern).Suchen(x.Ctx, bonsuche.Anfrage{Von: civil.Must(2026, 11, 2), Bis: civil.Must(2026, 11, 1)})
	x.Fails(err, "B-405")
}
