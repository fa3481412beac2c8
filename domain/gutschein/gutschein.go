// Package gutschein knows the numbers of vouchers: sixteen digits, of which the last two are
// check digits (ISO/IEC 7064, MOD 97-10). No PZN, EAN or GTIN has as many. None begins with 01, as
// what a scanner reads of a pack does that has nothing but a GTIN (GS1 General Specifications, AI 01).
package gutschein

import (
	"fmt"
	"strings"
)

// Nummer is the number of a voucher, sixteen digits.
type Nummer string

// vorsatz begins the code of a voucher, so that no scanner takes it for anything else: no PZN, GTIN or
// code of a pack begins with it, and all its letters are in the same places of German and American
// keyboards, which scanners type on.
const vorsatz = "GUTSCHEIN"

// gtin begins the code of a pack.
const gtin = "01"

// The digits of a number: those drawn by lot, and all of them.
const (
	gelost = 14
	laenge = gelost + 2
)

// New makes a number of what was drawn by lot; only its last fourteen digits count.
func New(los uint64) Nummer {
	body := fmt.Sprintf("%014d", los%100_000_000_000_000)
	if strings.HasPrefix(body, gtin) {
		body = "9" + body[1:]
	}
	return Nummer(body + fmt.Sprintf("%02d", 98-rest(body+"00")))
}

// IstCode reports whether a text is the code of a voucher, whole or damaged, and of nothing else.
func IstCode(s string) bool {
	return len(s) >= len(vorsatz) && strings.EqualFold(s[:len(vorsatz)], vorsatz)
}

// Code is the number as the code on paper holds it.
func (n Nummer) Code() string { return vorsatz + string(n) }

// Parse reads a number as it is scanned, with what begins its code or without, or as it is typed, with
// spaces or hyphens between its groups; false if it is none.
func Parse(s string) (Nummer, bool) {
	if IstCode(s) {
		s = s[len(vorsatz):]
	}
	if s = dicht(s); !Form(s) || rest(s) != 1 || s[gelost:] < "02" || strings.HasPrefix(s, gtin) {
		return "", false
	}
	return Nummer(s), true
}

// Form reports whether a text has the form of a number as people type it, be it right or mistyped.
func Form(s string) bool {
	s = dicht(s)
	return len(s) == laenge && strings.Trim(s, "0123456789") == ""
}

// dicht takes out what stands between the groups of a number.
func dicht(s string) string { return strings.NewReplacer(" ", "", "-", "").Replace(s) }

// String is the number in groups of four, as people read it.
func (n Nummer) String() string {
	if len(n) != laenge {
		return string(n)
	}
	return string(n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:])
}

// rest is what remains of the digits divided by 97.
func rest(digits string) int {
	r := 0
	for i := range len(digits) {
		r = (r*10 + int(digits[i]-'0')) % 97
	}
	return r
}
