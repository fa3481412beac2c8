package packcode_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/packcode"
)

const (
	gs   = "\x1d"
	head = "[)>\x1e06\x1d"
	tail = "\x1e\x04"
)

// TestParse: what a scanner sends, and what it says.
func TestParse(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"Code 39", "-04773414", "gueltig pzn=04773414"},
		{"Code 39 with frame", "*-04773414*", "gueltig pzn=04773414"},
		{"Code 39, wrong check digit", "-04773415", "ungueltig K-102"},
		{"typed PZN", "04773414", "gueltig pzn=04773414"},
		{"typed in groups", "0477 3414", "gueltig pzn=04773414"},
		{"seven digits", "4773414", "gueltig pzn=04773414"},
		{"EAN", "4006381333931", "gueltig"},
		{"EAN, wrong check digit", "4006381333932", "ungueltig K-152"},
		{"nonsense", "hallo", "ungueltig K-203"},
		{"IFA", head + "9N110477341451" + gs + "1TABC" + gs + "D271130" + gs + "S12345" + tail, "ungueltig K-162"},
		{
			"IFA", head + "9N" + ppn + gs + "1TABC" + gs + "D271130" + gs + "S12345" + tail,
			"gueltig pzn=04773414 serie=12345 charge=ABC verfall=2027-11-30",
		},
		{"day 00 is the last of the month", head + "9N" + ppn + gs + "D270200" + tail, "gueltig pzn=04773414 verfall=2027-02-28"},
		{"impossible day", head + "9N" + ppn + gs + "D270230" + tail, "ungueltig K-217"},
		{"no envelope", "9N" + ppn + gs + "S1", "gueltig pzn=04773414 serie=1 K-212"},
		{"no end", head + "9N" + ppn + gs + "S1", "gueltig pzn=04773414 serie=1 K-212"},
		{"broken envelope", "[)>\x1e07" + gs + "x", "ungueltig K-211"},
		{"all control characters lost", "[)>069N" + ppn + "1TABCS1", "mehrdeutig pzn=04773414 K-214"},
		{"two serial numbers", head + "9N" + ppn + gs + "S1" + gs + "S2" + tail, "ungueltig K-218"},
		{"two batches", head + "9N" + ppn + gs + "1TA" + gs + "1TB" + tail, "ungueltig K-218"},
		{"two products", head + "9N" + ppn + gs + "9N110375286414" + tail, "ungueltig K-218"},
		{"field without name", head + "9N" + ppn + gs + "?" + tail, "ungueltig K-226"},
		{
			"GS1 NTIN", "]d2010415004773414" + ntinCheck + "17271130" + "10ABC" + gs + "21XYZ",
			"gueltig pzn=04773414 serie=XYZ charge=ABC verfall=2027-11-30",
		},
		{"GS1 truncated", "]d2010415004773", "ungueltig K-222"},
		{"GS1, separator lost", "]d2010415004773414" + ntinCheck + "10ABC21XYZ17271130", "mehrdeutig"},
		{"Klarschrift", "(9N)" + ppn + " (1T)A(1) (D)271130 (S)X9", "gueltig pzn=04773414 serie=X9 charge=A(1) verfall=2027-11-30"},
		{"Klarschrift, GS1", "(01)0415004773414" + ntinCheck + "(21)X9", "gueltig pzn=04773414 serie=X9"},
		{"Klarschrift, broken", "(9N" + ppn, "ungueltig K-211"},
		{"no product", head + "D271130" + tail, "ohne-produkt K-213"},
		{"only a batch", "]d210ABC", "ohne-produkt K-213"},
		{"serial number too long", head + "9N" + ppn + gs + "S" + strings.Repeat("1", 21) + tail, "ungueltig K-216"},
		{"forbidden character", head + "9N" + ppn + gs + "SA#B" + tail, "ungueltig K-215"},
		{"empty serial number", head + "9N" + ppn + gs + "S" + tail, "ungueltig K-222"},
		{"two dates", head + "9N" + ppn + gs + "D271130" + gs + "D271131" + tail, "ungueltig"},
		{"month 13", head + "9N" + ppn + gs + "D271300" + tail, "ungueltig K-217"},
		{"last day of December", head + "9N" + ppn + gs + "D271200" + tail, "gueltig verfall=2027-12-31"},
		{"format 05: GS1 in an envelope", "[)>\x1e05" + gs + "010415004773414" + ntinCheck + gs + "21X" + tail, "gueltig pzn=04773414 serie=X"},
		{"GTIN with national PZN", "]d20104006381333931" + "21X" + gs + "71004773414", "gueltig pzn=04773414 serie=X"},
		{"GTIN with wrong national PZN", "]d20104006381333931" + "21X" + gs + "71004773415", "gueltig serie=X K-221"},
		{"NTIN with other national PZN", "]d2010415004773414" + ntinCheck + "21X" + gs + "71003752864", "ungueltig K-218"},
		{"NTIN beside a PPN", head + "9N" + ppn + gs + "8P0415004773414" + ntinCheck + tail, "gueltig pzn=04773414"},
		{"unknown element", "]d2010415004773414" + ntinCheck + "21X" + gs + "99Z", "gueltig pzn=04773414 serie=X"},
		{"placeholders", "[)>{RS}06{GS}9N" + ppn + "{GS}SX{RS}{EOT}", "gueltig pzn=04773414 serie=X"},
		{"escapes", `[)>\x1e06\u001D9N` + ppn + `\X1dSX\x1e\x04`, "gueltig pzn=04773414 serie=X"},
		{"Caps Lock shows in the identifiers", head + "9n" + ppn + gs + "sabC" + tail, "mehrdeutig pzn=04773414 K-219"},
		{"Caps Lock shows in the symbology", "]D201041500477341400", "ungueltig K-219"},
		{"American keyboard", "+d201041500477341400", "ungueltig K-220"},
		{"empty", " ", "ungueltig K-201"},
		{"too long", strings.Repeat("1", 600), "ungueltig K-202"},
		{"EAN with identifier", "]E04006381333931", "gueltig"},
		{"Code 39 with identifier", "]A0-04773414", "gueltig pzn=04773414"},
		{"other symbology", "]X004773414", "gueltig pzn=04773414"},
		{"typed PPN", ppn, "gueltig pzn=04773414"},
		{"UPC-A", "036000291452", "gueltig"},
		{"EAN-8", "96385074", "gueltig"},
		{"NTIN with wrong PZN", "041500477341" + "50", "ungueltig"},
		{"DIN 16598", ".9N" + ppn + "^S77", "gueltig pzn=04773414 serie=77"},
	} {
		got := describe(packcode.Parse(c.raw))
		if !matches(got, c.want) {
			t.Errorf("%s: %q: got %s, want %s", c.name, c.raw, got, c.want)
		}
	}
}

