package preis_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

// stoffe are whole packs with their purchase prices, net.
func stoffe(ek ...money.Cent) []preis.Bestandteil {
	var list []preis.Bestandteil
	for _, c := range ek {
		list = append(list, preis.Bestandteil{Name: "Stoff", EK: c})
	}
	return list
}

// The kind of work decides about Rezepturzuschlag and Grundmenge. Net = Rezepturzuschlag +
// 8,35 € (since 2017-05-13), as nothing is used; above the Grundmenge half of the
// Rezepturzuschlag again for each further quantity up to it.
func TestArbeiten(t *testing.T) {
	for _, c := range []struct {
		arbeit preis.Arbeit
		menge  int64
		netto  money.Cent
		norm   string
	}{
		{preis.Einfach, 500, 1185, "AMPreisV § 5 Abs. 3 Nr. 1: 3,50 € bis 500 g"},
		{preis.Einfach, 501, 1360, "die Hälfte mehr: 5,25 €"},
		{preis.Loesung, 300, 1185, "Nr. 1: 3,50 € bis 300 g"},
		{preis.Loesung, 301, 1360, "5,25 €"},
		{preis.Salbe, 200, 1435, "Nr. 2: 6,00 € bis 200 g"},
		{preis.Salbe, 201, 1735, "9,00 €"},
		{preis.Salbe, 401, 2035, "zwei weitere Mengen: 12,00 €"},
		{preis.LoesungWaerme, 300, 1435, "Nr. 2: 6,00 € bis 300 g"},
		{preis.LoesungWaerme, 500, 1735, "TA1: 500 g auf 300 g, 9,00 €"},
		{preis.Pillen, 50, 1635, "Nr. 3: 8,00 € bis 50 Stück"},
		{preis.Pillen, 51, 2035, "12,00 €"},
		{preis.Kapseln, 12, 1635, "Nr. 3: bis 12 Stück"},
		{preis.Kapseln, 60, 3235, "vier weitere: 24,00 €"},
		{preis.Steril, 300, 1635, "Nr. 3: bis 300 g"},
		{preis.Steril, 301, 2035, "12,00 €"},
		{preis.Ampullen, 6, 1635, "Nr. 3: bis 6 Stück"},
		{preis.Ampullen, 7, 2035, "12,00 €"},
		{preis.Unverarbeitet, 0, 0, "AMPreisV § 4: kein Zuschlag für Arbeit"},
	} {
		p := preis.ComputeZubereitung(preis.Zubereitung{Arbeit: c.arbeit, Menge: c.menge}, law(t, "2026-11-25"))
		if p.Netto != c.netto || len(p.Befunde) > 0 {
			t.Errorf("%s %d: %s %v, want %s (%s)", c.arbeit, c.menge, p.Netto, p.Befunde, c.netto, c.norm)
		}
	}
}

func TestZubereitung(t *testing.T) {
	for _, c := range []struct {
		tag    string
		z      preis.Zubereitung
		brutto money.Cent
		befund string
		norm   string
	}{
		{"2017-12-13", preis.Zubereitung{Arbeit: preis.Salbe, Menge: 100, Bestandteile: stoffe(450, 100)}, 2951, "", "4,95 + 6,00 + 8,35 €"},
		{"2017-05-12", preis.Zubereitung{Arbeit: preis.Salbe, Menge: 100, Bestandteile: stoffe(134, 195, 34)}, 1417, "", "before the AMVSG"},
		{"2017-05-13", preis.Zubereitung{Arbeit: preis.Salbe, Menge: 100, Bestandteile: stoffe(134, 195, 34)}, 2530, "", "AMVSG"},
		{"2026-11-25", preis.Zubereitung{Arbeit: preis.Unverarbeitet, Bestandteile: stoffe(450, 100)}, 1309, "", "§ 4: × 2,00"},
		{"2026-11-25", preis.Zubereitung{Arbeit: "kochen", Menge: 1}, 0, "P-104", "no such work"},
		{"2026-11-25", preis.Zubereitung{Arbeit: preis.Salbe, Menge: 1_000_001}, 0, "P-104", "too much"},
		{"0000-00-00", preis.Zubereitung{Arbeit: preis.Salbe, Menge: 1}, 0, "P-102", "no law at all"},
	} {
		p := preis.ComputeZubereitung(c.z, law(t, c.tag))
		if p.Brutto != c.brutto || codes(p.Befunde) != c.befund {
			t.Errorf("%s %+v: %s %v, want %s (%s)", c.tag, c.z, p.Brutto, p.Befunde, c.brutto, c.norm)
		}
	}
}

// TestReferenzRezeptur computes the published preparations. Where a row gives what a
// component costs with its 90 %, it is the share 10/19 of a pack of that price.
func TestReferenzRezeptur(t *testing.T) {
	dir := os.Getenv("OFFIZIN_REFERENZ")
	if dir == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	f, err := os.Open(filepath.Join(dir, "pricing", "oracle.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, row := range rows[1:] {
		w := words{}
		for i, name := range rows[0] {
			w[name] = row[i]
		}
		if w["kind"] != "REZEPTUR" {
			continue
		}
		n++
		p := preis.ComputeZubereitung(published(t, w), law(t, w["date"]))
		if p.Netto != w.cent(t, "avp_net") || p.Brutto != w.cent(t, "avp_gross") || len(p.Befunde) > 0 {
			t.Errorf("%s: %s, %s %v; want %s, %s", w["id"], p.Netto, p.Brutto, p.Befunde, w["avp_net"], w["avp_gross"])
		}
	}
	if n < 3 {
		t.Errorf("%d rows", n)
	}
}

// published is the preparation of a row: components + Rezepturzuschlag + Festbetrag.
func published(t *testing.T, w words) preis.Zubereitung {
	t.Helper()
	text, _, _ := strings.Cut(w["pharmacy_markup"], " ")
	parts := strings.Split(text, "+")
	work := map[string]preis.Arbeit{"3.50": preis.Einfach, "6.00": preis.Salbe, "8.00": preis.Steril}
	z := preis.Zubereitung{Arbeit: work[parts[len(parts)-2]], Menge: 100}
	if w["aep_net"] != "" {
		z.Bestandteile = stoffe(w.cent(t, "aep_net"))
		return z
	}
	for _, c := range parts[:len(parts)-2] {
		z.Bestandteile = append(z.Bestandteile, preis.Bestandteil{EK: words{"c": c}.cent(t, "c"), Teil: 10, Ganz: 19})
	}
	return z
}
