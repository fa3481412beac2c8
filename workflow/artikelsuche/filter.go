package artikelsuche

import (
	"context"
	"slices"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
)

// Filter is one of the filters of a search.
type Filter string

// The filters.
const (
	FilterRx         Filter = "rx"
	FilterOTC        Filter = "otc"
	FilterLager      Filter = "lager"
	FilterPartner    Filter = "partner"
	FilterGuenstiger Filter = "guenstiger"
)

// aktive returns those that are set, in a fixed order.
func aktive(a catalogue.Anfrage) (list []Filter) {
	for _, f := range []struct {
		name Filter
		set  bool
	}{
		{FilterRx, a.NurRx},
		{FilterOTC, a.NurOTC},
		{FilterLager, a.NurLager},
		{FilterPartner, a.NurPartner},
		{FilterGuenstiger, a.Guenstiger != ""},
	} {
		if f.set {
			list = append(list, f.name)
		}
	}
	return list
}

func ohne(a catalogue.Anfrage, f Filter) catalogue.Anfrage {
	switch f {
	case FilterRx:
		a.NurRx = false
	case FilterOTC:
		a.NurOTC = false
	case FilterLager:
		a.NurLager = false
	case FilterPartner:
		a.NurPartner = false
	case FilterGuenstiger:
		a.Guenstiger = ""
	}
	return a
}

// Verborgen says what the filters of an empty search hide.
type Verborgen struct {
	Einzeln []Anteil // what comes to light when one filter is taken away
	Alle    int      // when all are; told where one alone is not enough
}

// Anteil is how many hits one filter hides.
type Anteil struct {
	Filter  Filter
	Treffer int
}

// auswahl is what a search may find, as far as only the pharmacy knows.
type auswahl struct {
	gen        catalogue.Generation
	vorlage    *artikel.Artikel
	guenstiger []kennung.PZN // by price; nil: not asked for
	lager      []kennung.PZN // in order; nil: not asked for
}

// waehle looks up what the filters need.
func (s *Service) waehle(ctx context.Context, gen catalogue.Generation, a catalogue.Anfrage) (auswahl, error) {
	w := auswahl{gen: gen}
	var err error
	if a.Guenstiger != "" {
		w.vorlage, w.guenstiger, err = guenstiger(ctx, gen, a.Guenstiger)
	}
	if a.NurLager && err == nil {
		w.lager, err = s.vorrat.lies(ctx, s.kern)
	}
	return w, err
}

// Guenstiger reports whether an article that is equal to another costs less at the till, and
// can be had: not recalled, not out of trade. What has no price is not cheap.
func Guenstiger(g, als artikel.Artikel) bool {
	p := g.Verkaufspreis()
	return p > 0 && p < als.Verkaufspreis() && g.Status != artikel.Rueckruf && g.Status != artikel.AusserVertrieb
}

// guenstiger returns what is equal to an article and cheaper, cheapest first.
func guenstiger(
	ctx context.Context, gen catalogue.Generation, pzn kennung.PZN,
) (vorlage *artikel.Artikel, list []kennung.PZN, err error) {
	a, ok, err := gen.Artikel(ctx, pzn)
	if err != nil || !ok {
		return nil, []kennung.PZN{}, err
	}
	equal, err := gen.Gleiche(ctx, pzn)
	list = []kennung.PZN{}
	for _, g := range equal {
		if Guenstiger(g, a) {
			list = append(list, g.PZN)
		}
	}
	return &a, list, err
}

// anfrage is what the catalogue is asked for: the filters that it does not know become the
// set of articles that may be found.
func (w auswahl) anfrage(a catalogue.Anfrage) catalogue.Anfrage {
	switch {
	case a.Guenstiger != "":
		a.Nur = w.guenstiger
		if a.NurLager {
			a.Nur = slices.DeleteFunc(slices.Clone(w.guenstiger), func(p kennung.PZN) bool {
				_, found := slices.BinarySearch(w.lager, p)
				return !found
			})
		}
	case strings.TrimSpace(a.Text) == "":
		a.Nur = nil // nothing is typed: nothing is looked for, whatever is in stock
	case a.NurLager:
		a.Nur = w.lager
	}
	return a
}

// verborgen counts what would be found without the filters. Filters never add a hit: what a
// text does not find without any of them is not looked for once more without each.
func (w auswahl) verborgen(ctx context.Context, a catalogue.Anfrage) (v Verborgen, err error) {
	set := aktive(a)
	if len(set) == 0 {
		return v, nil
	}
	all := a
	for _, f := range set {
		all = ohne(all, f)
	}
	n, err := w.gen.Anzahl(ctx, w.anfrage(all))
	if err != nil || n == 0 && strings.TrimSpace(a.Text) != "" {
		return v, err
	}
	for _, f := range set {
		one, err := w.gen.Anzahl(ctx, w.anfrage(ohne(a, f)))
		if err != nil {
			return Verborgen{}, err
		}
		if one > 0 {
			v.Einzeln = append(v.Einzeln, Anteil{f, one})
		}
	}
	if len(set) > 1 && len(v.Einzeln) == 0 {
		v.Alle = n
	}
	return v, nil
}
