package artikelsuche

import (
	"context"
	"slices"

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
)

// vorschau is how many days ahead changes of law are looked for.
const vorschau = 400

// ZuzahlungStand is what an adult GKV patient pays for one pack from a day on.
type ZuzahlungStand struct {
	Ab       civil.Day
	Ergebnis zuzahlung.Ergebnis
}

// Wechsel is a day to come on which an article costs something else.
type Wechsel struct {
	Ab         civil.Day
	Generation string // whose first day it is; empty: only the law changes
	Gone       bool   // the generation does not have the article any more
	// What changes; patient is an adult of the GKV, zero where it does not pay.
	Preis, AEP, Festbetrag, Patient Betraege
}

// Betraege is an amount before and after a day, in cents; zero: not stated.
type Betraege struct{ Alt, Neu money.Cent }

// Changed reports whether the amount changes.
func (b Betraege) Changed() bool { return b.Alt != b.Neu }

// Gleicher is an article that may replace another.
type Gleicher struct {
	Treffer

	Erstattet bool       // the GKV pays: there is a Zuzahlung
	Patient   money.Cent // what an adult of the GKV pays today for one pack
}

// Auskunft is everything about one PZN.
type Auskunft struct {
	Treffer
	Zuzahlung []ZuzahlungStand
	Wechsel   []Wechsel // the next days on which it costs something else, the nearest first
	Gleiche   []Gleicher
	Vertraege []catalogue.Vertragszeile // by IK
	Schritte  []schritt.Schritt         // of the Zuzahlung today
}

// Artikel returns everything about one PZN; with an IK also whether that insurer has a
// contract for it and for what may replace it.
func (s *Service) Artikel(ctx context.Context, pzn kennung.PZN, ik string) (Auskunft, error) {
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
	if err := s.ausblick(ctx, &out, today, pzn); err != nil {
		return Auskunft{}, err
	}
	if out.Vertraege, err = gen.VertraegeVon(ctx, pzn); err != nil {
		return Auskunft{}, err
	}
	if err := s.gleiche(ctx, &out, gen, a); err != nil {
		return Auskunft{}, err
	}
	return out, out.vertraege(ctx, gen, ik)
}

// gleiche fills in the stock of the article and of what may replace it, and what a patient
// pays for that.
func (s *Service) gleiche(ctx context.Context, out *Auskunft, gen catalogue.Generation, a artikel.Artikel) error {
	equal, err := gen.Gleiche(ctx, a.PZN)
	if err != nil {
		return err
	}
	today := clock.Today(s.kern.Clock)
	law, err := s.kern.Recht.Am(today)
	if err != nil {
		return err
	}
	return s.kern.Store.View(ctx, func(rows journal.Rows) error {
		if out.Treffer, err = stock(rows, a); err != nil {
			return err
		}
		for _, g := range equal {
			t, err := stock(rows, g)
			if err != nil {
				return err
			}
			x := Gleicher{Treffer: t, Erstattet: Erstattet(g)}
			if x.Erstattet {
				x.Patient = zuzahlung.Compute(Fall(today, g), law.Zuzahlung).Patient()
			}
			out.Gleiche = append(out.Gleiche, x)
		}
		return nil
	})
}

func (out *Auskunft) vertraege(ctx context.Context, gen catalogue.Generation, ik string) error {
	list := []Treffer{out.Treffer}
	for _, g := range out.Gleiche {
		list = append(list, g.Treffer)
	}
	if err := contracts(ctx, gen, ik, list); err != nil {
		return err
	}
	out.Vertrag = list[0].Vertrag
	for i := range out.Gleiche {
		out.Gleiche[i].Vertrag = list[i+1].Vertrag
	}
	return nil
}

// tagesstand is an article as it is sold on a day.
type tagesstand struct {
	ab         civil.Day
	generation string
	artikel    artikel.Artikel
	da         bool
	ergebnis   *zuzahlung.Ergebnis // nil: the GKV does not pay
}

// patient is what an adult of the GKV pays: the price, where the GKV does not. It is not
// known where the catalogue names no price, or no article.
func (t tagesstand) patient() (amount money.Cent, known bool) {
	if t.ergebnis != nil {
		return t.ergebnis.Patient(), true
	}
	return t.artikel.Verkaufspreis(), t.da && t.artikel.Verkaufspreis() > 0
}

