package erezept_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/abrechnung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/erezept"
)

func TestParseAbgabedatenReferenz(t *testing.T) {
	n := each(t, referenz(t, "abgabedaten"), func(name string, data []byte) {
		a, err := erezept.ParseAbgabedaten(data, true)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		var gross, paid money.Cent
		for _, z := range a.Zeilen {
			gross += z.Betrag
			paid += z.Kosten[0]
		}
		if gross != a.Brutto || paid != a.Gesamtzuzahlung {
			t.Errorf("%s: lines %v and %v, totals %v and %v", name, gross, paid, a.Brutto, a.Gesamtzuzahlung)
		}
	})
	if n < 158 {
		t.Errorf("%d bundles read, want 158", n)
	}
}

func TestParseAbgabedatenInvalid(t *testing.T) {
	each(t, referenz(t, "invalid/abgabedaten"), func(name string, data []byte) {
		if _, err := erezept.ParseAbgabedaten(data, true); err == nil {
			t.Errorf("%s: accepted", name)
		}
	})
}

func own(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("testdata/abgabe.xml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestParseAbgabedaten reads a bundle of our own.
func TestParseAbgabedaten(t *testing.T) {
	got, err := erezept.ParseAbgabedaten([]byte(own(t)), true)
	if err != nil {
		t.Fatal(err)
	}
	none := abrechnung.Attribute{Markt: -1, Rabattvertrag: -1, Preisguenstig: -1, Import: -1, Zuzahlungsstatus: -1}
	noctu := none
	noctu.Noctu = true
	want := abrechnung.Abgabedaten{
		Profil: "DAV-PR-ERP-AbgabedatenBundle|1.5", Rezept: "160.999.202.611.231.35", Abgabe: civil.Must(2026, 11, 23),
		ApothekeIK: "301234567", Aenderungen: []int{13}, Brutto: 3446, Gesamtzuzahlung: 500,
		Zeilen: []abrechnung.Zeile{
			{
				Nr: 1, System: abrechnung.SystemPZN, Code: "04773414", Text: "Demolol", Faktor: 2, Betrag: 3196,
				MwSt: 19 * money.Percent, Kosten: [3]money.Cent{500, 56}, Chargen: []string{"CH1"},
				Attribut: abrechnung.Attribute{
					Markt: 5, Rabattvertrag: 1, Preisguenstig: 2, Teilmenge: true, SpenderPZN: "04773414",
				},
			},
			{
				Nr: 2, System: abrechnung.SystemSOK, Code: "02567018", Faktor: 1, Betrag: 250, MwSt: 19 * money.Percent,
				Attribut: noctu,
			},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	blind, err := erezept.ParseAbgabedaten([]byte(strings.ReplaceAll(own(t), "KostenVersicherter", "Weg")), false)
	if err != nil || blind.Zeilen[0].Kosten != [3]money.Cent{} || blind.Zeilen[0].Betrag != 3196 {
		t.Errorf("blind: %v %+v", err, blind)
	}
}

// TestAbgabedatenRefused breaks one rule of the profile at a time.
func TestAbgabedatenRefused(t *testing.T) {
	good := own(t)
	for _, c := range []struct{ old, new, code string }{
		{"AbgabedatenBundle|1.5", "AbgabedatenBundle|1.2", "R-113"},
		{"DAV-PR-ERP-AbgabedatenBundle|1.5", "DAV-PKV-PR-ERP-AbgabedatenBundle|1.5", "R-113"},
		{"DAV-PR-ERP-AbgabedatenBundle", "KBV_PR_ERP_Bundle", "R-112"},
		{"160.999.202", "160-999.202", "R-115"},
		{`"2026-11-23"`, `"2026-11-31"`, "R-115"},
		{`"70173"`, `"701730"`, "R-115"},
		{`code value="13"`, `code value="99"`, "R-115"},
		{`code value="13"`, `code value="12"`, "R-115"}, // needs a reason
		{`sequence value="2"`, `sequence value="3"`, "R-115"},
		{`sequence value="2"`, `sequence value="x"`, "R-115"},
		{`"04773414"/></coding><text`, `"4773414"/></coding><text`, "R-115"},
		{`"31.96"`, `"31.9"`, "R-115"},
		{`"31.96"`, `"99999999.00"`, "R-115"},
		{`"EUR"`, `"USD"`, "R-115"},
		{`"19.00"`, `"19"`, "R-115"},
		{`factor value="2"`, `factor value="2.0"`, "R-115"},
		{`code value="0"/></coding></valueCodeableConcept></extension>
          <extension url="Kostenbetrag"`, `code value="3"/></coding></valueCodeableConcept></extension>
          <extension url="Kostenbetrag"`, "R-115"},
		{`"5.00"`, `"-5"`, "R-115"},
		{`code value="5"`, `code value="6"`, "R-115"},
		{
			`url="Markt"><extension url="Gruppe"><valueCodeableConcept><coding><code value="1"`,
			`url="Markt"><extension url="Gruppe"><valueCodeableConcept><coding><code value="2"`, "R-115",
		},
		{"2026-11-23T21:00:00Z", "2026-11-23", "R-115"},
		{`"02567018"`, `"02567019"`, "R-115"}, // Noctu belongs to its Sonderkennzeichen
		{"lineItem>", "zeile>", "R-115"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if c.old == "lineItem>" {
			bad = strings.ReplaceAll(good, c.old, c.new)
		}
		if bad == good {
			t.Fatalf("%q is not in the file", c.old)
		}
		if _, err := erezept.ParseAbgabedaten([]byte(bad), true); err == nil || !strings.Contains(err.Error(), c.code) {
			t.Errorf("%s: got %v, want %s", c.new, err, c.code)
		}
	}
}
