package kennung

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// Art is the kind of a number.
type Art string

// The kinds of numbers.
const (
	ArtPZN                Art = "PZN"       // eight digits, or the old seven
	ArtPZN7               Art = "PZN7"      // the old form: six digits and the check digit
	ArtPZNBasis           Art = "PZN8-base" // seven digits still without their check digit
	ArtHausPZN            Art = "Haus-PZN"  // numbered by the pharmacy itself
	ArtIK                 Art = "IK"
	ArtKVNR               Art = "KVNR"
	ArtLANR               Art = "LANR"
	ArtBSNR               Art = "BSNR"
	ArtIDF                Art = "IDF"  // pharmacy number of ABDA
	ArtGTIN               Art = "GTIN" // 8, 12, 13 or 14 digits
	ArtGTIN8              Art = "GTIN8"
	ArtGTIN12             Art = "GTIN12"
	ArtGTIN13             Art = "GTIN13"
	ArtGTIN14             Art = "GTIN14"
	ArtSSCC               Art = "SSCC" // 18 digits, on transport units
	ArtNTIN               Art = "NTIN" // GTIN that carries a PZN: 4150…
	ArtPPN                Art = "PPN"
	ArtHPC                Art = "HPC"
	ArtUDI                Art = "UDI-DI"
	ArtIBAN               Art = "IBAN"
	ArtTransaktionsnummer Art = "Transaktionsnummer"
)

// Urteil is the verdict on a number.
type Urteil string

// The verdicts.
const (
	Gueltig     Urteil = "gueltig"
	Pruefziffer Urteil = "pruefziffer" // the form is right, the check digit is not
	Form        Urteil = "form"        // wrong length or characters
	NieVergeben Urteil = "nie-vergeben"
	Pseudo      Urteil = "pseudo"   // agreed placeholder, to be accepted
	NurForm     Urteil = "nur-form" // has no check digit: only the form can be checked
)

// Ergebnis is what is known about a number. Befund is nil when there is nothing
// to say.
type Ergebnis struct {
	Art     Art            `json:"art"`
	Wert    string         `json:"wert"` // cleaned: without blanks, PZN with eight digits
	Urteil  Urteil         `json:"urteil"`
	Pruefer string         `json:"pruefer,omitempty"` // the check digits that would be right
	Befund  *befund.Befund `json:"befund,omitempty"`
}

// Brauchbar reports whether the number may be used: valid, an agreed pseudo
// number, of right form where there is no check digit, or, as with a KVNR, wrong
// in a way that only warns.
func (e Ergebnis) Brauchbar() bool {
	return e.Befund == nil || e.Befund.Schwere != befund.Hindernis
}

// maxWert is the longest number that is looked at; the longest real one is an
// IBAN of 34 characters, written in groups.
const maxWert = 64

// Pruefe checks a number of the given kind. Surrounding and grouping blanks are
// ignored. It panics on an unknown Art, which only the program can name.
func Pruefe(art Art, wert string) Ergebnis {
	e := Ergebnis{Art: art, Wert: clean(wert)}
	if len(e.Wert) > maxWert {
		return e.fail(Form, "", befund.Hindernis, "K-100", "Die Eingabe ist zu lang; bitte nur die Nummer eingeben.")
	}
	switch art {
	case ArtPZN, ArtPZN7, ArtPZNBasis, ArtHausPZN:
		return pruefePZN(e)
	case ArtGTIN, ArtGTIN8, ArtGTIN12, ArtGTIN13, ArtGTIN14, ArtSSCC, ArtNTIN:
		return pruefeGTIN(e)
	case ArtPPN, ArtHPC, ArtUDI:
		return pruefePPN(e)
	default:
		return pruefePerson(e)
	}
}

// pruefePerson checks the numbers of people, institutions and accounts.
func pruefePerson(e Ergebnis) Ergebnis {
	switch e.Art {
	case ArtIK:
		return pruefeIK(e)
	case ArtKVNR:
		return pruefeKVNR(e)
	case ArtLANR:
		return pruefeLANR(e)
	case ArtBSNR, ArtIDF:
		return pruefeForm(e)
	case ArtIBAN:
		return pruefeIBAN(e)
	case ArtTransaktionsnummer:
		return pruefeTransaktionsnummer(e)
	default:
		panic("kennung: unknown Art " + string(e.Art))
	}
}

// fail returns e with a verdict and the sentence that says what to do.
func (e Ergebnis) fail(u Urteil, pruefer string, s befund.Schwere, code, text string) Ergebnis {
	e.Urteil, e.Pruefer = u, pruefer
	e.Befund = &befund.Befund{Code: code, Schwere: s, Subject: e.Wert, Text: text}
	return e
}

// judge compares the check digits found with those computed.
func (e Ergebnis) judge(found, computed, code, text string) Ergebnis {
	if found != computed {
		return e.fail(Pruefziffer, computed, befund.Hindernis, code, text)
	}
	e.Urteil, e.Pruefer = Gueltig, computed
	return e
}

// clean removes blanks, as people group long numbers.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\u00a0' {
			return -1
		}
		return r
	}, s)
}

// digits reports whether s is n ASCII digits.
func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// crossSum is the cross-sum of a number below 100.
func crossSum(n int) int { return n/10 + n%10 }
