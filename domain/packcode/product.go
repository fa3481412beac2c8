package packcode

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
)

// setGTIN takes a GTIN or NTIN of 8 to 14 digits as the product code.
func (e *Ergebnis) setGTIN(code string) bool {
	if r := kennung.Pruefe(kennung.ArtGTIN, code); r.Urteil != kennung.Gueltig || r.Wert != code {
		e.failNumber(r)
		return false
	}
	e.Art, e.Code = kennung.ArtGTIN, code
	if g := string(e.GTIN()); strings.HasPrefix(g, "04150") {
		p, ok := e.GTIN().PZN()
		if !ok {
			e.fail("K-227", "Die PZN in diesem Code hat eine falsche Prüfziffer; bitte die PZN von der Packung eingeben.")
			return false
		}
		e.Art, e.PZN = kennung.ArtNTIN, p
	}
	return true
}

// setPPN takes a code of the PPN family as the product code.
func (e *Ergebnis) setPPN(code string) bool {
	art, ok := kennung.ArtVonPPN(code)
	if !ok {
		art = kennung.ArtPPN
	}
	if r := kennung.Pruefe(art, code); r.Urteil != kennung.Gueltig || r.Wert != code {
		e.failNumber(r)
		return false
	}
	e.Art, e.Code = art, code
	e.PZN, _ = kennung.PZNVonPPN(code)
	return true
}

// failNumber refuses with the sentence that the number's own check gave.
func (e *Ergebnis) failNumber(r kennung.Ergebnis) {
	if r.Befund == nil {
		e.fail("K-204", "Im Produktcode stehen fremde Zeichen; bitte noch einmal scannen.")
		return
	}
	e.fail(r.Befund.Code, r.Befund.Text)
}

// setPZN takes a PZN that stands alone: Code 39 or typed.
func (e *Ergebnis) setPZN(s string) bool {
	r := kennung.Pruefe(kennung.ArtPZN, s)
	if r.Urteil != kennung.Gueltig {
		e.failNumber(r)
		return false
	}
	e.Urteil, e.Art, e.PZN = Gueltig, kennung.ArtPZN, kennung.PZN(r.Wert)
	if r.Befund != nil {
		e.Befunde = append(e.Befunde, *r.Befund)
	}
	return true
}

// parseCode39 reads the linear code of German packs: - and the PZN of eight or,
// on old packs, seven digits; start and stop * may be delivered. Source: IFA.
func parseCode39(s string) Ergebnis {
	e := Ergebnis{Huelle: Code39}
	e.setPZN(s)
	return e
}

func looksLikeCode39(s string) bool {
	t := strings.ToUpper(strings.Trim(s, "* "))
	marked := len(t) < len(s) || strings.HasPrefix(t, "-") || strings.HasPrefix(t, "PZN")
	t = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(t, "-"), "PZN"), " -:")
	return marked && onlyDigits(strings.ReplaceAll(t, " ", ""))
}

// parseEAN reads the digits of an EAN-8, UPC-A or EAN-13 that says so itself.
func parseEAN(s string) Ergebnis {
	e := Ergebnis{Huelle: EAN}
	if e.setGTIN(s) {
		e.Urteil = Gueltig
	}
	return e
}

// parseDigits reads plain digits, scanned or typed: their number tells what they
// are, and where two readings hold, the check digits decide.
func parseDigits(s string) Ergebnis {
	switch len(s) {
	case 8:
		return parseEight(s)
	case 12:
		return parseTwelve(s)
	case 13, 14:
		return parseEAN(s)
	}
	e := Ergebnis{Huelle: Eingabe}
	e.setPZN(s)
	return e
}

// parseEight decides between PZN and EAN-8. A PZN wins, for this is a pharmacy,
// but a person is told when both would hold.
func parseEight(s string) Ergebnis {
	short := kennung.Pruefe(kennung.ArtGTIN8, s).Urteil == kennung.Gueltig
	e := Ergebnis{Huelle: Eingabe}
	if kennung.Pruefe(kennung.ArtPZN, s).Urteil != kennung.Gueltig && short {
		return parseEAN(s)
	}
	if e.setPZN(s) && short {
		e.note(befund.Hinweis, "K-223",
			"Diese acht Ziffern könnten auch eine EAN-8 sein; bitte den Artikel mit der Packung vergleichen.")
	}
	return e
}

// parseTwelve decides between a typed PPN and a UPC-A.
func parseTwelve(s string) Ergebnis {
	ppn := kennung.Pruefe(kennung.ArtPPN, s)
	upc := kennung.Pruefe(kennung.ArtGTIN12, s)
	if ppn.Urteil != kennung.Gueltig {
		return parseEAN(s)
	}
	e := Ergebnis{Urteil: Gueltig, Huelle: Eingabe}
	e.setPPN(s)
	if upc.Urteil == kennung.Gueltig {
		e.Urteil = Mehrdeutig
		e.note(befund.Warnung, "K-224",
			"Diese zwölf Ziffern sind als PPN und als EAN gültig; bitte den Artikel mit der Packung vergleichen.")
	}
	return e
}
