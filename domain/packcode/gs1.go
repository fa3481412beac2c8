package packcode

import "strings"

// aiForm returns the length of the AI at the start of s and the length of its
// value if that is predefined (else 0), by its first two digits. ok is false for
// an AI that GS1 has not assigned. Source: GS1 General Specifications, 7.8.5.
func aiForm(s string) (idLen, valueLen int, ok bool) {
	if len(s) < 2 || !onlyDigits(s[:2]) {
		return 0, 0, false
	}
	switch n := int(s[0]-'0')*10 + int(s[1]-'0'); {
	case n == 0:
		return 2, 18, true
	case n <= 3:
		return 2, 14, true
	case n == 4:
		return 2, 16, true
	case n >= 11 && n <= 19:
		return 2, 6, true
	case n == 20:
		return 2, 2, true
	case n >= 31 && n <= 36:
		return 4, 6, true
	case n == 41:
		return 3, 13, true
	default:
		return variableForm(n)
	}
}

// variableForm is aiForm for the AIs whose value ends at a separator.
func variableForm(n int) (idLen, valueLen int, ok bool) {
	switch {
	case n == 10, n == 21, n == 22, n == 30, n == 37, n >= 90:
		return 2, 0, true
	case n >= 23 && n <= 25, n == 40, n == 42, n == 71:
		return 3, 0, true
	case n == 39, n == 43, n == 70, n == 72, n >= 80 && n <= 82:
		return 4, 0, true
	default:
		return 0, 0, false
	}
}

// looksLikeGS1 recognises element strings without any leading mark: a GTIN in
// front whose check digit holds, or separators inside.
func looksLikeGS1(s string) bool {
	if len(s) >= 16 && (s[:2] == "01" || s[:2] == "02") && onlyDigits(s[2:16]) {
		return true
	}
	_, _, ok := aiForm(s)
	return ok && strings.Contains(s, gs)
}

func parseGS1(s string) Ergebnis {
	e := Ergebnis{Huelle: GS1}
	list, whole := splitGS1(s)
	e.Elemente, e.Urteil = list, Gueltig
	if !whole {
		e.failTruncated()
		return e
	}
	if e.collect() {
		e.suspectLostGS(strings.Contains(s, gs))
		e.finish()
	}
	return e
}

// splitGS1 cuts an element string. An unknown AI is kept up to the next
// separator, under an empty ID: skipped, never an error. false means that the
// string ends inside an element.
func splitGS1(s string) ([]Element, bool) {
	var list []Element
	for s = strings.TrimLeft(s, gs); s != ""; s = strings.TrimLeft(s, gs) {
		idLen, valueLen, ok := aiForm(s)
		switch {
		case !ok:
			end := cut(s)
			list = append(list, Element{Wert: s[:end]})
			s = s[end:]
			continue
		case len(s) < idLen+max(valueLen, 1) || !onlyDigits(s[:idLen]):
			return list, false
		}
		end := idLen + valueLen
		if valueLen == 0 {
			end = cut(s)
		}
		if end <= idLen || strings.Contains(s[:end], gs) {
			return list, false
		}
		list = append(list, Element{ID: s[:idLen], Wert: s[idLen:end]})
		s = s[end:]
	}
	return list, true
}

// cut returns where the field at the start of s ends.
func cut(s string) int {
	if i := strings.Index(s, gs); i >= 0 {
		return i
	}
	return len(s)
}
