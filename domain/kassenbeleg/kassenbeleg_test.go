package kassenbeleg_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/zuzahlung"
)

const voll = 19 * money.Percent

// rezept is a prescription drug of 59,99 € with a Zuzahlung.
func rezept(anteil money.Cent) bon.Position {
	const gesamt money.Cent = 5999
	return bon.Position{
		Nr: 1, Menge: 1, Bezeichnung: "Ramipril 5 mg", Gesamt: gesamt, MwSt: voll, Traeger: zuzahlung.GKV, IK: "104940005",
		Zuzahlung: anteil, TraegerZahlt: gesamt - anteil,
	}
}

func otc(gesamt money.Cent) bon.Position {
	return bon.Position{Nr: 2, Menge: 1, Bezeichnung: "Ibuprofen 400", Gesamt: gesamt, Privat: gesamt, MwSt: voll}
}

func bar(c money.Cent) []bon.Zahlung   { return []bon.Zahlung{{Art: bon.Bar, Betrag: c}} }
func karte(c money.Cent) []bon.Zahlung { return []bon.Zahlung{{Art: bon.Karte, Betrag: c}} }

// DSFinV-K 2.4 Anhang I; the prescriptions are the cases of a pharmacy that § 146a AO knows no
// form of its own for.
func TestDaten(t *testing.T) {
	kulanz := rezept(600)
	kulanz.Kulanz, kulanz.KulanzGrund = 600, "Reklamation"
	transit := bon.Position{Nr: 1, Menge: 1, Geschaeft: bon.Geldtransit, Gesamt: -50000, Privat: -50000}
	buch := bon.Position{Nr: 3, Menge: 1, Gesamt: 700, Privat: 700, MwSt: 7 * money.Percent}
	cases := []struct {
		name string
		b    bon.Bon
		want string
	}{
		{"OTC, cash", bon.Bon{Positionen: []bon.Position{otc(895)}, Zahlungen: bar(895)}, "Beleg^8.95_0.00_0.00_0.00_0.00^8.95:Bar"},
		{
			"Rx 59,99 €, Zuzahlung 6,00 € in cash",
			bon.Bon{Positionen: []bon.Position{rezept(600)}, Zahlungen: bar(600)},
			"Beleg^59.99_0.00_0.00_0.00_-53.99^6.00:Bar",
		},
		{
			"the same, exempt: no payment",
			bon.Bon{Positionen: []bon.Position{rezept(0)}},
			"Beleg^59.99_0.00_0.00_0.00_-59.99^",
		},
		{
			"with OTC 8,95 € by card",
			bon.Bon{Positionen: []bon.Position{rezept(600), otc(895)}, Zahlungen: karte(1495)},
			"Beleg^68.94_0.00_0.00_0.00_-53.99^14.95:Unbar",
		},
		{
			"the insurer's share as payment",
			bon.Bon{Unbar: true, Positionen: []bon.Position{rezept(600)}, Zahlungen: bar(600)},
			"Beleg^59.99_0.00_0.00_0.00_0.00^6.00:Bar_53.99:Unbar",
		},
		{"Zuzahlung waived", bon.Bon{Positionen: []bon.Position{kulanz}}, "Beleg^53.99_0.00_0.00_0.00_-53.99^"},
		{
			"500,00 € to the safe",
			bon.Bon{Art: bon.Bewegung, Positionen: []bon.Position{transit}, Zahlungen: bar(-50000)},
			"Beleg^0.00_0.00_0.00_0.00_-500.00^-500.00:Bar",
		},
		{
			"two rates, mixed",
			bon.Bon{
				Positionen: []bon.Position{otc(895), buch},
				Zahlungen:  append(karte(1000), bar(595)...),
			},
			"Beleg^8.95_7.00_0.00_0.00_0.00^5.95:Bar_10.00:Unbar",
		},
		{
			"dropped before it was paid",
			bon.Bon{Art: bon.Abbruch, Positionen: []bon.Position{otc(895)}},
			"AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^",
		},
		{
			"training",
			bon.Bon{Uebung: true, Positionen: []bon.Position{otc(895)}, Zahlungen: bar(895)},
			"AVTraining^8.95_0.00_0.00_0.00_0.00^8.95:Bar",
		},
	}
	for _, c := range cases {
		k := kassenbeleg.Aus(c.b)
		if got := k.Daten(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if k.Typ == kassenbeleg.Beleg && k.Summe() != k.Gezahlt() {
			t.Errorf("%s: business cases %v, payments %v", c.name, k.Summe(), k.Gezahlt())
		}
	}
}

// A Vorgang that waits overnight: Bestellung-V1, a line per position, separated by CR.
func TestBestellung(t *testing.T) {
	p := otc(798)
	p.Menge, p.Bezeichnung = 2, `Eisbecher "Himbeere"`
	k := kassenbeleg.Aus(bon.Bon{Art: bon.Bestellung, Positionen: []bon.Position{p, otc(895)}})
	want := "2;\"Eisbecher \"\"Himbeere\"\"\";3.99\r1;\"Ibuprofen 400\";8.95"
	if got := k.Daten(); got != want || k.Prozess() != "Bestellung-V1" {
		t.Errorf("%s %q", k.Prozess(), got)
	}
}

// DSFinV-K 2.4 Anhang I, example of several currencies, and what the form does not allow.
func TestLesen(t *testing.T) {
	const official = "Beleg^75.33_7.99_0.00_0.00_0.00^10.00:Bar_5.00:Bar:CHF_5.00:Bar:USD_64.30:Unbar"
	p, err := kassenbeleg.Lesen(official)
	if err != nil || p.String() != official || p.Umsaetze[1] != 799 || len(p.Zahlungen) != 4 || p.Zahlungen[1].Waehrung != "CHF" {
		t.Errorf("%+v %v", p, err)
	}
	for _, bad := range []string{
		"", "Beleg^^", "Beleg^1.00_0.00_0.00_0.00^1.00:Bar", "AVBelegstorno^1.00_0.00_0.00_0.00_0.00^1.00:Bar",
		"Beleg^1_0.00_0.00_0.00_0.00^1.00:Bar", "Beleg^+1.00_0.00_0.00_0.00_0.00^1.00:Bar",
		"Beleg^3,000.00_0.00_0.00_0.00_0.00^1.00:Bar", "Beleg^.50_0.00_0.00_0.00_0.00^0.50:Bar",
		"Beleg^1.00_0.00_0.00_0.00_0.00^0.00:Bar", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Unbar_1.00:Bar",
		"Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar_1.00:Bar", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar:EUR",
		"Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar:CHF_1.00:Bar", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Karte",
		"beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar",
	} {
		if p, err := kassenbeleg.Lesen(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, p)
		}
	}
}

