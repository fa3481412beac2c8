package abgabe

import "strings"

// NachVertrag is the digit of a line per Rahmenvertrag, or of an empty one.
const NachVertrag = 1

// Faktor returns the factor of the Sonderkennzeichen 02567024 for up to three
// Taxzeilen, one digit for each (TA1 4.10.1): "214"; missing digits are 1. It panics on
// more than three, which no Muster 16 has.
func Faktor(ziffern ...int) string {
	if len(ziffern) > 3 {
		panic("abgabe: a prescription has three Taxzeilen")
	}
	s := []byte("111")
	for i, z := range ziffern {
		if z > 1 && z <= 9 {
			s[i] = byte('0' + z)
		}
	}
	return string(s)
}

// Gebraucht reports whether a factor says anything.
func Gebraucht(faktor string) bool { return strings.Trim(faktor, "1") != "" }

// Ziffer returns the digit for setting the Rabattvertrag or the cheapest aside
// because nothing can be had, or for a Grund (TA1 4.10.1). The table knows no digit
// for a dringender Fall or Bedenken that concern the price alone: the one for both
// is the nearest that says all of it.
func Ziffer(g Grund, rabatt, preis bool) int {
	if !rabatt && !preis {
		return NachVertrag
	}
	switch {
	case g == Dringend && preis:
		return 6
	case g == Dringend:
		return 5
	case g == Bedenken && preis:
		return 9
	case g == Bedenken:
		return 8
	case rabatt && preis:
		return 4
	case preis:
		return 3
	}
	return 2
}

// accept gives the verdict and the digit it needs.
func (w *wahl) accept(v *Vorschlag, u Urteil, underContract, preis bool) {
	v.Urteil = u
	v.Ziffer = Ziffer(w.fall.Grund, underContract, preis)
	if v.Ziffer != NachVertrag && v.Urteil == Bevorzugt && w.fall.Grund != KeinGrund {
		v.Urteil = Erlaubt // the reason permits it, the contract is still better
	}
}
