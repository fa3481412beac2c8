package kennung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/kennung"
)

// The walk gives each number of both ranges once, in the order of HausPZN: of 440,000 bases
// those whose remainder is 10 are left out (ABDATA).
func TestHausPZNs(t *testing.T) {
	n, last := 0, kennung.PZN("")
	for p := range kennung.HausPZNs() {
		if n < 50 {
			if q, ok := kennung.HausPZN(n); !ok || p != q {
				t.Errorf("number %d is %s, and by HausPZN %s", n, p, q)
			}
		}
		if q, err := kennung.ParsePZN(string(p)); err != nil || q != p || !kennung.IstHausPZN(p) || p <= last {
			t.Fatalf("%s after %s: %v", p, last, err)
		}
		n, last = n+1, p
	}
	if n < 390_000 || n > 410_000 || last[:2] != "83" {
		t.Errorf("%d numbers, the last is %s", n, last)
	}
	for p := range kennung.HausPZNs() {
		if p != "08000005" { // base 0800000: 2·8 mod 11 = 5
			t.Errorf("the first is %s", p)
		}
		break
	}
}

// What is filled up with zeros is printed without them, and is the same GTIN when it is read.
func TestGTINKurz(t *testing.T) {
	for full, want := range map[kennung.GTIN]string{
		"04006381333931": "4006381333931", "00000096385074": "96385074", "14006381333938": "14006381333938", "": "",
	} {
		if got := full.Kurz(); got != want {
			t.Errorf("%s: %s, want %s", full, got, want)
		}
		if g, err := kennung.ParseGTIN(full.Kurz()); full != "" && (err != nil || g != full) {
			t.Errorf("%s is read as %s, %v", full, g, err)
		}
	}
}
