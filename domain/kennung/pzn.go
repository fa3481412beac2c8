// Package kennung checks the numbers of German health care: PZN, IK, KVNR, LANR
// and their relatives. All of them are text, never integers: leading zeros count.
package kennung

import (
	"errors"
	"strings"
)

// PZN is a Pharmazentralnummer of eight digits (PZN8); the empty PZN means none.
type PZN string

// The ways in which a PZN can be wrong.
var (
	ErrPZNForm  = errors.New("a PZN has eight digits")
	ErrPZNCheck = errors.New("the check digit of the PZN is wrong")
)

// ParsePZN reads a PZN8 or an old PZN7, with or without "PZN", blanks and hyphen.
// Source: IFA, check digit Σ i·d_i mod 11; a remainder of 10 is never issued.
func ParsePZN(s string) (PZN, error) {
	s = stripPZN(s)
	if len(s) == 7 {
		s = "0" + s
	}
	if len(s) != 8 || strings.Trim(s, "0123456789") != "" {
		return "", ErrPZNForm
	}
	if check, ok := PZNCheck(s[:7]); !ok || check != s[7] {
		return "", ErrPZNCheck
	}
	return PZN(s), nil
}

// stripPZN removes what people and Code 39 put around the digits of a PZN.
func stripPZN(s string) string {
	s = strings.ToUpper(strings.Trim(s, " \t*"))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "PZN")
	return strings.TrimLeft(s, " -:")
}

// PZNCheck returns the check digit of seven digits, and false if the base is
// never issued. It panics when base is not seven digits.
func PZNCheck(base string) (byte, bool) {
	if len(base) != 7 || strings.Trim(base, "0123456789") != "" {
		panic("kennung: base of a PZN must be seven digits")
	}
	sum := 0
	for i, r := range base {
		sum += (i + 1) * int(r-'0')
	}
	if sum%11 == 10 {
		return 0, false
	}
	return byte('0' + sum%11), true
}
