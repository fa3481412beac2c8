// Package artikelsuche finds articles for the till: the catalogue's hits with own
// stock first, and everything about one PZN.
package artikelsuche

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/workflow"
)

// Treffer is one hit with its stock.
type Treffer struct {
	Artikel             artikel.Artikel
	Bestand, Vorgemerkt int
	Vertrag             *zuzahlung.Vertrag // of the insurer that was asked for; nil: none
}

// Ergebnis are the hits of a search, best first.
type Ergebnis struct {
	Treffer []Treffer
	Dauer   time.Duration
	// Vorlage is the article that the hits cost less than; nil: none was asked for.
	Vorlage   *artikel.Artikel
	Verborgen Verborgen
}

// Service searches.
type Service struct {
	kern   *workflow.Kern
	archiv Archiv
	vorrat *vorrat
}

// New returns the service. Its history knows the generations that hold on some day.
func New(k *workflow.Kern) *Service { return &Service{k, geltende{k}, &vorrat{}} }

// Suche returns hits: the exact PZN, then those that have the numbers as typed, then
// those in which they only begin so; within each what is in stock first, then in the
// order of the catalogue. What is cheaper than an article comes cheapest first.
func (s *Service) Suche(ctx context.Context, a catalogue.Anfrage) (Ergebnis, error) {
	start := s.kern.Clock.Mono()
	gen, err := s.kern.Katalog.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return Ergebnis{}, err
	}
	w, err := s.waehle(ctx, gen, a)
	if err != nil {
		return Ergebnis{}, err
	}
	out := Ergebnis{Vorlage: w.vorlage}
	limit := a.Grenze()
	if a.Guenstiger != "" {
		limit = catalogue.LimitHoechst
	}
	query := w.anfrage(a)
	query.Limit = min(3*limit, catalogue.LimitHoechst) // stock may lift a hit that popularity puts further down
	hits, err := gen.Suche(ctx, query)
	if err != nil {
		return Ergebnis{}, err
	}
	if out.Treffer, err = s.withStock(ctx, hits, a); err != nil {
		return Ergebnis{}, err
	}
	if a.Guenstiger != "" {
		slices.SortStableFunc(out.Treffer, func(x, y Treffer) int {
			return cmp.Compare(x.Artikel.Verkaufspreis(), y.Artikel.Verkaufspreis())
		})
	}
	out.Treffer = out.Treffer[:min(len(out.Treffer), a.Grenze())]
	if len(out.Treffer) == 0 {
		out.Verborgen, err = w.verborgen(ctx, a)
	} else {
		err = contracts(ctx, gen, a.IK, out.Treffer)
	}
	out.Dauer = s.kern.Clock.Mono() - start
	return out, err
}

// contracts notes the contract of the insurer with each hit.
func contracts(ctx context.Context, gen catalogue.Generation, ik string, list []Treffer) (err error) {
	for i := range list {
		if ik != "" && err == nil {
			list[i].Vertrag, err = gen.Vertrag(ctx, ik, list[i].Artikel.PZN)
		}
	}
	return err
}

// gewertet is a hit with its place among the others: lower comes first.
type gewertet struct {
	Treffer
	stufe int
}

func (s *Service) withStock(ctx context.Context, hits []catalogue.Treffer, a catalogue.Anfrage) ([]Treffer, error) {
	exact, _ := suche.PZN(a.Text)
	list := make([]gewertet, 0, len(hits))
	err := s.kern.Store.View(ctx, func(rows journal.Rows) error {
		for _, h := range hits {
			t, err := stock(rows, h.Artikel)
			if err != nil {
				return err
			}
			list = append(list, gewertet{t, stufe(h, t, exact)})
		}
		return nil
	})
	slices.SortStableFunc(list, func(x, y gewertet) int { return x.stufe - y.stufe })
	out := make([]Treffer, len(list))
	for i, g := range list {
		out[i] = g.Treffer
	}
	return out, err
}

func stufe(h catalogue.Treffer, t Treffer, exact kennung.PZN) int {
	n := 1
	if h.Artikel.PZN == exact {
		return 0
	}
	if !h.Woertlich {
		n += 2
	}
	if t.Bestand <= 0 {
		n++
	}
	return n
}

func stock(rows journal.Rows, a artikel.Artikel) (Treffer, error) {
	n, err := bestand.Menge(rows, a.PZN)
	if err != nil {
		return Treffer{}, err
	}
	v, err := vormerkungen.Menge(rows, a.PZN)
	return Treffer{Artikel: a, Bestand: n, Vorgemerkt: v}, err
}
