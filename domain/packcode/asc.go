package packcode

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
)

// ascHead begins every message of ISO 15434.
const ascHead = "[)>"

// parseASC reads an ISO 15434 message: format 06 with data identifiers, or 05
// with GS1 element strings. Many scanners strip the trailer RS EOT: that is
// accepted with a note.
func parseASC(s string) Ergebnis {
	body, ok := strings.CutPrefix(s, ascHead+rs)
	if !ok {
		return parseBareASC(s)
	}
	format, body, ok := cutFormat(body)
	if !ok {
		return brokenEnvelope()
	}
	body, whole := cutTrailer(body)
	var e Ergebnis
	if format == "05" {
		e = parseGS1(body)
	} else {
		e = parseElements(ASC, splitASC(body))
	}
	if !whole && e.Urteil != Ungueltig {
		e.note(befund.Hinweis, "K-212", "Der Scanner lässt das Ende des Codes weg; der Inhalt ist vollständig gelesen.")
	}
	return e
}

// brokenEnvelope is the result for a message that did not arrive whole.
func brokenEnvelope() Ergebnis {
	return refuse(ASC, "K-211", "Der Code ist unvollständig angekommen; bitte noch einmal scannen oder die PZN eingeben.")
}

// noteLostGS warns of a scanner that swallows the separators.
func (e *Ergebnis) noteLostGS() {
	e.note(befund.Warnung, "K-214", "Der Scanner unterschlägt Trennzeichen: Seriennummer, Charge und Verfall sind nicht "+
		"sicher; bitte ihn so einstellen, dass er GS (FNC1) sendet, und noch einmal scannen.")
}

func cutFormat(s string) (format, body string, ok bool) {
	if len(s) < 2 || s[:2] != "06" && s[:2] != "05" {
		return "", "", false
	}
	format, body = s[:2], s[2:]
	if !strings.HasPrefix(body, gs) {
		return "", "", false
	}
	return format, strings.TrimPrefix(body, gs), true
}

// cutTrailer removes RS EOT, whole or in part.
func cutTrailer(s string) (string, bool) {
	if body, ok := strings.CutSuffix(s, rs+eot); ok {
		return body, true
	}
	body := strings.TrimSuffix(strings.TrimSuffix(s, eot), rs)
	return body, false
}

// parseBareASC reads a message whose control characters the scanner has
// swallowed. The PPN has a fixed length, so the PZN is certain; nothing else is.
func parseBareASC(s string) Ergebnis {
	body, ok := strings.CutPrefix(s, ascHead+"069N")
	if !ok || len(body) < 12 {
		return brokenEnvelope()
	}
	e := Ergebnis{Urteil: Gueltig, Huelle: ASC, Elemente: []Element{{"9N", body[:12]}}}
	if e.setPPN(body[:12]) && e.Art == kennung.ArtPPN {
		e.Urteil = Mehrdeutig
		e.noteLostGS()
		return e
	}
	return brokenEnvelope()
}

// parseDIN reads the short form of DIN 16598: a point, then data identifiers
// separated by ^.
func parseDIN(s string) Ergebnis {
	return parseElements(DIN16598, splitASC(strings.ReplaceAll(strings.TrimPrefix(s, "."), "^", gs)))
}

// splitASC cuts fields with data identifiers. A field without one gets an empty ID.
func splitASC(s string) []Element {
	var list []Element
	for f := range strings.SplitSeq(s, gs) {
		if f == "" {
			continue
		}
		n := diLen(f)
		list = append(list, Element{ID: f[:n], Wert: f[n:]})
	}
	return list
}

// diLen is the length of the data identifier at the start of s: up to three
// digits and a letter (ANSI MH10.8.2); 0 if there is none.
func diLen(s string) int {
	for i := range min(len(s), 4) {
		c := s[i]
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return i + 1
		}
		if c < '0' || c > '9' {
			return 0
		}
	}
	return 0
}

// parseKlarzeile reads the interpretation line printed beside a code, as people
// type it: (9N)…(1T)…(D)…(S)… or (01)…(21)….
func parseKlarzeile(s string) Ergebnis {
	var list []Element
	for s = strings.TrimSpace(s); s != ""; {
		id, rest, ok := strings.Cut(strings.TrimPrefix(s, "("), ")")
		if !ok || s[0] != '(' || id == "" || len(id) > 4 {
			return refuse(Klarzeile, "K-211", "Die Zeile ist unvollständig; bitte sie mit allen Klammern eingeben: (9N)…(S)….")
		}
		end := nextBracket(rest)
		list = append(list, Element{ID: id, Wert: strings.TrimSpace(rest[:end])})
		s = rest[end:]
	}
	return parseElements(Klarzeile, list)
}

// nextBracket returns where the next identifier in brackets begins: brackets may
// be part of a serial number, but then hold no identifier.
func nextBracket(s string) int {
	for i := range len(s) {
		if s[i] != '(' {
			continue
		}
		if id, _, ok := strings.Cut(s[i+1:], ")"); ok && isID(id) {
			return i
		}
	}
	return len(s)
}

func isID(id string) bool {
	if n := diLen(id); n > 0 && n == len(id) {
		return true
	}
	n, _, ok := aiForm(id)
	return ok && n == len(id) && onlyDigits(id)
}
