package nachweis_test

import (
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/nachweis"
	"github.com/offizin/offizin/domain/zuzahlung"
)

func zeile(person string, anteil money.Cent) bon.Position {
	return bon.Position{Person: person, Traeger: zuzahlung.GKV, Zuzahlung: anteil, Mehrkosten: 700, Eigenbeteiligung: 300}
}

// SGB V § 62 (1): Zuzahlungen count; Mehrkosten (§ 31 (2) Satz 4) do not, and nothing that was
// not paid.
func TestAus(t *testing.T) {
	waived, private := zeile("p1", 500), zeile("p1", 500)
	waived.Kulanz = 500
	private.Traeger = zuzahlung.PKV
	for _, c := range []struct {
		name string
		b    bon.Bon
		want map[string]money.Cent
	}{
		{
			"two lines, two people",
			bon.Bon{Art: bon.Verkauf, Positionen: []bon.Position{zeile("p1", 500), zeile("p1", 750), zeile("p2", 1000)}},
			map[string]money.Cent{"p1": 1250, "p2": 1000},
		},
		{"Storno", bon.Bon{Art: bon.Storno, Positionen: []bon.Position{zeile("p1", -500)}}, map[string]money.Cent{"p1": -500}},
		{"Retoure", bon.Bon{Art: bon.Retoure, Positionen: []bon.Position{zeile("p1", -750)}}, map[string]money.Cent{"p1": -750}},
		{"waived", bon.Bon{Art: bon.Verkauf, Positionen: []bon.Position{waived}}, nil},
		{"not GKV", bon.Bon{Art: bon.Verkauf, Positionen: []bon.Position{private}}, nil},
		{"nobody", bon.Bon{Art: bon.Verkauf, Positionen: []bon.Position{zeile("", 500)}}, nil},
		{"practice", bon.Bon{Art: bon.Verkauf, Uebung: true, Positionen: []bon.Position{zeile("p1", 500)}}, nil},
		{"dropped", bon.Bon{Art: bon.Abbruch, Positionen: []bon.Position{zeile("p1", 500)}}, nil},
	} {
		got := nachweis.Aus(c.b)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
		for p, w := range c.want {
			if got[p].Betrag != w {
				t.Errorf("%s: %s paid %v, want %v", c.name, p, got[p].Betrag, w)
			}
		}
	}
}
