package suche

import (
	"strings"

	"github.com/offizin/offizin/domain/kennung"
)

// maxWoerter is the number of words of a query that count.
const maxWoerter = 12

// wort is one word of a query, folded.
type wort struct {
	text string
	// ohne is the number without its unit: what to look for if no article has both
	// side by side. Empty unless text is a number with a unit.
	ohne string
}

func (w wort) zahl() bool { return w.text[0] >= '0' && w.text[0] <= '9' }

// woerter reads a query. A number and the unit after it become one word; a unit
// alone and "PZN" are kept out where something else is asked.
func woerter(text string) []wort {
	var list []wort
	for w := range strings.FieldsSeq(Falten(text)) {
		w = strings.TrimPrefix(w, "pzn")
		if w == "" {
			continue
		}
		if n := len(list) - 1; n >= 0 && einheiten[w] != "" && nurZahl(list[n].text) {
			list[n] = wort{text: list[n].text + einheiten[w], ohne: list[n].text}
			continue
		}
		if len(list) == maxWoerter {
			break
		}
		list = append(list, einWort(w))
	}
	return list
}

func einWort(w string) wort {
	number, unit := zerlegt(w)
	if u, ok := einheiten[unit]; ok && number != "" {
		return wort{text: number + u, ohne: number}
	}
	return wort{text: w}
}

func nurZahl(w string) bool {
	number, rest := zerlegt(w)
	return number != "" && rest == ""
}

// PZN reads a whole PZN out of a query, "PZN - 0123456" and "01234567" alike; false if
// the query is something else or the check digit is wrong.
func PZN(text string) (kennung.PZN, bool) {
	text = strings.TrimSpace(text)
	if len(text) < 7 || len(text) > 20 {
		return "", false
	}
	p, err := kennung.ParsePZN(text)
	return p, err == nil
}
