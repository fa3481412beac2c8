package artikelsuche

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
)

// How much of the past is read when somebody asks: a year of lists, within a time that
// nobody notices beside the page.
const (
	maxGenerationen = 24
	maxLesezeit     = 500 * time.Millisecond
)

// Archiv knows every generation, also those that a person has taken out.
type Archiv interface {
	// Verlauf walks an article through the generations, newest first; each is read when
	// it is asked for. One that cannot be read comes with its error.
	Verlauf(ctx context.Context, pzn kennung.PZN) iter.Seq2[catalogue.Verlaufszeile, error]
}

// Mit returns the service with a history that knows more than what holds.
func (s *Service) Mit(a Archiv) *Service { return &Service{s.kern, a, s.vorrat} }

// geltende is the archive of those generations that a day can choose.
type geltende struct{ kern *workflow.Kern }

// Verlauf implements Archiv.
func (g geltende) Verlauf(ctx context.Context, pzn kennung.PZN) iter.Seq2[catalogue.Verlaufszeile, error] {
	return func(yield func(catalogue.Verlaufszeile, error) bool) {
		for _, m := range g.kern.Katalog.Generationen() {
			z := catalogue.Verlaufszeile{Manifest: m}
			gen, err := g.kern.Katalog.Am(m.GueltigAb)
			if err == nil && gen.Manifest().ID != m.ID {
				continue // another one for the same day holds in its place
			}
			if err == nil {
				z.Artikel, z.Da, err = gen.Artikel(ctx, pzn)
			}
			if !yield(z, err) {
				return
			}
		}
	}
}

// Preis is what a generation says of an article's price and of what decides the Zuzahlung.
// Amounts per pack; zero: not stated.
type Preis struct {
	AVP, UVP, AEP, Festbetrag, Geheimpreis money.Cent

	Rx, Zuzahlungsfrei, OTCAusnahme, Lifestyle, Negativliste bool

	Fehlt bool // the generation does not have the article
}

func preisVon(a artikel.Artikel, da bool) Preis {
	if !da {
		return Preis{Fehlt: true}
	}
	return Preis{
		AVP: a.AVP, UVP: a.UVP, AEP: a.AEP, Festbetrag: a.Festbetrag, Geheimpreis: a.Geheimpreis,
		Rx: a.Verschreibungspflichtig, Zuzahlungsfrei: a.Zuzahlungsfrei, OTCAusnahme: a.OTCAusnahme,
		Lifestyle: a.Lifestyle, Negativliste: a.Negativliste,
	}
}

// Preisstand is the price of an article from a generation on.
type Preisstand struct {
	Preis

	Generation, Quelle string
	Ab                 civil.Day
	Ausgelassen        bool // a person has taken the generation out: it did not or does not hold
	Gilt, Kommt        bool // holds today; is still to come
}

// Verlauf is the price of an article over the generations.
type Verlauf struct {
	Zeilen    []Preisstand // newest first; only where something changes
	Gelesen   int          // generations that were read
	Unlesbar  int          // of those, damaged
	Unbekannt bool         // older ones were not read: the last line may be older than it says
}

// Verlauf reads the price history of an article.
func (s *Service) Verlauf(ctx context.Context, pzn kennung.PZN) Verlauf {
	start := s.kern.Clock.Mono()
	var v Verlauf
	var list []Preisstand
	for z, err := range s.archiv.Verlauf(ctx, pzn) {
		if v.Gelesen == maxGenerationen || s.kern.Clock.Mono()-start > maxLesezeit {
			v.Unbekannt = true
			break
		}
		v.Gelesen++
		if err != nil {
			v.Unlesbar++
			continue
		}
		list = append(list, Preisstand{
			Preis: preisVon(z.Artikel, z.Da), Generation: z.ID, Quelle: z.Quelle, Ab: z.GueltigAb, Ausgelassen: z.Ausgelassen,
		})
	}
	v.Zeilen = wechsel(list)
	v.merke(clock.Today(s.kern.Clock))
	return v
}

// wechsel keeps where the price is another than before, oldest to newest. Of several for the
// same day only the last counts, for it corrects the others.
func wechsel(list []Preisstand) (out []Preisstand) {
	before, seen := Preis{Fehlt: true}, civil.Day(0)
	held := slices.DeleteFunc(slices.Clone(list), func(p Preisstand) bool {
		double := !p.Ausgelassen && p.Ab == seen
		if !p.Ausgelassen {
			seen = p.Ab
		}
		return double
	})
	for _, p := range slices.Backward(held) {
		if p.Preis == before {
			continue
		}
		out = append(out, p)
		if !p.Ausgelassen {
			before = p.Preis
		}
	}
	slices.Reverse(out)
	return out
}

// merke marks the line that holds today and those to come.
func (v *Verlauf) merke(today civil.Day) {
	for i := range v.Zeilen {
		z := &v.Zeilen[i]
		z.Kommt = z.Ab > today && !z.Ausgelassen
	}
	i := slices.IndexFunc(v.Zeilen, func(z Preisstand) bool { return z.Ab <= today && !z.Ausgelassen })
	if i >= 0 {
		v.Zeilen[i].Gilt = true
	}
}
