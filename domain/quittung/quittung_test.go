package quittung_test

import (
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
)

func beleg() quittung.Beleg {
	at := time.Date(2026, 11, 23, 9, 5, 1, 0, time.UTC)
	return quittung.Beleg{
		Apotheke: quittung.Apotheke{Name: "Löwen-Apotheke", Strasse: "Marktstraße 1", PLZ: "12345", Ort: "Musterstadt"},
		Zeit:     at,
		Bon: bon.Bon{
			Nummer: "1-000417", Art: bon.Verkauf,
			Positionen: []bon.Position{
				{
					Nr: 1, PZN: "12345600", Bezeichnung: "L-THYROX", Packung: "100 St", Menge: 1, Preis: 1516, Gesamt: 1516,
					MwSt: 19 * money.Percent, Zuzahlung: 500, Mehrkosten: 56, TraegerZahlt: 960, Person: "p-1",
				},
				{Nr: 2, Bezeichnung: "Fencheltee", Menge: 2, Preis: 214, Gesamt: 428, MwSt: 7 * money.Percent, Privat: 428},
				{Nr: 3, Bezeichnung: "Impfung", Menge: 1, Preis: 1000, Gesamt: 1000, Privat: 1000},
			},
			Zahlungen: []bon.Zahlung{{Art: bon.Karte, Betrag: 1000}, {Art: bon.Bar, Betrag: 984, Gegeben: 1000}},
		},
		Sicherung: quittung.Sicherung{
			Lage: quittung.Signiert, KassenSeriennummer: "OFZ-1", Transaktion: 13, Zaehler: 44131, Beginn: at.Add(-time.Minute), Ende: at,
			Sicherheitsmodul: strings.Repeat("ab", 32), Pruefwert: strings.Repeat("Pq+/", 22), QR: "V0;OFZ-1;…",
		},
	}
}

// text is the receipt with a line for each piece.
func text(b quittung.Beleg) string {
	var out strings.Builder
	for _, z := range b.Zeilen() {
		out.WriteString(z.Left + "|" + z.Right + "\n")
	}
	return out.String()
}

// § 6 S. 1 KassenSichV and AEAO zu § 146a 2.4.4: what must stand on a receipt, number by number.
func TestPflichtangaben(t *testing.T) {
	got := text(beleg())
	for norm, want := range map[string][]string{
		"Nr. 1 Name und Anschrift":        {"Löwen-Apotheke|", "Marktstraße 1|", "12345 Musterstadt|"},
		"Nr. 2 Ausstellung, Beginn, Ende": {"23.11.2026, 09:05 Uhr|", "Beginn 23.11.2026 09:04:01, Ende 23.11.2026 09:05:01|"},
		"Nr. 3 Menge und Art":             {"L-THYROX 100 St|15,16 A", "PZN 12345600, 1 × 15,16|", "2 × 2,14|"},
		"Nr. 4 Transaktionsnummer":        {"TSE-Transaktion 13, "},
		"Nr. 5 Entgelt, Steuer, Satz": {
			"A = 19 % MwSt.: netto 12,74, Steuer 2,42, brutto 15,16|", "B = 7 % MwSt.: netto 4,00, Steuer 0,28, brutto 4,28|",
			"C = ohne MwSt. (steuerfrei oder nicht steuerbar): 10,00|", "Zu zahlen|19,84 €",
		},
		"Nr. 6 Seriennummern": {"Kassen-Seriennummer OFZ-1|", "TSE-Seriennummer " + strings.Repeat("ab", 32)},
		"Nr. 7 Prüfwert":      {"Signaturzähler 44131|", "Prüfwert " + strings.Repeat("Pq+/", 22)},
		"AEAO 2.4.4":          {"Karte|10,00 €", "Bar|9,84 €", "Gegeben|10,00 €", "Rückgeld|0,16 €"},
		"QR":                  {"V0;OFZ-1;…|"},
	} {
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is missing in\n%s", norm, w, got)
			}
		}
	}
}

// AEAO zu § 146a 1.14.2: an outage is marked; no code and no value that nobody signed stand on
// the receipt. A device for practice never gives a code.
func TestOhneSignatur(t *testing.T) {
	for lage, want := range map[quittung.Lage]string{
		quittung.Keine: quittung.OhneTSE, quittung.Ausfall: "TSE AUSGEFALLEN", quittung.Probe: "TSE NUR ZUR PROBE",
	} {
		b := beleg()
		b.Sicherung.Lage = lage
		for _, z := range b.Zeilen() {
			if z.Style == quittung.Code {
				t.Errorf("%q has a code", lage)
			}
		}
		got := text(b)
		if !strings.Contains(got, want) || lage != quittung.Probe && strings.Contains(got, "Prüfwert") {
			t.Errorf("%q: %q in\n%s", lage, want, got)
		}
	}
}

