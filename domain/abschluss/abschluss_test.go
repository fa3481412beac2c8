package abschluss_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

const voll = 19 * money.Percent

func verkauf(nummer string, list []bon.Position, z ...bon.Zahlung) bon.Bon {
	return bon.Bon{Nummer: nummer, Art: bon.Verkauf, Tag: civil.Must(2026, 11, 26), Positionen: list, Zahlungen: z}
}

func otc(gesamt money.Cent) []bon.Position {
	return []bon.Position{{Nr: 1, Menge: 1, Gesamt: gesamt, Privat: gesamt, MwSt: voll}}
}

func rezept(gesamt, anteil money.Cent) []bon.Position {
	return []bon.Position{{
		Nr: 1, Menge: 1, Gesamt: gesamt, MwSt: voll, Traeger: zuzahlung.GKV, Zuzahlung: anteil, TraegerZahlt: gesamt - anteil,
	}}
}

func bewegung(nummer string, g bon.Geschaeft, c money.Cent) bon.Bon {
	return bon.Bon{
		Nummer: nummer, Art: bon.Bewegung, Positionen: []bon.Position{{Nr: 1, Menge: 1, Geschaeft: g, Gesamt: c, Privat: c}},
		Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: c}},
	}
}

// DSFinV-K 2.4, businesscases and payment: sums of the lines by business case and key, of the
// payments by means; only a Beleg counts.
func TestCompute(t *testing.T) {
	uebung := verkauf("1-000004", otc(895), bon.Zahlung{Art: bon.Bar, Betrag: 895})
	uebung.Uebung = true
	fremd := bewegung("2-000001", bon.Geldtransit, -1000)
	fremd.Lade = "1"
	anders := bewegung("1-000006", bon.Geldtransit, 1000) // into the drawer of till 2
	anders.Lade = "2"
	a := abschluss.Compute(abschluss.Kopf{Till: "1", Nummer: 7}, 10000, []bon.Bon{
		verkauf("1-000001", otc(1190), bon.Zahlung{Art: bon.Bar, Betrag: 1190}),
		verkauf("1-000002", rezept(5950, 595), bon.Zahlung{Art: bon.Karte, Betrag: 595}),
		bewegung("1-000003", bon.Geldtransit, -5000),
		uebung,
		{Nummer: "1-000005", Art: bon.Abbruch, Positionen: otc(500)},
		anders,
	}, []bon.Bon{fremd})
	if a.Von != "1-000001" || a.Bis != "1-000006" || a.Anzahl != 6 || a.Nummer != 7 {
		t.Errorf("%+v", a)
	}
	want := []abschluss.Geschaeft{
		{Typ: bon.Forderung, Name: "Rezept GKV", Schluessel: 5, Brutto: -5355, Netto: -5355},
		{Typ: bon.Geldtransit, Schluessel: 5, Brutto: -4000, Netto: -4000},
		{Typ: bon.Umsatz, Schluessel: 1, Satz: voll, Brutto: 7140, Netto: 6000, Steuer: 1140},
	}
	if d := cmp.Diff(want, a.Geschaefte); d != "" {
		t.Error(d)
	}
	paid := []abschluss.Zahlung{{kassenbeleg.Bar, "Bar", -2810}, {kassenbeleg.ECKarte, "Karte", 595}}
	if d := cmp.Diff(paid, a.Zahlungen); d != "" {
		t.Error(d)
	}
	if a.Barbestand != 10000+1190-5000-1000 || a.Summe() != -2215 || a.Bar() != -2810 {
		t.Errorf("cash %v, sum %v, in cash %v", a.Barbestand, a.Summe(), a.Bar())
	}
}

// The business day is that of the first record, also past midnight (night service).
func TestBuchungstag(t *testing.T) {
	abend, morgen := civil.Must(2026, 11, 26), civil.Must(2026, 11, 27)
	slip := bon.Bon{Nacherfassung: true, Tag: civil.Must(2026, 11, 20)}
	for _, c := range []struct {
		belege []bon.Bon
		want   civil.Day
	}{
		{nil, morgen},
		{[]bon.Bon{{Tag: abend}, {Tag: morgen}}, abend},
		{[]bon.Bon{slip, {Tag: abend}}, abend},
		{[]bon.Bon{slip}, morgen},
		{[]bon.Bon{{Tag: civil.Must(2026, 12, 1)}}, morgen}, // no day that has not come yet
	} {
		if got := abschluss.Buchungstag(c.belege, morgen); got != c.want {
			t.Errorf("%v: %v, want %v", c.belege, got, c.want)
		}
	}
}

func TestZaehlung(t *testing.T) {
	z := abschluss.Zaehlung{{5000, 2}, {200, 3}, {1, 7}}
	if z.Check() != nil || z.Summe() != 10607 {
		t.Errorf("%v, %v", z.Check(), z.Summe())
	}
	for _, z := range []abschluss.Zaehlung{{{3, 1}}, {{5, 1}, {5, 1}}, {{5, -1}}, {{5, abschluss.MaxStueck + 1}}} {
		if z.Check() == nil {
			t.Errorf("%v is accepted", z)
		}
	}
}

// However a day is cut into closings, they add up to it, and each goes on with the cash of
// the last.
func TestZusammen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []bon.Bon
		for i := range rapid.IntRange(1, 20).Draw(t, "records") {
			c := money.Cent(rapid.Int64Range(-5000, 20000).Draw(t, "amount"))
			b := verkauf(fmt.Sprintf("1-%06d", i+1), otc(c), bon.Zahlung{Art: bon.Bar, Betrag: c})
			if rapid.Bool().Draw(t, "Bewegung") {
				b = bewegung(b.Nummer, bon.Einzahlung, c)
			}
			list = append(list, b)
		}
		cut := rapid.IntRange(0, len(list)).Draw(t, "cut")
		k := abschluss.Kopf{Till: "1"}
		all := abschluss.Compute(k, 100, list, nil)
		one := abschluss.Compute(k, 100, list[:cut], nil)
		two := abschluss.Compute(k, one.Barbestand, list[cut:], nil)
		if all.Barbestand != two.Barbestand || all.Bar() != one.Bar()+two.Bar() || all.Anzahl != one.Anzahl+two.Anzahl {
			t.Fatalf("%+v\n%+v\n%+v", all, one, two)
		}
		if all.Barbestand != 100+all.Bar() {
			t.Fatalf("cash %v of payments %v", all.Barbestand, all.Bar())
		}
	})
}
