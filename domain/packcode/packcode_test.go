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
		{"IFA", head + "9N" + ppn + gs + "1TABC" + gs + "D271130" + gs + "S12345" + tail,
			"gueltig pzn=04773414 serie=12345 charge=ABC verfall=2027-11-30"},
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
		{"GS1 NTIN", "]d2010415004773414" + ntinCheck + "17271130" + "10ABC" + gs + "21XYZ",
			"gueltig pzn=04773414 serie=XYZ charge=ABC verfall=2027-11-30"},
		{"GS1 truncated", "]d2010415004773", "ungueltig K-222"},
		{"GS1, separator lost", "]d2010415004773414" + ntinCheck + "10ABC21XYZ17271130", "mehrdeutig"},
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
