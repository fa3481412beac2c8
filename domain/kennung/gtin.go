package kennung

import (
	"errors"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// ntinPrefix is the GS1 prefix of IFA, as the first digits of a GTIN-13.
const ntinPrefix = "4150"

// ErrGTIN reports text that is no GTIN.
var ErrGTIN = errors.New("no valid GTIN")

// GTIN is a trade item number, always filled up to 14 digits.
type GTIN string

// ParseGTIN reads a GTIN of 8, 12, 13 or 14 digits.
func ParseGTIN(s string) (GTIN, error) {
	e := Pruefe(ArtGTIN, s)
	if e.Urteil != Gueltig {
		return "", ErrGTIN
	}
	return GTIN(strings.Repeat("0", 14-len(e.Wert)) + e.Wert), nil
}

// PZN returns the PZN of an NTIN (0 4150 PZN8 check digit), and false if the GTIN
// carries none or its PZN is wrong. Source: securPharm coding rules.
func (g GTIN) PZN() (PZN, bool) {
	if len(g) != 14 || !strings.HasPrefix(string(g), "0"+ntinPrefix) {
		return "", false
	}
	p, err := ParsePZN(string(g[5:13]))
	return p, err == nil
}

// Kurz is the GTIN as it stands on most packs: 8 or 13 digits if zeros fill up the rest.
func (g GTIN) Kurz() string {
	for _, zeros := range []string{"000000", "0"} {
		if rest, ok := strings.CutPrefix(string(g), zeros); ok && len(g) == 14 {
			return rest
		}
	}
	return string(g)
}

// NTIN returns the GTIN-14 that carries a PZN.
func (p PZN) NTIN() GTIN {
	s := "0" + ntinPrefix + string(p)
	return GTIN(s + gtinCheck(s))
}

func gtinLengths(a Art) []int {
	switch a {
	case ArtGTIN8:
		return []int{8}
	case ArtGTIN12:
		return []int{12}
	case ArtGTIN13:
		return []int{13}
	case ArtGTIN14:
		return []int{14}
	case ArtSSCC:
		return []int{18}
	case ArtNTIN:
		return []int{13, 14}
	default:
		return []int{8, 12, 13, 14}
	}
}

func pruefeGTIN(e Ergebnis) Ergebnis {
	if !slices.Contains(gtinLengths(e.Art), len(e.Wert)) || !digits(e.Wert, len(e.Wert)) {
		return e.fail(Form, "", befund.Hindernis, "K-151",
			"Eine GTIN (EAN) hat 8, 12, 13 oder 14 Ziffern; bitte alle Ziffern unter dem Strichcode eingeben.")
	}
	last := len(e.Wert) - 1
	e = e.judge(e.Wert[last:], gtinCheck(e.Wert[:last]), "K-152",
		"Die Prüfziffer der GTIN (EAN) stimmt nicht; bitte den Code noch einmal scannen oder die Ziffern vergleichen.")
	if e.Art == ArtNTIN && e.Urteil == Gueltig {
		return pruefeNTIN(e)
	}
	return e
}

func pruefeNTIN(e Ergebnis) Ergebnis {
	g := GTIN(strings.Repeat("0", 14-len(e.Wert)) + e.Wert)
	if !strings.HasPrefix(string(g), "0"+ntinPrefix) {
		return e.fail(Form, e.Pruefer, befund.Hindernis, "K-153",
			"Eine NTIN beginnt mit 04150 (als EAN 4150); diese Nummer ist eine andere GTIN: bitte den Artikel damit suchen.")
	}
	if _, ok := g.PZN(); !ok {
		return e.fail(Pruefziffer, e.Pruefer, befund.Hindernis, "K-154",
			"Die PZN in dieser NTIN hat eine falsche Prüfziffer; bitte die PZN von der Packung eingeben.")
	}
	return e
}

// gtinCheck returns the check digit: modulo 10, weights 3 and 1 from the right.
func gtinCheck(base string) string {
	sum := 0
	for i := range len(base) {
		d := int(base[len(base)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return string(byte('0' + (10-sum%10)%10))
}
