// Package memory keeps a generation of the catalogue in memory: for tests and for
// small catalogues. It searches with the same index as the files do.
package memory

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

type generation struct {
	manifest  catalogue.Manifest
	artikel   []artikel.Artikel
	beliebt   []int // of each of artikel
	nachPZN   map[kennung.PZN]int
	gruppen   map[string][]int
	vertraege map[vertrag]zuzahlung.Vertrag
	index     *suche.Index
}

type vertrag struct {
	ik  string
	pzn kennung.PZN
}

// New reads the source to its end and returns it as a generation. The counts of the
// manifest are set to what was read.
func New(m catalogue.Manifest, q catalogue.Quelle) (catalogue.Generation, error) {
	g := &generation{
		manifest: m, nachPZN: map[kennung.PZN]int{}, gruppen: map[string][]int{},
		vertraege: map[vertrag]zuzahlung.Vertrag{},
	}
	bau := suche.NewBau()
	if err := g.lies(q, bau); err != nil {
		return nil, err
	}
	var block bytes.Buffer
	err := bau.Schreiben(&block)
	if err == nil {
		g.index, err = suche.Oeffnen(block.Bytes())
	}
	if err != nil {
		return nil, fmt.Errorf("build search index: %w", err)
	}
	g.manifest.Artikel, g.manifest.Vertraege = len(g.artikel), len(g.vertraege)
	return g, nil
}

func (g *generation) lies(q catalogue.Quelle, bau *suche.Bau) error {
	for z, err := range q.Artikel {
		if err == nil {
			err = g.nimm(z, bau)
		}
		if err != nil {
			return fmt.Errorf("read articles: %w", err)
		}
	}
	if q.Vertraege == nil {
		return nil
	}
	for v, err := range q.Vertraege {
		if err == nil {
			err = bau.Vertrag(v.IK, v.PZN)
		}
		if err != nil {
			return fmt.Errorf("read contracts: %w", err)
		}
		g.vertraege[vertrag{v.IK, v.PZN}] = v.Vertrag
	}
	return nil
}

func (g *generation) nimm(z catalogue.Zeile, bau *suche.Bau) error {
	a := z.Artikel
	if _, twice := g.nachPZN[a.PZN]; twice {
		return fmt.Errorf("PZN %s occurs twice", a.PZN)
	}
	if err := bau.Artikel(a, z.Beliebtheit); err != nil {
		return fmt.Errorf("index %s: %w", a.PZN, err)
	}
	i := len(g.artikel)
	g.nachPZN[a.PZN] = i
	if k := a.Gruppe(); k != "" {
		g.gruppen[k] = append(g.gruppen[k], i)
	}
	g.artikel, g.beliebt = append(g.artikel, a), append(g.beliebt, z.Beliebtheit)
	return nil
}

func (g *generation) Manifest() catalogue.Manifest { return g.manifest }

func (g *generation) Artikel(_ context.Context, pzn kennung.PZN) (artikel.Artikel, bool, error) {
	i, ok := g.nachPZN[pzn]
	if !ok {
		return artikel.Artikel{}, false, nil
	}
	return g.artikel[i], true, nil
}

func (g *generation) Suche(_ context.Context, a catalogue.Anfrage) ([]catalogue.Treffer, error) {
	raenge, woertlich, err := g.index.Suchen(frage(a))
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	list := make([]catalogue.Treffer, len(raenge))
	for i, r := range raenge {
		list[i] = catalogue.Treffer{Artikel: g.artikel[g.nachPZN[g.index.PZN(r)]], Rang: i, Woertlich: i < woertlich}
	}
	return list, nil
}

func frage(a catalogue.Anfrage) suche.Frage {
	return suche.Frage{
		Text: a.Text, Limit: a.Grenze(), IK: a.IK, NurPartner: a.NurPartner, NurRx: a.NurRx, NurOTC: a.NurOTC, Nur: a.Nur,
	}
}

func (g *generation) Anzahl(_ context.Context, a catalogue.Anfrage) (int, error) {
	n, err := g.index.AnzahlTreffer(frage(a))
	if err != nil {
		return 0, fmt.Errorf("count hits: %w", err)
	}
	return n, nil
}

func (g *generation) VertraegeVon(_ context.Context, pzn kennung.PZN) (list []catalogue.Vertragszeile, _ error) {
	_, known := g.nachPZN[pzn]
	for k, v := range g.vertraege {
		if known && k.pzn == pzn {
			list = append(list, catalogue.Vertragszeile{IK: k.ik, PZN: pzn, Vertrag: v})
		}
	}
	slices.SortFunc(list, func(a, b catalogue.Vertragszeile) int { return strings.Compare(a.IK, b.IK) })
	return list, nil
}

func (g *generation) Vertrag(_ context.Context, ik string, pzn kennung.PZN) (*zuzahlung.Vertrag, error) {
	if v, ok := g.vertraege[vertrag{ik, pzn}]; ok {
		return &v, nil
	}
	return nil, nil //nolint:nilnil // no contract is no error: see catalogue.Generation
}

func (g *generation) Gleiche(_ context.Context, pzn kennung.PZN) ([]artikel.Artikel, error) {
	i, ok := g.nachPZN[pzn]
	if !ok {
		return nil, nil
	}
	gruppe := g.gruppen[g.artikel[i].Gruppe()]
	if len(gruppe) == 0 {
		return []artikel.Artikel{g.artikel[i]}, nil
	}
	list := make([]artikel.Artikel, len(gruppe))
	for n, j := range gruppe {
		list[n] = g.artikel[j]
	}
	catalogue.NachPreis(list)
	return list, nil
}

func (g *generation) Beliebteste(_ context.Context, n int) ([]artikel.Artikel, error) {
	pzns, err := g.index.Erste(n)
	if err != nil {
		return nil, fmt.Errorf("list by demand: %w", err)
	}
	var list []artikel.Artikel
	for _, pzn := range pzns {
		list = append(list, g.artikel[g.nachPZN[pzn]])
	}
	return list, nil
}

func (g *generation) Alle(ctx context.Context) iter.Seq2[catalogue.Zeile, error] {
	return func(yield func(catalogue.Zeile, error) bool) {
		list := make([]catalogue.Zeile, len(g.artikel))
		for i, a := range g.artikel {
			list[i] = catalogue.Zeile{Artikel: a, Beliebtheit: g.beliebt[i]}
		}
		slices.SortFunc(list, func(x, y catalogue.Zeile) int {
			return strings.Compare(string(x.Artikel.PZN), string(y.Artikel.PZN))
		})
		for _, z := range list {
			if err := ctx.Err(); err != nil {
				yield(catalogue.Zeile{}, fmt.Errorf("walk articles: %w", err))
				return
			}
			if !yield(z, nil) {
				return
			}
		}
	}
}

type folge []catalogue.Generation // newest first

// NewCatalogue returns the catalogue of these generations.
func NewCatalogue(gens ...catalogue.Generation) catalogue.Catalogue {
	f := slices.Clone(folge(gens))
	slices.SortFunc(f, func(a, b catalogue.Generation) int { return catalogue.Neuere(a.Manifest(), b.Manifest()) })
	return f
}

func (f folge) Am(day civil.Day) (catalogue.Generation, error) {
	i, err := catalogue.Waehle(f.Generationen(), day)
	if err != nil {
		return nil, err
	}
	return f[i], nil
}

func (f folge) Generationen() []catalogue.Manifest {
	list := make([]catalogue.Manifest, len(f))
	for i, g := range f {
		list[i] = g.Manifest()
	}
	return list
}