func FuzzLesen(f *testing.F) {
	f.Add("Beleg^75.33_7.99_0.00_0.00_0.00^10.00:Bar_5.00:Bar:CHF_64.30:Unbar")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := kassenbeleg.Lesen(s); err == nil && p.String() != s {
			t.Errorf("%q is read as %q", s, p.String())
		}
	})
}

// Whatever is sold, the business cases add up to the payments, tax and net to gross, the tax of the
// lines to that of the record, and the
// text is of the form (DSFinV-K 2.4; Kassenbeleg-V1).
func TestImmerAusgeglichen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bon.Bon{Unbar: rapid.Bool().Draw(t, "unbar")}
		for i := range rapid.IntRange(1, 8).Draw(t, "lines") {
			gesamt := money.Cent(rapid.Int64Range(-20_000, 200_000).Draw(t, "gesamt"))
			p := bon.Position{Nr: i + 1, Menge: 1, Gesamt: gesamt, Privat: gesamt}
			p.MwSt = rapid.SampledFrom([]money.PPM{0, 7 * money.Percent, voll}).Draw(t, "rate")
			if gesamt > 1000 && rapid.Bool().Draw(t, "Rezept") {
				p.Privat, p.Traeger, p.Zuzahlung, p.TraegerZahlt = 0, zuzahlung.GKV, 1000, gesamt-1000
				p.Kulanz = rapid.SampledFrom([]money.Cent{0, 1000}).Draw(t, "kulanz")
				p.IK = rapid.SampledFrom([]string{"", "104940005", "109519005"}).Draw(t, "ik")
			}
			b.Positionen = append(b.Positionen, p)
		}
		card := money.Cent(rapid.Int64Range(0, 5000).Draw(t, "card"))
		b.Zahlungen = append(karte(card), bar(b.Summen().Patient-card)...)
		k := kassenbeleg.Aus(b)
		if k.Summe() != k.Gezahlt() {
			t.Fatalf("business cases %v, payments %v", k.Summe(), k.Gezahlt())
		}
		tax := map[int]money.Cent{}
		for _, g := range k.Geschaefte {
			if g.Netto+g.Steuer != g.Brutto {
				t.Fatalf("%+v", g)
			}
			tax[g.Schluessel] += g.Steuer
		}
		for _, s := range k.Steuern() {
			if tax[s.Schluessel] != s.Betrag {
				t.Fatalf("key %d: the lines have %v of tax, the record %v", s.Schluessel, tax[s.Schluessel], s.Betrag)
			}
		}
		receipt := map[money.PPM]money.Cent{} // what the customer reads, by rate
		for _, s := range b.Steuern() {
			receipt[s.Satz] = s.MwSt
		}
		for _, s := range k.Steuern() {
			if s.Satz != 0 && receipt[s.Satz] != s.Betrag {
				t.Fatalf("rate %v: %v on the receipt, %v for the tax office", s.Satz, receipt[s.Satz], s.Betrag)
			}
		}
		if _, err := kassenbeleg.Lesen(k.Daten()); err != nil {
			t.Fatalf("%s: %v", k.Daten(), err)
		}
	})
}

// DSFinV-K 2.4 Anhang I Tz. 2, the official example; a TSE that proves nothing gives no code.
func TestQR(t *testing.T) {
	const want = "V0;AMA-2642;Kassenbeleg-V1;Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar;13;44131;" +
		"2019-11-22T11:29:48.000Z;2019-11-22T11:29:49.000Z;ecdsa-plain-SHA384;unixTime;K8zs;BBXN"
	g := kassenbeleg.Gesichert{
		Nummer: "1-000001", Serie: "AMA-2642", Prozess: kassenbeleg.ProzessBeleg,
		Daten:    "Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar",
		Signatur: &tse.Signatur{Transaktion: 13, Zaehler: 44131, Beginn: 1574422188e9, Ende: 1574422189e9, Wert: "K8zs"},
	}
	device := tse.Geraet{Algorithmus: "ecdsa-plain-SHA384", Zeitformat: "unixTime", Schluessel: "BBXN"}
	if got := g.QR(device); got != want {
		t.Errorf("%s", got)
	}
	device.Uebung = true
	if got := g.QR(device); got != "" || g.Text(device) != want {
		t.Errorf("%s", got)
	}
	g.Signatur, g.Ausfall = nil, "TSE ausgefallen"
	if got := g.Text(device); got != "" {
		t.Errorf("%s", got)
	}
}
