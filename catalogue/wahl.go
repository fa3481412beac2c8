package catalogue

import (
	"cmp"
	"errors"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
)

// ErrAuswahl is in the chain of the error that names a selection which cannot be read: which
// generations a person has taken out is not known.
var ErrAuswahl = errors.New("selection of generations cannot be read")

// Neuere orders manifests as a Catalogue lists them: newest first, and of two for
// the same day the one that was built later, which corrects the other.
func Neuere(a, b Manifest) int {
	return cmp.Or(cmp.Compare(b.GueltigAb, a.GueltigAb), cmp.Compare(b.Gebaut, a.Gebaut), cmp.Compare(b.ID, a.ID))
}

// Waehle returns the place of the generation that is valid on the day in a list
// that Neuere has ordered.
func Waehle(list []Manifest, day civil.Day) (int, error) {
	for i, m := range list {
		if m.GueltigAb <= day {
			return i, nil
		}
	}
	if len(list) == 0 {
		return 0, fault.New(fault.Unavailable, "A-103",
			"Es ist kein Artikelkatalog geladen – spielen Sie einen ein: offizin catalogue import.", nil)
	}
	return len(list) - 1, nil
}

// ErrSchluessel is in the chain of an error about the keys that sign catalogues: no catalogue
// is damaged by it.
var ErrSchluessel = errors.New("key of the catalogues cannot be read")
