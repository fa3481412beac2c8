package money

import (
	"errors"
	"strings"
)

// ErrAmount reports text that is no amount of money.
var ErrAmount = errors.New("no amount of money")

// Parse reads an amount as a person types it: "12,34", "12,3", "12", "1.234,56",
// "12,34 €". At most two decimals and 9 999 999,99; a sign is allowed.
func Parse(s string) (Cent, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "€"))
	euro, rest, _ := strings.Cut(s, ",")
	if strings.Contains(euro, ".") {
		if !grouped(strings.TrimPrefix(euro, "-")) {
			return 0, ErrAmount
		}
		euro = strings.ReplaceAll(euro, ".", "")
	}
	return assemble(euro, rest)
}

// ParseDecimal reads an amount as machines write it: "12.34", "12.3", "12".
func ParseDecimal(s string) (Cent, error) {
	euro, rest, _ := strings.Cut(strings.TrimSpace(s), ".")
	return assemble(euro, rest)
}

// grouped says whether the points of "1.234.567" stand at the thousands.
func grouped(s string) bool {
	groups := strings.Split(s, ".")
	if len(groups[0]) == 0 || len(groups[0]) > 3 {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

func assemble(euro, rest string) (Cent, error) {
	negative := strings.HasPrefix(euro, "-")
	euro = strings.TrimPrefix(euro, "-")
	if euro == "" || len(euro) > 10 || len(rest) > 2 {
		return 0, ErrAmount
	}
	var v int64
	for _, r := range euro + (rest + "00")[:2] {
		if r < '0' || r > '9' {
			return 0, ErrAmount
		}
		v = v*10 + int64(r-'0')
	}
	if Cent(v) > MaxInput {
		return 0, ErrAmount
	}
	if negative {
		v = -v
	}
	return Cent(v), nil
}
