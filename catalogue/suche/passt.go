package suche

import (
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
)

// Passt reports whether an article has all words of a query as typed or as the beginnings
// of its own, without a slip.
func Passt(a artikel.Artikel, text string) bool {
	if p, ok := PZN(text); ok && p == a.PZN {
		return true
	}
	list := woerter(text)
	if len(list) == 0 {
		return false
	}
	var terms []string
	Terme(a, func(t string) { terms = append(terms, t) })
	number := strings.TrimLeft(string(a.PZN), "0")
	for _, w := range list {
		found := slices.ContainsFunc(terms, func(t string) bool { return strings.HasPrefix(t, w.text) })
		if !found && w.zahl() {
			found = strings.HasPrefix(number, strings.TrimLeft(w.text, "0"))
		}
		if !found {
			return false
		}
	}
	return true
}
