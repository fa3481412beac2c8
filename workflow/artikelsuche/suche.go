// Package artikelsuche finds articles for the till: the catalogue's hits with own
// stock first, and everything about one PZN.
package artikelsuche

import (
	"context"
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/workflow"
)

// Treffer is one hit with its stock.
type Treffer struct {
	Artikel             artikel.Artikel
	Bestand, Vorgemerkt int
}

// Ergebnis are the hits of a search, best first.
type Ergebnis struct {
	Treffer []Treffer
	Dauer   time.Duration
}

// Service searches.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Suche returns hits: what is in stock first, each group in the order of the
// catalogue. An exact PZN stays on top.
func (s *Service) Suche(ctx context.Context, a catalogue.Anfrage) (Ergebnis, error) {
	start := s.kern.Clock.Mono()
	gen, err := s.kern.Katalog.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return Ergebnis{}, err
	}
	limit := min(max(a.Limit, 1), 200)
	if a.Limit == 0 {
		limit = 20
	}
	a.Limit = min(3*limit, 200) // stock may lift a hit that popularity puts further down
	hits, err := gen.Suche(ctx, a)
	if err != nil {
		return Ergebnis{}, err
	}
	list, err := s.withStock(ctx, hits, a.NurLager)
	slices.SortStableFunc(list, func(x, y Treffer) int { return stocked(y) - stocked(x) })
	return Ergebnis{list[:min(len(list), limit)], s.kern.Clock.Mono() - start}, err
}

func stocked(t Treffer) int {
	if t.Bestand > 0 {
		return 1
	}
	return 0
}

func (s *Service) withStock(ctx context.Context, hits []catalogue.Treffer, nurLager bool) ([]Treffer, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Treffer, error) {
		list := make([]Treffer, 0, len(hits))
		for _, h := range hits {
			t, err := stock(rows, h.Artikel)
			if err != nil {
				return nil, err
			}
			if t.Bestand > 0 || !nurLager {
				list = append(list, t)
			}
		}
		return list, nil
	})
}

func stock(rows journal.Rows, a artikel.Artikel) (Treffer, error) {
	n, err := bestand.Menge(rows, a.PZN)
	if err != nil {
		return Treffer{}, err
	}
	v, err := vormerkungen.Menge(rows, a.PZN)
	return Treffer{a, n, v}, err
}

// Preisstand is the price of an article in one generation.
type Preisstand struct {
	Generation           string
	Ab                   civil.Day
	AVP, UVP, Festbetrag money.Cent
}

// ZuzahlungStand is what an adult GKV patient pays for one pack from a day on.
type ZuzahlungStand struct {
	Ab       civil.Day
	Ergebnis zuzahlung.Ergebnis
}

// Auskunft is everything about one PZN.
type Auskunft struct {
	Treffer
	Preise    []Preisstand // newest first
	Zuzahlung []ZuzahlungStand
	Gleiche   []Treffer
	Schritte  []schritt.Schritt // of the Zuzahlung today
}

// Artikel returns everything about one PZN.
func (s *Service) Artikel(ctx context.Context, pzn kennung.PZN) (Auskunft, error) {
	today := clock.Today(s.kern.Clock)
	gen, err := s.kern.Katalog.Am(today)
	if err != nil {
		return Auskunft{}, err
	}
	a, ok, err := gen.Artikel(ctx, pzn)
	if err != nil {
		return Auskunft{}, err
	}
	if !ok {
		return Auskunft{}, fault.New(fault.NotFound, "A-101",
			"Diese PZN steht nicht im Katalog – prüfen Sie die Ziffern oder suchen Sie nach dem Namen.", nil)
	}
	out := Auskunft{}
	if out.Preise, err = s.preise(ctx, pzn); err != nil {
		return Auskunft{}, err
	}
	if out.Zuzahlung, err = s.zuzahlung(today, a); err != nil {
		return Auskunft{}, err
	}
	if len(out.Zuzahlung) > 0 {
		out.Schritte = out.Zuzahlung[0].Ergebnis.Schritte
	}
	gleiche, err := gen.Gleiche(ctx, pzn)
	if err != nil {
		return Auskunft{}, err
	}
	return out, s.kern.Store.View(ctx, func(rows journal.Rows) error {
		return out.fill(rows, a, gleiche)
	})
}

func (out *Auskunft) fill(rows journal.Rows, a artikel.Artikel, gleiche []artikel.Artikel) error {
	var err error
	if out.Treffer, err = stock(rows, a); err != nil {
		return err
	}
	for _, g := range gleiche {
		t, err := stock(rows, g)
		if err != nil {
			return err
		}
		out.Gleiche = append(out.Gleiche, t)
	}
	return nil
}

func (s *Service) preise(ctx context.Context, pzn kennung.PZN) ([]Preisstand, error) {
	var list []Preisstand
	for _, m := range s.kern.Katalog.Generationen() {
		gen, err := s.kern.Katalog.Am(m.GueltigAb)
		if err != nil {
			return nil, err
		}
		a, ok, err := gen.Artikel(ctx, pzn)
		if err != nil {
			return nil, err
		}
		if ok && gen.Manifest().ID == m.ID {
			list = append(list, Preisstand{m.ID, m.GueltigAb, a.AVP, a.UVP, a.Festbetrag})
		}
	}
	return list, nil
}

// zuzahlung computes the payment today and after the next change of law, if it
// differs; nothing for what the GKV does not pay.
func (s *Service) zuzahlung(today civil.Day, a artikel.Artikel) ([]ZuzahlungStand, error) {
	if a.AVP == 0 || !a.Verschreibungspflichtig && !a.OTCAusnahme && a.Art == artikel.Arzneimittel {
		return nil, nil
	}
	var list []ZuzahlungStand
	for _, day := range []civil.Day{today, civil.Must(today.Year()+1, 1, 1)} {
		stand, err := s.kern.Recht.Am(day)
		if err != nil {
			return nil, err
		}
		e := zuzahlung.Compute(zuzahlung.Fall{
			Tag: day, Traeger: zuzahlung.GKV, Art: a.Art, AVP: a.AVP, Festbetrag: a.Festbetrag, Packungen: 1,
			Rx: a.Verschreibungspflichtig, Geburt: civil.Must(1970, 1, 1), Zuzahlungsfrei: a.Zuzahlungsfrei,
			Geheimpreis: a.Geheimpreis, OTCErstattungsfaehig: a.OTCAusnahme, Homoeopathisch: a.Homoeopathisch,
			Cannabisblueten: a.Cannabisblueten,
		}, stand.Zuzahlung)
		if len(list) == 0 || list[0].Ergebnis.Patient() != e.Patient() {
			list = append(list, ZuzahlungStand{day, e})
		}
	}
	return list, nil
}
