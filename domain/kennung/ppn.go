package kennung

import (
	"fmt"
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// The agency codes (PRA) of IFA: the first two characters of a PPN.
const (
	praPZN        = "11"
	praHPC        = "13"
	praMasterUDI  = "MA"
	praBasicUDI   = "PP"
	minPPN        = 5  // agency code, one character, two check digits
	maxPPN        = 25 // PPN ≤ 22, Basic UDI-DI ≤ 25
	ppnWithPZNLen = 12
)

// ArtVonPPN returns the kind of a code of the PPN family by its agency code, and
// false if the agency is not one of IFA's.
func ArtVonPPN(code string) (Art, bool) {
	if len(code) < 2 {
		return "", false
	}
	switch code[:2] {
	case praPZN:
		return ArtPPN, true
	case praHPC:
		return ArtHPC, true
	case praMasterUDI, praBasicUDI:
		return ArtUDI, true
	default:
		return "", false
	}
}

// PZNVonPPN returns the PZN inside a PPN, and false if there is none that holds.
func PZNVonPPN(ppn string) (PZN, bool) {
	if !digits(ppn, ppnWithPZNLen) || !strings.HasPrefix(ppn, praPZN) {
		return "", false
	}
	p, err := ParsePZN(ppn[2:10])
	return p, err == nil
}

// PPN returns the Pharmacy Product Number of a PZN: 11, PZN, two check digits.
func (p PZN) PPN() string {
	s := praPZN + string(p)
	return s + ppnCheck(s)
}

// ppnCheck returns the two check digits: Σ ASCII(c_i)·(i+2) modulo 97, i from 0.
// Source: IFA, check digit calculations of 26.01.2024.
func ppnCheck(base string) string {
	sum := 0
	for i := range len(base) {
		sum += int(base[i]) * (i + 2)
	}
	return fmt.Sprintf("%02d", sum%97)
}

func pruefePPN(e Ergebnis) Ergebnis {
	art, known := ArtVonPPN(e.Wert)
	n := len(e.Wert)
	if !known || art != e.Art || n < minPPN || n > maxPPN || !ppnCharset(e.Wert) || !digits(e.Wert[n-2:], 2) {
		return e.failPPN()
	}
	if art == ArtPPN && !digits(e.Wert, ppnWithPZNLen) {
		return e.failPPN()
	}
	e = e.judge(e.Wert[n-2:], ppnCheck(e.Wert[:n-2]), "K-162",
		"Die zwei Prüfziffern am Ende des Produktcodes stimmen nicht; bitte den Code noch einmal scannen.")
	if _, ok := PZNVonPPN(e.Wert); e.Urteil == Gueltig && art == ArtPPN && !ok {
		return e.fail(Pruefziffer, e.Pruefer, befund.Hindernis, "K-163",
			"Die PZN in diesem Produktcode hat eine falsche Prüfziffer; bitte die PZN von der Packung eingeben.")
	}
	return e
}

func (e Ergebnis) failPPN() Ergebnis {
	if e.Art == ArtPPN {
		return e.fail(Form, "", befund.Hindernis, "K-161",
			"Eine PPN hat zwölf Ziffern und beginnt mit 11; bitte den Code noch einmal scannen.")
	}
	return e.fail(Form, "", befund.Hindernis, "K-161",
		"Das ist kein "+string(e.Art)+"-Code; bitte den Code noch einmal scannen.")
}

// ppnCharset reports whether s has only characters that a PPN may carry.
func ppnCharset(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '.' && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}
