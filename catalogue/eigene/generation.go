package eigene

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
)

// generation is a generation with what is the pharmacy's own. What it does not answer
// itself – manifest and contracts – is that of the generation below.
type generation struct {
	catalogue.Generation

	eigene *Eigene
	tag    civil.Day
}

// Artikel implements catalogue.Generation.
func (g *generation) Artikel(ctx context.Context, pzn kennung.PZN) (artikel.Artikel, bool, error) {
	if i, ok := g.eigene.nachPZN[pzn]; ok {
		return g.mit(g.eigene.artikel[i]), true, nil
	}
	a, ok, err := g.Generation.Artikel(ctx, pzn)
	if err != nil || !ok {
		return a, ok, err
	}
	return g.mit(a), true, nil
}

// Gleiche implements catalogue.Generation. An article of the pharmacy's own is equal to
// none: it names no ingredient.
func (g *generation) Gleiche(ctx context.Context, pzn kennung.PZN) ([]artikel.Artikel, error) {
	if i, ok := g.eigene.nachPZN[pzn]; ok {
		return []artikel.Artikel{g.mit(g.eigene.artikel[i])}, nil
	}
	list, err := g.Generation.Gleiche(ctx, pzn)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(a artikel.Artikel) bool { return g.verdeckt(a.PZN) })
	for i := range list {
		list[i] = g.mit(list[i])
	}
	catalogue.NachPreis(list)
	return list, nil
}

// Beliebteste implements catalogue.Generation. Nobody has counted who asks for an article of
// the pharmacy's own: they come last, if there is room.
func (g *generation) Beliebteste(ctx context.Context, n int) ([]artikel.Artikel, error) {
	list, err := g.Generation.Beliebteste(ctx, n)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(a artikel.Artikel) bool { return g.verdeckt(a.PZN) })
	list = append(list, g.eigene.artikel[:min(len(g.eigene.artikel), max(0, n-len(list)))]...)
	for i := range list {
		list[i] = g.mit(list[i])
	}
	return list, nil
}

func (g *generation) verdeckt(pzn kennung.PZN) bool {
	_, ok := g.eigene.nachPZN[pzn]
	return ok
}

// verdeckte are those of the list that are own articles; of nil all own ones.
func (g *generation) verdeckte(nur []kennung.PZN) []kennung.PZN {
	list := []kennung.PZN{}
	if nur == nil {
		for _, a := range g.eigene.artikel {
			list = append(list, a.PZN)
		}
	}
	for _, pzn := range nur {
		if g.verdeckt(pzn) {
			list = append(list, pzn)
		}
	}
	return list
}

// Alle implements catalogue.Generation: both walks at once, in order of PZN.
func (g *generation) Alle(ctx context.Context) iter.Seq2[catalogue.Zeile, error] {
	return func(yield func(catalogue.Zeile, error) bool) {
		own := g.eigene.artikel
		for z, err := range g.Generation.Alle(ctx) {
			if err != nil {
				yield(z, err)
				return
			}
			n := sort.Search(len(own), func(i int) bool { return own[i].PZN > z.Artikel.PZN })
			if !g.zeilen(own[:n], yield) {
				return
			}
			own = own[n:]
			if z.Artikel = g.mit(z.Artikel); !g.verdeckt(z.Artikel.PZN) && !yield(z, nil) {
				return
			}
		}
		g.zeilen(own, yield)
	}
}

// zeilen yields own articles, and reports whether to go on.
func (g *generation) zeilen(own []artikel.Artikel, yield func(catalogue.Zeile, error) bool) bool {
	for _, a := range own {
		if !yield(catalogue.Zeile{Artikel: g.mit(a)}, nil) {
			return false
		}
	}
	return true
}

// Suche implements catalogue.Generation. Of those that match as typed the own come first,
// then the catalogue's; then those in which numbers only begin so, in the same order. What
// was taken out comes behind all of them, and a slip of the finger is looked for among the
// own only where the catalogue has nothing that matches.
func (g *generation) Suche(ctx context.Context, a catalogue.Anfrage) ([]catalogue.Treffer, error) {
	hits, _, err := g.unten(ctx, a)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		hits[i].Artikel = g.mit(hits[i].Artikel)
	}
	streng := passt(hits, a.Text)
	if filters := a.NurRx || a.NurOTC || a.NurPartner || a.Nur != nil; filters && len(hits) == 0 && g.eigene.index != nil {
		if streng, err = g.streng(ctx, a.Text); err != nil {
			return nil, err
		}
	}
	own, err := g.eigeneTreffer(a, streng)
	if err != nil {
		return nil, err
	}
	return vereint(own, hits, a), nil
}