func (s *Service) tagesstand(ctx context.Context, day civil.Day, pzn kennung.PZN) (t tagesstand, err error) {
	gen, err := s.kern.Katalog.Am(day)
	if err != nil {
		return t, err
	}
	t.ab, t.generation = day, gen.Manifest().ID
	if t.artikel, t.da, err = gen.Artikel(ctx, pzn); err != nil || !t.da || !Erstattet(t.artikel) {
		return t, err
	}
	law, err := s.kern.Recht.Am(day)
	if err != nil {
		return t, err
	}
	e := zuzahlung.Compute(Fall(day, t.artikel), law.Zuzahlung)
	t.ergebnis = &e
	return t, nil
}

// ausblick computes the payment today and from each day on which the catalogue or the law
// changes it; nothing for what the GKV does not pay.
func (s *Service) ausblick(ctx context.Context, out *Auskunft, today civil.Day, pzn kennung.PZN) error {
	days, err := s.stichtage(today)
	if err != nil {
		return err
	}
	var before tagesstand
	for i, day := range days {
		t, err := s.tagesstand(ctx, day, pzn)
		if err != nil {
			return err
		}
		if i > 0 {
			out.wechselt(before, t)
		}
		before = t
		if t.ergebnis == nil {
			continue
		}
		if n := len(out.Zuzahlung); n == 0 || out.Zuzahlung[n-1].Ergebnis.Patient() != t.ergebnis.Patient() {
			out.Zuzahlung = append(out.Zuzahlung, ZuzahlungStand{day, *t.ergebnis})
		}
	}
	if len(out.Zuzahlung) > 0 {
		out.Schritte = out.Zuzahlung[0].Ergebnis.Schritte
	}
	return nil
}

func (out *Auskunft) wechselt(alt, neu tagesstand) {
	w := Wechsel{
		Ab: neu.ab, Gone: alt.da && !neu.da,
		Preis:      Betraege{alt.artikel.Verkaufspreis(), neu.artikel.Verkaufspreis()},
		AEP:        Betraege{alt.artikel.AEP, neu.artikel.AEP},
		Festbetrag: Betraege{alt.artikel.Festbetrag, neu.artikel.Festbetrag},
	}
	before, known := alt.patient()
	if after, ok := neu.patient(); ok && known && (alt.ergebnis != nil || neu.ergebnis != nil) {
		w.Patient = Betraege{before, after}
	}
	if alt.generation != neu.generation {
		w.Generation = neu.generation
	}
	if w.Gone || w.Preis.Changed() || w.AEP.Changed() || w.Festbetrag.Changed() || w.Patient.Changed() {
		out.Wechsel = append(out.Wechsel, w)
	}
}

// stichtage are the days on which what a patient pays may change: today, the next
// generations of the catalogue, and the next changes of the law of the Zuzahlung.
func (s *Service) stichtage(today civil.Day) ([]civil.Day, error) {
	days := []civil.Day{today}
	for _, m := range s.kern.Katalog.Generationen() {
		if m.GueltigAb > today {
			days = append(days, m.GueltigAb)
		}
	}
	before, err := s.kern.Recht.Am(today)
	if err != nil {
		return nil, err
	}
	for n := range vorschau {
		law, err := s.kern.Recht.Am(today.AddDays(n + 1))
		if err != nil {
			return nil, err
		}
		if law.Zuzahlung != before.Zuzahlung {
			days, before = append(days, law.Tag), law
		}
	}
	slices.Sort(days)
	return slices.Compact(days), nil
}

// Ausgeschlossen reports whether the GKV may not pay an article, whatever is prescribed
// (§ 34 SGB V: Lifestyle, Negativliste): the patient pays the price.
func Ausgeschlossen(a artikel.Artikel) bool { return a.Lifestyle || a.Negativliste }

// Erstattet reports whether the GKV pays for an article at all, so that there is a
// Zuzahlung to tell.
func Erstattet(a artikel.Artikel) bool {
	return a.AVP != 0 && !Ausgeschlossen(a) &&
		(a.Verschreibungspflichtig || a.OTCAusnahme || a.Art != artikel.Arzneimittel)
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