// ppn and ntinCheck belong to the PZN 04773414.
const (
	ppn       = "110477341452"
	ntinCheck = "0"
)

func describe(e packcode.Ergebnis) string {
	out := []string{string(e.Urteil)}
	add := func(name, value string) {
		if value != "" {
			out = append(out, name+"="+value)
		}
	}
	add("pzn", string(e.PZN))
	add("serie", e.Serie)
	add("charge", e.Charge)
	add("verfall", e.Verfall.String())
	for _, b := range e.Befunde {
		out = append(out, b.Code)
	}
	return strings.Join(out, " ")
}

// matches wants every word of want in got, and the verdict first.
func matches(got, want string) bool {
	words := strings.Fields(want)
	have := " " + got + " "
	if !strings.HasPrefix(got, words[0]) {
		return false
	}
	for _, w := range words {
		if !strings.Contains(have, " "+w+" ") {
			return false
		}
	}
	return true
}

// TestScanner: what is known of a scanner is put right before reading.
func TestScanner(t *testing.T) {
	good := head + "9N" + ppn + gs + "SAbc" + tail
	for _, c := range []struct {
		name    string
		scanner packcode.Scanner
		raw     string
	}{
		{"sends a tilde for GS", packcode.Scanner{GS: "~"}, strings.ReplaceAll(good, gs, "~")},
		{"Caps Lock", packcode.Scanner{Umgekehrt: true}, head + "9n" + ppn + gs + "saBC" + tail},
		{"American keyboard", packcode.Scanner{TastaturUS: true}, strings.NewReplacer("[", "ü", ")", "=", ">", ":").Replace(good)},
	} {
		e := c.scanner.Parse(c.raw)
		if got := describe(e); !matches(got, "gueltig pzn=04773414 serie=Abc") || !e.Verifizierbar() {
			t.Errorf("%s: got %s", c.name, got)
		}
	}
}

// TestProduct: what the search and the verification take from a scan.
func TestProduct(t *testing.T) {
	e := packcode.Parse("]d2010415004773414" + ntinCheck + "21X" + gs + "71004773414")
	if e.GTIN() != "04150047734140" || len(e.Extra()) != 1 || e.Extra()[0].ID != "710" || !e.Verifizierbar() {
		t.Errorf("got %+v", e)
	}
	if e := packcode.Parse("04773414"); e.GTIN() != "" || e.Verifizierbar() {
		t.Errorf("got %+v", e)
	}
}

// FuzzParse: no scan makes the reader fail, and a refused one yields nothing usable.
func FuzzParse(f *testing.F) {
	f.Add(head + "9N" + ppn + gs + "S1" + tail)
	f.Add("]d201041500477341400")
	f.Add("-04773414")
	f.Fuzz(func(t *testing.T, raw string) {
		e := packcode.Parse(raw)
		if e.Urteil == packcode.Ungueltig && (e.PZN != "" || e.Code != "" || e.Serie != "") {
			t.Errorf("%q: refused, but %+v", raw, e)
		}
		if e.Urteil == "" {
			t.Errorf("%q: no verdict", raw)
		}
	})
}
