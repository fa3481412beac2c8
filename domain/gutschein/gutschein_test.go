package gutschein_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/packcode"
)

// ISO/IEC 7064, MOD 97-10: the standard's own example is 0794 with the check digits 44.
func TestPruefziffern(t *testing.T) {
	for los, want := range map[uint64]gutschein.Nummer{794: "0000000000079444", 0: "0000000000000098"} {
		if n := gutschein.New(los); n != want {
			t.Errorf("%d: %s, want %s", los, n, want)
		}
	}
	for _, text := range []string{"0000 0000 0007 9444", "0000-0000-0007-9444", "0000000000079444"} {
		if n, ok := gutschein.Parse(text); !ok || n.String() != "0000 0000 0007 9444" {
			t.Errorf("%q: %q, %v", text, n, ok)
		}
	}
	for text, want := range map[string]bool{
		"0000 0000 0007 9444": true, "0000000000079445": true, "GUTSCHEIN0000000000079444": false, "04150011261118": false, "": false,
	} {
		if gutschein.Form(text) != want {
			t.Errorf("%q has the form: %v", text, !want)
		}
	}
	for _, text := range []string{"", "4006381333931", "0000000000079445", "000000000007944X", "00000000000794440", "0000000000000001"} {
		if n, ok := gutschein.Parse(text); ok {
			t.Errorf("%q is a number: %s", text, n)
		}
	}
}

// The code on paper is the number with a word before it. No PZN, GTIN or code of a pack is taken for
// one, nor one for those.
func TestCode(t *testing.T) {
	n := gutschein.Nummer("0000000000079444")
	if n.Code() != "GUTSCHEIN0000000000079444" {
		t.Error(n.Code())
	}
	for _, c := range []struct {
		text         string
		code, number bool
	}{
		{n.Code(), true, true},
		{"gutschein0000000000079444", true, true}, // a scanner with Caps Lock
		{"GUTSCHEIN0000000000079445", true, false},
		{"GUTSCHEIN000000000007944", true, false},
		{"GUTSCHEIN", true, false},
		{"0000000000079444", false, true},
		{"-01126111", false, false},
		{"04150011261118", false, false},
		{"V0;AMA-2642;Kassenbeleg-V1", false, false},
		{"", false, false},
	} {
		got, ok := gutschein.Parse(c.text)
		if gutschein.IstCode(c.text) != c.code || ok != c.number || ok && got != n {
			t.Errorf("%q: %v, %q %v", c.text, gutschein.IstCode(c.text), got, ok)
		}
		if u := packcode.Parse(c.text); c.code && (u.Urteil == packcode.Gueltig || u.PZN != "") {
			t.Errorf("%q is taken for a pack: %+v", c.text, u)
		}
	}
}

// Every wrong digit and every two digits that changed places are noticed.
func TestTippfehler(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := []byte(gutschein.New(rapid.Uint64().Draw(t, "los")))
		if _, ok := gutschein.Parse(string(n)); !ok {
			t.Fatalf("%s is no number", n)
		}
		i := rapid.IntRange(0, len(n)-1).Draw(t, "place")
		wrong := append([]byte{}, n...)
		if j := rapid.IntRange(0, len(n)-1).Draw(t, "other"); rapid.Bool().Draw(t, "swap") {
			wrong[i], wrong[j] = wrong[j], wrong[i]
		} else {
			wrong[i] = '0' + (wrong[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if _, ok := gutschein.Parse(string(wrong)); ok && string(wrong) != string(n) {
			t.Fatalf("%s passes for %s", wrong, n)
		}
	})
}

// GS1 General Specifications, AI 01: a scanner that reads a pack with nothing but a GTIN types 01 and
// fourteen digits. One in 97 of these would have right check digits.
func TestNoPackIsAVoucher(t *testing.T) {
	if n := gutschein.New(1_00000000_0000); n[:2] == "01" {
		t.Errorf("%s begins as a pack does", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		body := fmt.Sprintf("%012d", rapid.Uint64Range(0, 999_999_999_999).Draw(t, "gtin"))
		for check := range 100 {
			if n, ok := gutschein.Parse(fmt.Sprintf("01%s%02d", body, check)); ok {
				t.Fatalf("%s is a voucher", n)
			}
		}
	})
}
