// Package bericht adds up what was sold: a day, the Zuzahlung taken, the Zuzahlung
// waived. It reads the Bons as they were booked and computes nothing anew but sums
// and the VAT contained in them.
package bericht

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
)

// MaxTage is the longest range of a report, in days: three years.
const MaxTage = 1096

// Service reports.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// each calls f for the Bons of the range in order, after checking it.
func (s *Service) each(ctx context.Context, von, bis civil.Day, f func(bon.Bon)) error {
	if err := s.check(von, bis); err != nil {
		return err
	}
	return s.kern.Store.View(ctx, func(rows journal.Rows) error {
		return bons.Each(rows, von, bis, func(b bon.Bon) (bool, error) {
			if !b.Uebung { // practice is no turnover
				f(b)
			}
			return true, nil
		})
	})
}

func (s *Service) check(von, bis civil.Day) error {
	switch {
	case !von.Valid() || !bis.Valid():
		return fault.New(fault.Invalid, "B-401", "Dieses Datum gibt es nicht – geben Sie es in der Form 23.11.2026 ein.", nil)
	case von > bis:
		return fault.New(fault.Invalid, "B-402", "Der Zeitraum endet vor seinem Anfang – tauschen Sie die beiden Daten.", nil)
	case bis.Sub(von) >= MaxTage:
		return fault.New(fault.Invalid, "B-403", "Der Zeitraum ist länger als drei Jahre – teilen Sie ihn auf.", nil)
	case von > clock.Today(s.kern.Clock):
		return fault.New(fault.Invalid, "B-404", "Der Zeitraum liegt in der Zukunft – wählen Sie einen früheren.", nil)
	}
	return nil
}

// Zuzahlungszeile is the Zuzahlung taken on one civil day.
type Zuzahlungszeile struct {
	Tag                                     civil.Day
	Bons                                    int // with any of these amounts
	Zuzahlung, Mehrkosten, Eigenbeteiligung money.Cent
	Kulanz                                  money.Cent // of the Zuzahlung, borne by the pharmacy
}

// Eingenommen is what patients paid of it.
func (z Zuzahlungszeile) Eingenommen() money.Cent {
	return z.Zuzahlung + z.Mehrkosten + z.Eigenbeteiligung - z.Kulanz
}

// Zuzahlungsbericht is the Zuzahlung of a range, day by day.
type Zuzahlungsbericht struct {
	Von, Bis civil.Day
	Tage     []Zuzahlungszeile // days without any are left out
	Summe    Zuzahlungszeile
}

// Zuzahlung returns the Zuzahlung of the civil days from von to bis.
func (s *Service) Zuzahlung(ctx context.Context, von, bis civil.Day) (Zuzahlungsbericht, error) {
	out := Zuzahlungsbericht{Von: von, Bis: bis}
	err := s.each(ctx, von, bis, func(b bon.Bon) {
		m := b.Summen()
		z := Zuzahlungszeile{b.Tag, 1, m.Zuzahlung, m.Mehrkosten, m.Eigenbeteiligung, m.Kulanz}
		if z.Zuzahlung == 0 && z.Mehrkosten == 0 && z.Eigenbeteiligung == 0 && z.Kulanz == 0 {
			return
		}
		out.Summe.add(z)
		if n := len(out.Tage); n > 0 && out.Tage[n-1].Tag == b.Tag {
			out.Tage[n-1].add(z)
			return
		}
		out.Tage = append(out.Tage, z)
	})
	return out, err
}

func (z *Zuzahlungszeile) add(o Zuzahlungszeile) {
	z.Bons += o.Bons
	z.Zuzahlung += o.Zuzahlung
	z.Mehrkosten += o.Mehrkosten
	z.Eigenbeteiligung += o.Eigenbeteiligung
	z.Kulanz += o.Kulanz
}

// Kulanzzeile is one waived Zuzahlung.
type Kulanzzeile struct {
	Tag                         civil.Day
	Zeit                        time.Time // of the Bon, UTC
	Bon, Benutzer               string
	Bezeichnung, Grund, Traeger string
	Betrag                      money.Cent // negative: undone by a Storno or Retoure
}

// Kulanzbericht is the Zuzahlung waived in a range.
type Kulanzbericht struct {
	Von, Bis civil.Day
	Zeilen   []Kulanzzeile
	Summe    money.Cent
}

// Kulanz returns the Zuzahlung waived on the civil days from von to bis.
func (s *Service) Kulanz(ctx context.Context, von, bis civil.Day) (Kulanzbericht, error) {
	out := Kulanzbericht{Von: von, Bis: bis}
	err := s.each(ctx, von, bis, func(b bon.Bon) {
		for _, p := range b.Positionen {
			if p.Kulanz == 0 {
				continue
			}
			out.Summe += p.Kulanz
			out.Zeilen = append(out.Zeilen, Kulanzzeile{
				Tag: b.Tag, Zeit: time.Unix(0, b.Zeit).UTC(), Bon: b.Nummer, Benutzer: b.Benutzer,
				Bezeichnung: p.Bezeichnung, Grund: p.KulanzGrund, Traeger: string(p.Traeger), Betrag: p.Kulanz,
			})
		}
	})
	return out, err
}

// TraegerName names a kind of payer for people.
func TraegerName(t zuzahlung.Traeger) string {
	switch t {
	case "":
		return "ohne Rezept"
	case zuzahlung.GKV:
		return "GKV"
	case zuzahlung.PKV:
		return "PKV"
	case zuzahlung.BG:
		return "Berufsgenossenschaft"
	case zuzahlung.SKT:
		return "Sonstige Kostenträger"
	case zuzahlung.Pflege:
		return "Pflegekasse"
	case zuzahlung.Selbstzahler:
		return "Selbstzahler"
	}
	return string(t)
}
