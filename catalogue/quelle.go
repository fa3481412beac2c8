package catalogue

import (
	"io"
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
	Rohdaten  Rohdaten                        // nil: none
	Listen    *Listen                         // as they are when all has been read; nil: none
}

// Rohdaten begins to write what later changes need of a source. It is called before
// articles are read; the function that it returns, when all have been.
type Rohdaten func(io.Writer) (finish func() error, err error)

// Aenderungen make a new generation of another one.
type Aenderungen struct {
	Artikel   iter.Seq2[artikel.Artikel, error] // new ones and changed ones; a Beliebtheit stays
	Entfallen []kennung.PZN                     // may also be those that never were there
	Vertraege iter.Seq2[Vertragszeile, error]   // all of them
	Rohdaten  Rohdaten                          // nil: none
	Listen    *Listen                           // as they are when all has been read; nil: none
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
