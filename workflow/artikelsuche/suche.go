// Package artikelsuche finds articles for the till: the catalogue's hits with own
// stock first, and everything about one PZN.
package artikelsuche

import (
	"context"
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
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

// Suche returns hits: the exact PZN, then those that have the numbers as typed, then
// those in which they only begin so; within each what is in stock first, then in the
// order of the catalogue.
func (s *Service) Suche(ctx context.Context, a catalogue.Anfrage) (Ergebnis, error) {
	start := s.kern.Clock.Mono()
	gen, err := s.kern.Katalog.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return Ergebnis{}, err
	}
	limit := a.Grenze()
	if a.Limit = min(3*limit, catalogue.LimitHoechst); a.NurLager {
		a.Limit = catalogue.LimitHoechst
	} // stock may lift a hit that popularity puts further down
	hits, err := gen.Suche(ctx, a)
	if err != nil {
		return Ergebnis{}, err
	}
	list, err := s.withStock(ctx, hits, a)
	if err != nil {
		return Ergebnis{}, err
	}
	return Ergebnis{list[:min(len(list), limit)], s.kern.Clock.Mono() - start}, nil
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
			if t.Bestand > 0 || !a.NurLager {
				list = append(list, gewertet{t, stufe(h, t, exact)})
			}
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
	if out.Zuzahlung, err = s.zuzahlung(ctx, today, pzn); err != nil {
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

// zuzahlung computes the payment today and from each day on which it changes with the
// catalogue or the next turn of the year; nothing for what the GKV does not pay.
func (s *Service) zuzahlung(ctx context.Context, today civil.Day, pzn kennung.PZN) ([]ZuzahlungStand, error) {
	var list []ZuzahlungStand
	for _, day := range s.stichtage(today) {
		gen, err := s.kern.Katalog.Am(day)
		if err != nil {
			return nil, err
		}
		a, ok, err := gen.Artikel(ctx, pzn)
		if err != nil {
			return nil, err
		}
		if !ok || !Erstattet(a) {
			continue
		}
		stand, err := s.kern.Recht.Am(day)
		if err != nil {
			return nil, err
		}
		e := zuzahlung.Compute(Fall(day, a), stand.Zuzahlung)
		if n := len(list); n == 0 || list[n-1].Ergebnis.Patient() != e.Patient() {
			list = append(list, ZuzahlungStand{day, e})
		}
	}
	return list, nil
}

// stichtage are the days on which what a patient pays may change: today, the next
// generations of the catalogue, and the turn of the year.
func (s *Service) stichtage(today civil.Day) []civil.Day {
	days := []civil.Day{today, civil.Must(today.Year()+1, 1, 1)}
	for _, m := range s.kern.Katalog.Generationen() {
		if m.GueltigAb > today {
			days = append(days, m.GueltigAb)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// Erstattet reports whether the GKV pays for an article at all, so that there is a
// Zuzahlung to tell.
func Erstattet(a artikel.Artikel) bool {
	return a.AVP != 0 && (a.Verschreibungspflichtig || a.OTCAusnahme || a.Art != artikel.Arzneimittel)
}

// Fall is the line of one pack for an adult of the GKV who is not exempt, without a
// Rabattvertrag: what is told beforehand, when nobody knows the patient.
func Fall(day civil.Day, a artikel.Artikel) zuzahlung.Fall {
	return zuzahlung.Fall{
		Tag: day, Traeger: zuzahlung.GKV, Art: a.Art, AVP: a.AVP, Festbetrag: a.Festbetrag, Packungen: 1,
		Rx: a.Verschreibungspflichtig, Geburt: civil.Must(1970, 1, 1), Zuzahlungsfrei: a.Zuzahlungsfrei,
		Geheimpreis: a.Geheimpreis, OTCErstattungsfaehig: a.OTCAusnahme, Homoeopathisch: a.Homoeopathisch,
		Cannabisblueten: a.Cannabisblueten,
		FestbetragAus:   a.FestbetragAus, ZuzahlungsfreiAus: a.ZuzahlungsfreiAus,
	}
}
