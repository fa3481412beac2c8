// Package money holds exact amounts. There are no floats in the domain.
package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Cent is an amount in euro cents. Negative amounts are refunds.
type Cent int64

// PPM is a share in parts per million: 10 % is 100 000, 3.15 % is 31 500.
type PPM int64

// Percent is one per cent in parts per million.
const Percent PPM = 10_000

// MaxInput is the largest amount a person or a file may enter: 9 999 999,99 €.
const MaxInput Cent = 999_999_999

// Of returns the share of c, rounded half up (kaufmännisch) to the cent; a
// negative amount rounds like its positive twin, so that a refund equals its sale.
func (p PPM) Of(c Cent) Cent { return Ratio(c, int64(p), 1_000_000) }

// String formats the share as a German percentage, "3,15 %".
func (p PPM) String() string {
	s := fmt.Sprintf("%d,%04d", int64(p)/10_000, abs(int64(p)%10_000))
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ",") + " %"
}

// Ratio returns c·num/den, rounded half up (half away from zero) to the cent.
// It panics when den is not positive.
func Ratio(c Cent, num, den int64) Cent {
	if den <= 0 {
		panic("money: denominator must be positive")
	}
	n := int64(c) * num
	if n < 0 {
		return Cent(-((-n*2 + den) / (2 * den)))
	}
	return Cent((n*2 + den) / (2 * den))
}

// String formats the amount as on a German receipt: "1.234,56 €".
func (c Cent) String() string { return c.Plain() + " €" }

// Plain formats the amount without the currency sign: "1.234,56".
func (c Cent) Plain() string {
	sign, v := "", int64(c)
	if v < 0 {
		sign, v = "-", -v
	}
	euro := strconv.FormatInt(v/100, 10)
	for i := len(euro) - 3; i > 0; i -= 3 {
		euro = euro[:i] + "." + euro[i:]
	}
	return fmt.Sprintf("%s%s,%02d", sign, euro, v%100)
}

// Decimal formats the amount for machines, with a point: "1234.56".
func (c Cent) Decimal() string {
	sign, v := "", int64(c)
	if v < 0 {
		sign, v = "-", -v
	}
	return fmt.Sprintf("%s%d.%02d", sign, v/100, v%100)
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
