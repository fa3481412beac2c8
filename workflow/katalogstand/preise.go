package katalogstand

import (
	"cmp"
	"context"
	"slices"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/artikelsuche"
)

// Betraege is an amount in both generations; zero means not stated.
type Betraege struct{ Alt, Neu money.Cent }

// Differenz is what the new one adds.
func (b Betraege) Differenz() money.Cent { return b.Neu - b.Alt }

// Gleich reports whether nothing changes.
func (b Betraege) Gleich() bool { return b.Alt == b.Neu }

// Preiszeile is an article in stock of which at least one amount changes. Amounts are per
// pack.
type Preiszeile struct {
	Artikel    artikel.Artikel // as the new generation has it; as the old one, if it is gone
	Bestand    int             // packs, at least 1
	Neu        bool            // only the new generation knows it
	Entfallen  bool            // only the old one does
	Preis      Betraege        // at the shelf: the AVP of Rx, else the free price; gross
	AEP        Betraege        // net
	Festbetrag Betraege        // gross
	Zuzahlung  Betraege        // of an adult of the GKV who is not exempt
	Patient    Betraege        // what this adult pays in all: with Mehrkosten above the Festbetrag
}

// Wert is the value of the stock of this article (AEP, net) in both generations; nothing
// where one of them does not state the AEP: then there is no difference to tell.
func (z Preiszeile) Wert() Betraege {
	if z.AEP.Alt == 0 || z.AEP.Neu == 0 {
		return Betraege{}
	}
	n := money.Cent(z.Bestand)
	return Betraege{z.AEP.Alt * n, z.AEP.Neu * n}
}

// Etikett reports whether the label at the shelf is wrong with the new generation.
func (z Preiszeile) Etikett() bool {
	return !z.Entfallen && !z.Artikel.Verschreibungspflichtig && !z.Preis.Gleich()
}

// Preisliste is what changes for the own stock from one generation to another, in the
// order of the names.
type Preisliste struct {
	Alt, Neu catalogue.Manifest // Neu.ID is empty: there are no two to compare
	Kommt    bool               // Neu is not valid yet
	Am       civil.Day          // from which Neu is valid
	Zeilen   []Preiszeile

	Artikel   int      // in stock, compared
	Unbekannt int      // in stock, and in neither generation
	Packungen int      // of the lines
	Wert      Betraege // of the lines: the sum of theirs
	OhneAEP   int      // lines whose AEP changes, one of both not stated: not in Wert
}

// Etiketten is the list less what needs no new label.
func (p Preisliste) Etiketten() Preisliste {
	lines := p.Zeilen
	p.Zeilen, p.Packungen, p.Wert, p.OhneAEP = nil, 0, Betraege{}, 0
	for _, z := range lines {
		if z.Etikett() {
			p.add(z)
		}
	}
	return p
}

func (p *Preisliste) add(z Preiszeile) {
	w := z.Wert()
	p.Zeilen = append(p.Zeilen, z)
	p.Packungen += z.Bestand
	p.Wert.Alt += w.Alt
	p.Wert.Neu += w.Neu
	if w == (Betraege{}) && !z.AEP.Gleich() {
		p.OhneAEP++
	}
}

// Preise compares the stock in the generation of today with the next one; if none is
// coming, in the one before with that of today. Both are priced by the law of the day from
// which the new one is valid, so that only the catalogue makes a difference.
func (s *Service) Preise(ctx context.Context) (Preisliste, error) {
	today := clock.Today(s.kern.Clock)
	alt, neu, err := s.paar(today)
	if err != nil || neu == nil {
		return Preisliste{}, err
	}
	p := Preisliste{Alt: alt.Manifest(), Neu: neu.Manifest(), Am: neu.Manifest().GueltigAb}
	p.Kommt = p.Am > today
	law, err := s.kern.Recht.Am(p.Am)
	if err != nil {
		return Preisliste{}, err
	}
	stock, err := s.bestand(ctx)
	if err != nil {
		return Preisliste{}, err
	}
	v := vergleich{alt, neu, p.Am, law.Zuzahlung}
	for _, b := range stock {
		if err := v.artikel(ctx, &p, b); err != nil {
			return Preisliste{}, err
		}
	}
	slices.SortStableFunc(p.Zeilen, func(a, b Preiszeile) int {
		return cmp.Compare(suche.Falten(a.Artikel.Name), suche.Falten(b.Artikel.Name))
	})
	return p, nil
}

// paar finds the generations to compare; neu is nil if there is only one.
func (s *Service) paar(today civil.Day) (alt, neu catalogue.Generation, err error) {
	now, err := s.kern.Katalog.Am(today)
	if err != nil {
		return nil, nil, err
	}
	m := now.Manifest()
	list := s.kern.Katalog.Generationen()
	slices.Reverse(list)
	for _, x := range list { // oldest first; one that turns out to be damaged is passed over
		if x.GueltigAb <= max(today, m.GueltigAb) {
			continue
		}
		next, err := s.kern.Katalog.Am(x.GueltigAb)
		if err != nil || next.Manifest().ID != m.ID {
			return now, next, err
		}
	}
	before, err := s.kern.Katalog.Am(m.GueltigAb.AddDays(-1))
	if err != nil || before.Manifest().GueltigAb >= m.GueltigAb {
		return now, nil, err
	}
	return before, now, nil
}

// vorrat is how much of an article is there.
type vorrat struct {
	pzn   kennung.PZN
	menge int
}

func (s *Service) bestand(ctx context.Context) ([]vorrat, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []vorrat, err error) {
		err = bestand.Each(rows, func(pzn kennung.PZN, count int) (bool, error) {
			if count > 0 {
				list = append(list, vorrat{pzn, count})
			}
			return true, nil
		})
		return list, err
	})
}

// vergleich looks an article up in both generations.
type vergleich struct {
	alt, neu catalogue.Generation
	tag      civil.Day
	law      zuzahlung.Recht
}

func (v vergleich) artikel(ctx context.Context, p *Preisliste, b vorrat) error {
	a, before, err := v.alt.Artikel(ctx, b.pzn)
	if err != nil {
		return err
	}
	n, after, err := v.neu.Artikel(ctx, b.pzn)
	switch {
	case err != nil:
		return err
	case !before && !after:
		p.Unbekannt++
		return nil
	}
	p.Artikel++
	if a == n {
		return nil
	}
	z := Preiszeile{
		Artikel: n, Bestand: b.menge, Neu: !before, Entfallen: !after,
		Preis: Betraege{a.Verkaufspreis(), n.Verkaufspreis()}, AEP: Betraege{a.AEP, n.AEP},
		Festbetrag: Betraege{a.Festbetrag, n.Festbetrag},
	}
	z.Zuzahlung.Alt, z.Patient.Alt = v.patient(a)
	z.Zuzahlung.Neu, z.Patient.Neu = v.patient(n)
	if !after {
		z.Artikel = a
	}
	if !z.Preis.Gleich() || !z.AEP.Gleich() || !z.Festbetrag.Gleich() || !z.Zuzahlung.Gleich() ||
		!z.Patient.Gleich() || before != after {
		p.add(z)
	}
	return nil
}

// patient is the Zuzahlung for a pack, and with it all that the patient pays; nothing for
// what the GKV does not pay.
func (v vergleich) patient(a artikel.Artikel) (due, all money.Cent) {
	if !artikelsuche.Erstattet(a) {
		return 0, 0
	}
	e := zuzahlung.Compute(artikelsuche.Fall(v.tag, a), v.law)
	return e.Zuzahlung, e.Patient()
}
