package catalogue

import (
	"iter"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Zeile is one article as a source delivers it.
type Zeile struct {
	Artikel artikel.Artikel
	// Beliebtheit orders search results: packs sold per year, or any figure that
	// rises with demand; 0 if the source has none.
	Beliebtheit int
}

// Vertragszeile is the Rabattvertrag of one insurer for one pack.
type Vertragszeile struct {
	IK      string // nine digits
	PZN     kennung.PZN
	Vertrag zuzahlung.Vertrag
}

// Quelle is what a generation is built from. Each sequence is read once, to the
// end or to its first error. A PZN occurs once; a contract's PZN need not be in
// the catalogue.
type Quelle struct {
	Artikel   iter.Seq2[Zeile, error]
	Vertraege iter.Seq2[Vertragszeile, error] // nil: none
}

// QuelleAus makes a Quelle of what is already in memory.
func QuelleAus(zeilen []Zeile, vertraege []Vertragszeile) Quelle {
	return Quelle{Artikel: folge(zeilen), Vertraege: folge(vertraege)}
}

func folge[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}
