package buchung_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

const voll = 19 * money.Percent

func verkauf(nr int, list []bon.Position, z ...bon.Zahlung) bon.Bon {
	return bon.Bon{Nummer: fmt.Sprintf("1-%06d", nr), Art: bon.Verkauf, Positionen: list, Zahlungen: z}
}

func bar(c money.Cent) bon.Zahlung   { return bon.Zahlung{Art: bon.Bar, Betrag: c} }
func karte(c money.Cent) bon.Zahlung { return bon.Zahlung{Art: bon.Karte, Betrag: c} }

func ware(gesamt money.Cent, satz money.PPM) bon.Position {
	return bon.Position{Nr: 1, Menge: 1, Gesamt: gesamt, Privat: gesamt, MwSt: satz}
}

func rezept(gesamt, anteil money.Cent) bon.Position {
	return bon.Position{
		Nr: 1, Menge: 1, Gesamt: gesamt, MwSt: voll, Traeger: zuzahlung.GKV, IK: "104940005", Zuzahlung: anteil,
		TraegerZahlt: gesamt - anteil,
	}
}

func bewegung(nr int, g bon.Geschaeft, c money.Cent) bon.Bon {
	return bon.Bon{
		Nummer: fmt.Sprintf("1-%06d", nr), Art: bon.Bewegung, Zahlungen: []bon.Zahlung{bar(c)},
		Positionen: []bon.Position{{Nr: 1, Menge: 1, Geschaeft: g, Gesamt: c, Privat: c}},
	}
}

// The pattern of the bookkeeping per Z: cash, claims and cards to revenue by rate, and what
// moved cash by itself.
func TestBuchen(t *testing.T) {
	a := abschluss.Compute(abschluss.Kopf{Till: "1", Nummer: 7, Tag: civil.Must(2026, 11, 26)}, 10000, []bon.Bon{
		verkauf(1, []bon.Position{ware(1190, voll), ware(700, 7*money.Percent)}, bar(1890)),
		verkauf(2, []bon.Position{rezept(5999, 600)}, karte(600)),
		verkauf(3, []bon.Position{ware(500, 0)}, bar(500)),
		bewegung(4, bon.Geldtransit, -2000), bewegung(5, bon.DifferenzSoll, -100), bewegung(6, bon.Privatentnahme, -300),
		verkauf(7, []bon.Position{{Nr: 1, Menge: 1, Geschaeft: bon.Gutscheinkauf, Gesamt: 2500, Privat: 2500}}, bar(2500)),
	}, nil)
	list, err := buchung.Buchen(a, buchung.Vorgabe(buchung.SKR03, 4))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range list {
		got = append(got, fmt.Sprintf("%s an %s %s %s", b.Soll, b.Haben, b.Betrag.Plain(), b.Text))
		if b.Tag != a.Tag || b.Beleg != "Z1-7" {
			t.Errorf("%+v", b)
		}
	}
	want := []string{
		"2309 an 1000 1,00 Z1-7 Kassenplatz 1: Differenz",
		"1360 an 1000 20,00 Z1-7 Kassenplatz 1: Geldtransit",
		"1800 an 1000 3,00 Z1-7 Kassenplatz 1: Privatentnahme",
		"1411 an 8400 53,99 Z1-7 Kassenplatz 1: Erlöse 19 %",
		"1361 an 8400 6,00 Z1-7 Kassenplatz 1: Erlöse 19 %",
		"1000 an 8400 11,90 Z1-7 Kassenplatz 1: Erlöse 19 %",
		"1000 an 8300 7,00 Z1-7 Kassenplatz 1: Erlöse 7 %",
		"1000 an 8100 5,00 Z1-7 Kassenplatz 1: Erlöse 0 %",
		"1000 an 1700 25,00 Z1-7 Kassenplatz 1: Gutscheine",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestKonten(t *testing.T) {
	for _, r := range []buchung.Rahmen{buchung.SKR03, buchung.SKR04} {
		for _, n := range []int{4, 6, 8} {
			if err := buchung.Vorgabe(r, n).Check(n); err != nil {
				t.Errorf("%s, %d digits: %v", r, n, err)
			}
		}
	}
	for _, bad := range []string{"", "12", "84000", "84a0", "0000", "1000"} {
		k := buchung.Vorgabe(buchung.SKR03, 4)
		k[buchung.ErloesVoll] = bad
		if k.Check(4) == nil {
			t.Errorf("account %q is accepted", bad)
		}
	}
}

// Whatever a day brought, each account moves by what the Z says of it, and the cash account by
// the cash (§ 146 (1) AO).
func TestSummenWieZ(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := abschluss.Compute(abschluss.Kopf{Till: "1", Nummer: 1}, 0, tag(t), nil)
		k := buchung.Vorgabe(buchung.SKR04, 4)
		list, err := buchung.Buchen(a, k)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]money.Cent{}
		for _, b := range list {
			if b.Betrag <= 0 || b.Soll == b.Haben {
				t.Fatalf("%+v", b)
			}
			got[b.Soll] += b.Betrag
			got[b.Haben] -= b.Betrag
		}
		want := map[string]money.Cent{k[buchung.Bargeld]: a.Bar()}
		for _, g := range a.Geschaefte {
			want[k[zweck(g)]] -= g.Brutto
		}
		for _, z := range a.Zahlungen {
			if z.Art == kassenbeleg.ECKarte {
				want[k[buchung.Karten]] += z.Betrag
			}
			if z.Art == kassenbeleg.Unbar {
				want[k[buchung.Rezepte]] += z.Betrag
			}
		}
		for konto, c := range want {
			if got[konto] != c {
				t.Fatalf("account %s moves by %v, the Z says %v", konto, got[konto], c)
			}
		}
	})
}

func zweck(g abschluss.Geschaeft) buchung.Zweck {
	switch {
	case g.Typ == bon.Forderung:
		return buchung.Rezepte
	case g.Typ == bon.Geldtransit:
		return buchung.Transit
	case g.Typ == bon.DifferenzSoll:
		return buchung.Differenz
	case g.Typ == bon.Gutscheinkauf:
		return buchung.Gutscheine
	case g.Satz == voll:
		return buchung.ErloesVoll
	case g.Satz != 0:
		return buchung.ErloesErmaessigt
	}
	return buchung.ErloesFrei
}

func tag(t *rapid.T) (list []bon.Bon) {
	for i := range rapid.IntRange(1, 15).Draw(t, "records") {
		c := money.Cent(rapid.Int64Range(-5000, 20000).Draw(t, "amount"))
		card := money.Cent(rapid.Int64Range(-1000, 1000).Draw(t, "card"))
		satz := rapid.SampledFrom([]money.PPM{0, 7 * money.Percent, voll}).Draw(t, "rate")
		sale := verkauf(i+1, []bon.Position{ware(c, satz)}, bar(c-card), karte(card))
		gift := bon.Position{Nr: 1, Menge: 1, Geschaeft: bon.Gutscheinkauf, Gesamt: c, Privat: c}
		rx := verkauf(i+1, []bon.Position{rezept(c, 500)}, bar(500-card), karte(card))
		rx.Unbar = rapid.Bool().Draw(t, "unbar")
		list = append(list, rapid.SampledFrom([]bon.Bon{
			sale, rx, bewegung(i+1, bon.Geldtransit, c), bewegung(i+1, bon.DifferenzSoll, c),
			verkauf(i+1, []bon.Position{gift}, bar(c)),
		}).Draw(t, "record"))
	}
	return list
}