// A copy is marked and says the same otherwise, the values of the TSE included.
func TestKopie(t *testing.T) {
	original, b := text(beleg()), beleg()
	b.Kopie = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	const mark = "KOPIE, gedruckt am 24.11.2026, 10:00 Uhr|\n"
	if got := text(b); !strings.Contains(got, mark) || strings.Replace(got, mark, "", 1) != original {
		t.Error(got)
	}
	b.Digital = true
	if got := text(b); !strings.Contains(got, "KOPIE, digital gegeben am 24.11.2026, 10:00 Uhr|\n") {
		t.Error(got)
	}
}

// Health data: the receipt names nobody; the Zuzahlungsquittung names the patient it was asked
// for, and nothing of anybody else (§ 61 S. 4 SGB V).
func TestZuzahlung(t *testing.T) {
	b := beleg()
	b.Bon.Positionen = append(b.Bon.Positionen, bon.Position{
		Nr: 4, Bezeichnung: "Fremdes Mittel", Menge: 1, Gesamt: 500, Zuzahlung: 500, Person: "p-2", MwSt: 19 * money.Percent,
	})
	b.Patient = quittung.Patient{ID: "p-1", Name: "Erika Muster", Geburt: "03.05.1970"}
	if got := text(b); strings.Contains(got, "Erika") || !strings.Contains(got, "Zuzahlungsquittung (§ 61 Satz 4 SGB V)|10,00 €") {
		t.Error(got)
	}
	b.Art = quittung.Zuzahlung
	got := text(b)
	for want, there := range map[string]bool{
		"für Erika Muster|": true, "geboren am 03.05.1970|": true, "L-THYROX 100 St|5,00": true,
		"davon trägt der Kostenträger|9,60": true, "gezahlte Zuzahlung|5,00 €": true, "Fremdes Mittel": false, "Fencheltee": false,
	} {
		if strings.Contains(got, want) != there {
			t.Errorf("%q: want %t in\n%s", want, there, got)
		}
	}
}

// What was waived is no payment, and the paper says so.
func TestKulanz(t *testing.T) {
	b := beleg()
	b.Bon.Positionen[0].Kulanz, b.Bon.Positionen[0].KulanzGrund = 500, "Stammkunde"
	if got := text(b); strings.Contains(got, "Zuzahlungsquittung") || !strings.Contains(got, "erlassene Zuzahlung|-5,00") {
		t.Error(got)
	}
	b.Art = quittung.Kulanz
	for _, want := range []string{"Erlassene Zuzahlung|", "Grund: Stammkunde|", "von der Apotheke erlassen|5,00 €", "nicht gezahlt"} {
		if got := text(b); !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestBarzahlung(t *testing.T) {
	for _, c := range []struct {
		want bool
		list []bon.Zahlung
	}{
		{true, []bon.Zahlung{{Art: bon.Karte, Betrag: 1000}, {Art: bon.Bar, Betrag: 984}}},
		{true, []bon.Zahlung{{Art: bon.Bar, Betrag: -984}}}, // money goes back
		{false, []bon.Zahlung{{Art: bon.Karte, Betrag: 1000}}},
		{false, []bon.Zahlung{{Art: bon.Bar}}}, // a befreites Rezept
		{false, nil},
	} {
		if got := quittung.Barzahlung(bon.Bon{Zahlungen: c.list}); got != c.want {
			t.Errorf("%+v: %t", c.list, got)
		}
	}
}

// What sells a voucher has no VAT: where its table would stand are not two rules in a row.
func TestOhneSteuer(t *testing.T) {
	b := beleg()
	b.Bon.Positionen = []bon.Position{{
		Nr: 1, Geschaeft: bon.Gutscheinkauf, Bezeichnung: "Gutschein", Bezug: "0000000000079444", Menge: 1, Preis: 2000, Gesamt: 2000, Privat: 2000,
	}}
	lines := b.Zeilen()
	for i, z := range lines[1:] {
		if z.Style == quittung.Rule && lines[i].Style == quittung.Rule {
			t.Errorf("two rules after %q", lines[i-1].Left)
		}
	}
}
