// Package eigene lays the articles and prices of the pharmacy's own over a generation of
// the catalogue. Whoever asks the result sees one catalogue.
package eigene

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// Preis is a price of the pharmacy's own, gross, from a day on.
type Preis struct {
	Ab    civil.Day  `json:"ab,omitzero"`
	Bis   civil.Day  `json:"bis,omitzero"` // the last day; 0: open
	Preis money.Cent `json:"preis"`
}

// Eigene are the articles and prices as of one state. They never change and are safe for
// concurrent use. The zero value has none.
type Eigene struct {
	artikel []artikel.Artikel // by PZN
	nachPZN map[kennung.PZN]int
	preise  map[kennung.PZN][]Preis // the latest first day first
	index   *suche.Index            // nil: no articles
}

// New indexes articles and prices. A PZN occurs once in the articles.
func New(list []artikel.Artikel, preise map[kennung.PZN][]Preis) (*Eigene, error) {
	e := &Eigene{artikel: slices.Clone(list), nachPZN: map[kennung.PZN]int{}, preise: map[kennung.PZN][]Preis{}}
	slices.SortFunc(e.artikel, func(a, b artikel.Artikel) int { return cmp.Compare(a.PZN, b.PZN) })
	for pzn, p := range preise {
		p = slices.Clone(p)
		slices.SortStableFunc(p, func(a, b Preis) int { return cmp.Compare(b.Ab, a.Ab) })
		e.preise[pzn] = p
	}
	if len(list) == 0 {
		return e, nil
	}
	bau := suche.NewBau()
	for i, a := range e.artikel {
		e.nachPZN[a.PZN] = i
		if err := bau.Artikel(a, 0); err != nil {
			return nil, fmt.Errorf("index own article %s: %w", a.PZN, err)
		}
	}
	if len(e.nachPZN) != len(e.artikel) {
		return nil, fmt.Errorf("%d own articles have %d PZN", len(e.artikel), len(e.nachPZN))
	}
	var b bytes.Buffer
	err := bau.Schreiben(&b)
	if err == nil {
		e.index, err = suche.Oeffnen(b.Bytes())
	}
	if err != nil {
		return nil, fmt.Errorf("index own articles: %w", err)
	}
	return e, nil
}

// Preis returns the price that holds for an article on a day, and false if none does. Of
// several the one that began last holds: an offer within an open price.
func (e *Eigene) Preis(pzn kennung.PZN, day civil.Day) (Preis, bool) {
	for _, p := range e.preise[pzn] {
		if p.Ab <= day && (p.Bis == 0 || day <= p.Bis) {
			return p, true
		}
	}
	return Preis{}, false
}

// Ueber lays articles and prices of the day over a generation. Of two articles with one
// PZN that of the pharmacy holds.
func (e *Eigene) Ueber(gen catalogue.Generation, day civil.Day) catalogue.Generation {
	if len(e.artikel) == 0 && len(e.preise) == 0 {
		return gen
	}
	return &generation{gen, e, day}
}

// mit is an article with the price of the day. Rx drugs have no other than that of the law.
func (g *generation) mit(a artikel.Artikel) artikel.Artikel {
	a.EigenerPreis = 0
	if p, ok := g.eigene.Preis(a.PZN, g.tag); ok && !a.Verschreibungspflichtig {
		a.EigenerPreis = p.Preis
	}
	return a
}
