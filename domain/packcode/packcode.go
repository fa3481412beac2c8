// Package packcode understands what a scanner delivers: Code 39 with a PZN, EAN,
// GS1 and IFA Data Matrix, DIN 16598, typed interpretation lines. It says which
// product it is, with serial number, batch and expiry where the code has them, and
// refuses what is damaged or ambiguous with advice.
//
// Sources: securPharm "Regeln zur Codierung" V2.03, GS1 General Specifications,
// ISO 15434, IFA specifications of PPN and Code 39.
package packcode

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
)

// Urteil is the verdict on a scan.
type Urteil string

// The verdicts.
const (
	Gueltig     Urteil = "gueltig"
	OhneProdukt Urteil = "ohne-produkt" // well formed, but names no product
	Mehrdeutig  Urteil = "mehrdeutig"   // the product is certain, the rest is not
	Ungueltig   Urteil = "ungueltig"
)

// Huelle is the way in which the data were wrapped.
type Huelle string

// The wrappings.
const (
	OhneHuelle Huelle = ""
	Code39     Huelle = "Code39"
	EAN        Huelle = "EAN"
	GS1        Huelle = "GS1"
	ASC        Huelle = "ISO15434-06"
	DIN16598   Huelle = "DIN16598"
	Klarzeile  Huelle = "Klarschrift" // typed interpretation line, (9N)…(S)…
	Eingabe    Huelle = "Eingabe"     // plain digits
)

// MaxLaenge is the longest scan that is looked at, in bytes.
const MaxLaenge = 512

// Element is one data element: AI (GS1) or data identifier (ASC) and value.
type Element struct {
	ID   string `json:"id"`
	Wert string `json:"wert"`
}

// Ergebnis is what a scan says. Code is the product code as the verification
// system wants it; the PZN may come from another element (multi-market packs).
// With Urteil Mehrdeutig Serie, Charge and Verfall are guesses and must not be
// sent anywhere.
type Ergebnis struct {
	Urteil     Urteil          `json:"urteil"`
	Huelle     Huelle          `json:"huelle,omitempty"`
	Art        kennung.Art     `json:"art,omitempty"` // PZN, PPN, HPC, UDI-DI, NTIN, GTIN
	Code       string          `json:"code,omitempty"`
	PZN        kennung.PZN     `json:"pzn,omitempty"`
	Serie      string          `json:"serie,omitempty"`
	Charge     string          `json:"charge,omitempty"`
	Verfall    civil.Day       `json:"verfall,omitempty"`
	VerfallRoh string          `json:"verfall_roh,omitempty"` // YYMMDD as on the pack
	Elemente   []Element       `json:"elemente,omitempty"`    // all, in the order of the code
	Befunde    []befund.Befund `json:"befunde,omitempty"`
}

// Verifizierbar reports whether the scan may be sent for verification: nothing is
// guessed and product code and serial number are there.
func (e Ergebnis) Verifizierbar() bool {
	return e.Urteil == Gueltig && e.Serie != "" && (e.Art == kennung.ArtPPN || e.istGTIN())
}

// Extra lists the elements that have no field of their own.
func (e Ergebnis) Extra() []Element {
	var list []Element
	for _, el := range e.Elemente {
		switch el.ID {
		case "01", "10", "17", "21", "9N", "S", "1T", "D":
		default:
			list = append(list, el)
		}
	}
	return list
}

// GTIN returns the product code filled up to 14 digits, for the search in the
// catalogue; it is empty if the code is none.
func (e Ergebnis) GTIN() kennung.GTIN {
	if !e.istGTIN() {
		return ""
	}
	return kennung.GTIN(strings.Repeat("0", 14-len(e.Code)) + e.Code)
}

func (e Ergebnis) istGTIN() bool { return e.Art == kennung.ArtGTIN || e.Art == kennung.ArtNTIN }

// Parse reads a scan from a scanner that needs no special treatment.
func Parse(raw string) Ergebnis { return Scanner{}.Parse(raw) }

// parse is the choice of the format; s is already cleaned.
func parse(s string) Ergebnis {
	aim, s := cutAIM(s)
	switch {
	case aim == aimGS1 || strings.HasPrefix(s, gs):
		return parseGS1(s)
	case strings.HasPrefix(s, ascHead):
		return parseASC(s)
	case aim == aimCode39:
		return parseCode39(s)
	case aim == aimEAN:
		return parseEAN(s)
	case strings.HasPrefix(s, "."):
		return parseDIN(s)
	case strings.HasPrefix(s, "("):
		return parseKlarzeile(s)
	}
	return parseBare(s)
}

// parseBare reads data without any mark of their format.
func parseBare(s string) Ergebnis {
	switch d := strings.ReplaceAll(s, " ", ""); {
	case onlyDigits(d) && len(d) <= 14:
		return parseDigits(d)
	case strings.HasPrefix(s, "9N"):
		e := parseElements(ASC, splitASC(s))
		e.note(befund.Hinweis, "K-212", "Der Scanner lässt den Anfang des Codes weg; bitte ihn für Packungscodes einstellen.")
		return e
	case looksLikeCode39(s):
		return parseCode39(s)
	case looksLikeGS1(s):
		return parseGS1(s)
	}
	return refuse(OhneHuelle, "K-203",
		"Dieser Code ist kein bekannter Packungscode; bitte die PZN von der Packung eingeben.")
}

// refuse is the result for data that say nothing usable.
func refuse(h Huelle, code, text string) Ergebnis {
	e := Ergebnis{Urteil: Ungueltig, Huelle: h}
	e.note(befund.Hindernis, code, text)
	return e
}

func (e *Ergebnis) note(s befund.Schwere, code, text string) {
	e.Befunde = append(e.Befunde, befund.Befund{Code: code, Schwere: s, Subject: string(e.PZN), Text: text})
}

// fail empties the result but for what was read, so that nobody uses half of it.
func (e *Ergebnis) fail(code, text string) {
	*e = Ergebnis{Urteil: Ungueltig, Huelle: e.Huelle, Elemente: e.Elemente, Befunde: e.Befunde}
	e.note(befund.Hindernis, code, text)
}

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