// streng reports whether the catalogue has what matches as typed, so that no slip is looked
// for among the own. Filters must not decide that: they would add hits else.
func (g *generation) streng(ctx context.Context, text string) (bool, error) {
	for _, limit := range []int{1, catalogue.LimitHoechst} { // the first one may be covered
		hits, all, err := g.unten(ctx, catalogue.Anfrage{Text: text, Limit: limit})
		if err != nil || len(hits) > 0 || all < limit {
			return err == nil && passt(hits, text), err
		}
	}
	return false, nil
}

func passt(hits []catalogue.Treffer, text string) bool {
	return len(hits) > 0 && suche.Passt(hits[0].Artikel, text)
}

// unten searches the generation below; all is how many hits that has with those that own
// articles cover.
func (g *generation) unten(ctx context.Context, a catalogue.Anfrage) (hits []catalogue.Treffer, all int, err error) {
	hits, err = g.Generation.Suche(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	all = len(hits)
	hits = slices.DeleteFunc(slices.Clone(hits), func(t catalogue.Treffer) bool { return g.verdeckt(t.Artikel.PZN) })
	return hits, all, nil
}

func frage(a catalogue.Anfrage, streng bool) suche.Frage {
	return suche.Frage{
		Text: a.Text, Limit: a.Grenze(), IK: a.IK, NurPartner: a.NurPartner, NurRx: a.NurRx, NurOTC: a.NurOTC, Nur: a.Nur,
		Streng: streng,
	}
}

// Anzahl implements catalogue.Generation.
func (g *generation) Anzahl(ctx context.Context, a catalogue.Anfrage) (int, error) {
	n, err := g.Generation.Anzahl(ctx, a)
	if err != nil || g.eigene.index == nil || strings.TrimSpace(a.Text) == "" && a.Nur == nil {
		return n, err
	}
	hidden := a
	hidden.Nur = g.verdeckte(a.Nur)
	below, err := g.Generation.Anzahl(ctx, hidden)
	if err != nil {
		return 0, err
	}
	streng, err := g.streng(ctx, a.Text)
	if err != nil {
		return 0, err
	}
	own, err := g.eigene.index.AnzahlTreffer(frage(a, streng))
	if err != nil {
		return 0, fmt.Errorf("count own articles: %w", err)
	}
	return n - below + own, nil
}

// eigeneTreffer searches the own articles.
func (g *generation) eigeneTreffer(a catalogue.Anfrage, streng bool) ([]catalogue.Treffer, error) {
	if g.eigene.index == nil {
		return nil, nil
	}
	ranks, woertlich, err := g.eigene.index.Suchen(frage(a, streng))
	if err != nil {
		return nil, fmt.Errorf("search own articles: %w", err)
	}
	list := make([]catalogue.Treffer, len(ranks))
	for i, r := range ranks {
		own := g.eigene.artikel[g.eigene.nachPZN[g.eigene.index.PZN(r)]]
		list[i] = catalogue.Treffer{Artikel: g.mit(own), Woertlich: i < woertlich}
	}
	return list, nil
}

// vereint merges both lists, each of which is in its order.
func vereint(own, hits []catalogue.Treffer, a catalogue.Anfrage) []catalogue.Treffer {
	if len(own) == 0 {
		return hits
	}
	exact, _ := suche.PZN(a.Text)
	stufe := func(t catalogue.Treffer, eigener bool) int {
		switch {
		case t.Artikel.PZN == exact:
			return 0
		case eigener && t.Artikel.Status == artikel.AusserVertrieb:
			return 5
		case t.Woertlich && eigener:
			return 1
		case t.Woertlich:
			return 2
		case eigener:
			return 3
		}
		return 4
	}
	var list []catalogue.Treffer
	for n := range 6 {
		for _, t := range own {
			if stufe(t, true) == n {
				list = append(list, t)
			}
		}
		for _, t := range hits {
			if stufe(t, false) == n {
				list = append(list, t)
			}
		}
	}
	list = list[:min(len(list), a.Grenze())]
	for i := range list {
		list[i].Rang = i
	}
	return list
}
