package stoerung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A voucher redeemed on both sides of a cut network is told by the Ampel until one Bon is undone.
func TestDoppeltEingeloest(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := stoerung.New(x.Kern, stoerung.Options{})
	book := func(nummer string, g bon.Geschaeft, gesamt money.Cent) {
		x.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: nummer, Art: bon.Verkauf, Positionen: []bon.Position{
			{Nr: 1, Menge: 1, Geschaeft: g, Bezug: "2167074874797998", Gesamt: gesamt},
		}}})
	}
	code := func() string {
		for _, g := range s.Zustand(x.Ctx).Glieder {
			if g.ID == "offeneposten" {
				return g.Code
			}
		}
		return ""
	}
	book("1-000001", bon.Gutscheinkauf, 500)
	book("1-000002", bon.Gutscheineinloesung, -400)
	if got := code(); got != "" {
		t.Errorf("all is well: %s", got)
	}
	book("2-000001", bon.Gutscheineinloesung, -400)
	if got := code(); got != "S-671" {
		t.Errorf("%q, want S-671", got)
	}
	book("2-000002", bon.Gutscheineinloesung, 400)
	if got := code(); got != "" {
		t.Errorf("undone: %s", got)
	}
}
