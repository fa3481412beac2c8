// Package auswahl proposes which article to hand over for a line of a prescription:
// it gathers the candidates, their contracts and their stock; package domain/abgabe
// judges them.
package auswahl

import (
	"context"
	"slices"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/abgabe"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// Service proposes.
type Service struct {
	kern    *workflow.Kern
	rezepte *rezeptannahme.Service
}

// New returns the service.
func New(k *workflow.Kern, r *rezeptannahme.Service) *Service { return &Service{k, r} }

// Umstaende are what the pharmacist knows beside the prescription.
type Umstaende struct {
	Fehlt []kennung.PZN // asked for, cannot be had
	Grund abgabe.Grund  // why the order of the Rahmenvertrag need not be followed
}

// Vorschlag is a candidate with its verdict and reasons.
type Vorschlag struct {
	abgabe.Vorschlag
	Vorgemerkt int
}

// Ergebnis are the candidates for one line of a prescription, best first.
type Ergebnis struct {
	Verordnung  rezept.Verordnung
	Offen       int // packs still to hand over
	Vorschlaege []Vorschlag
	Befunde     []befund.Befund // what holds for all of them, or what to do instead
}

// Auswahl returns the candidates for a line (from 0) of a prescription.
func (s *Service) Auswahl(ctx context.Context, rezeptID string, verordnung int) (Ergebnis, error) {
	return s.AuswahlMit(ctx, rezeptID, verordnung, Umstaende{})
}

// AuswahlMit is Auswahl with what the pharmacist knows.
func (s *Service) AuswahlMit(ctx context.Context, rezeptID string, verordnung int, u Umstaende) (Ergebnis, error) {
	r, ok, err := s.rezepte.Find(ctx, rezeptID)
	if err != nil {
		return Ergebnis{}, err
	}
	if !ok || r.Geloescht || verordnung < 0 || verordnung >= len(r.Rezept.Verordnungen) {
		return Ergebnis{}, fault.New(fault.NotFound, "R-510",
			"Diese Zeile eines Rezepts gibt es nicht (mehr) – öffnen Sie das Rezept neu.", nil)
	}
	v := r.Rezept.Verordnungen[verordnung]
	out := Ergebnis{Verordnung: v, Offen: v.Packungen - r.Abgegeben[verordnung]}
	if b, stop := instead(v); stop {
		out.Befunde = []befund.Befund{b}
		return out, nil
	}
	return s.choose(ctx, r, u, out)
}

// instead says what to do with a line that no catalogue can answer.
func instead(v rezept.Verordnung) (befund.Befund, bool) {
	switch v.Art {
	case rezept.FreitextVerordnung:
		return befund.Befund{
			Code: "R-515", Schwere: befund.Hinweis, Subject: v.Text,
			Text: "Freitext – lesen Sie die Verordnung, suchen Sie den Artikel von Hand und ordnen Sie ihn der Zeile zu.",
		}, true
	case rezept.RezepturVerordnung:
		return befund.Befund{
			Code: "R-516", Schwere: befund.Hinweis, Norm: "AMPreisV § 5", Subject: v.Text,
			Text: "Rezeptur – sie wird hergestellt; erfassen Sie ihre Zusammensetzung oder einen festen Preis (F6, Alt R).",
		}, true
	case rezept.PZNVerordnung, rezept.WirkstoffVerordnung:
	}
	return befund.Befund{}, false
}

func (s *Service) choose(ctx context.Context, r rezeptannahme.Eintrag, u Umstaende, out Ergebnis) (Ergebnis, error) {
	today, fetched := clock.Today(s.kern.Clock), clock.DayOf(r.Angenommen)
	gen, err := s.kern.Katalog.Am(today)
	if err != nil {
		return out, err
	}
	stand, err := s.kern.Recht.Am(today)
	if err != nil {
		return out, err
	}
	list, err := s.articles(ctx, gen, &out)
	if err != nil {
		return out, err
	}
	fall := abgabe.Fall{
		Traeger: r.Rezept.Kostentraeger.Art, Kreuz: out.Verordnung.AutIdemKreuz, Grund: u.Grund,
		Verordnet: out.Verordnung.PZN,
	}
	if out.Verordnung.Art == rezept.WirkstoffVerordnung {
		fall.Verordnet = ""
	}
	if fall.Kandidaten, err = s.candidates(ctx, list, insurer(r.Rezept), fetched, u); err != nil {
		return out, err
	}
	e := abgabe.Waehle(fall, stand.Abgabe)
	out.Befunde = append(out.Befunde, e.Befunde...)
	if today.Month() != fetched.Month() && fall.Traeger == zuzahlung.GKV {
		out.Befunde = append(out.Befunde, befund.Befund{
			Code: "R-517", Schwere: befund.Warnung, Norm: "SGB V § 129",
			Text: "Monatswechsel seit der Annahme – für den Rabattvertrag zählt der Tag der Annahme, für den Preis heute.",
		})
	}
	return out, s.reserved(ctx, e.Vorschlaege, &out)
}

// insurer is the IK whose contracts count.
func insurer(r rezept.Rezept) string {
	if r.Kostentraeger.AlternativIK != "" {
		return r.Kostentraeger.AlternativIK
	}
	return r.Kostentraeger.IK
}

// articles returns everything of the group of what was prescribed.
func (s *Service) articles(ctx context.Context, gen catalogue.Generation, out *Ergebnis) ([]artikel.Artikel, error) {
	v := out.Verordnung
	if v.Art == rezept.WirkstoffVerordnung {
		return byIngredient(ctx, gen, out)
	}
	a, ok, err := gen.Artikel(ctx, v.PZN)
	if err != nil || !ok {
		return nil, err
	}
	list, err := gen.Gleiche(ctx, v.PZN)
	if !slices.ContainsFunc(list, func(g artikel.Artikel) bool { return g.PZN == a.PZN }) {
		list = append(list, a) // without ingredient nothing is equal but itself
	}
	return list, err
}

// byIngredient searches for the ingredient and keeps what has the strength, form and
// size of the prescription.
func byIngredient(ctx context.Context, gen catalogue.Generation, out *Ergebnis) ([]artikel.Artikel, error) {
	v := out.Verordnung
	gruppe := artikel.Artikel{
		Wirkstoff: v.Wirkstoff, Wirkstaerke: v.Wirkstaerke, Darreichungsform: v.Darreichungsform,
		Normgroesse: v.Normgroesse, Menge: v.Menge, Einheit: v.Einheit,
	}.Gruppe()
	if gruppe == "" || v.Darreichungsform == "" {
		out.Befunde = append(out.Befunde, befund.Befund{
			Code: "R-518", Schwere: befund.Hindernis, Subject: v.Text, Norm: "Rahmenvertrag § 9",
			Text: "Wirkstoff, Stärke oder Form fehlen auf dem Rezept – halten Sie Rücksprache und suchen Sie von Hand.",
		})
		return nil, nil
	}
	for _, text := range []string{v.Wirkstoff + " " + v.Wirkstaerke, v.Wirkstoff} {
		hits, err := gen.Suche(ctx, catalogue.Anfrage{Text: text, Limit: catalogue.LimitHoechst})
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			if h.Artikel.Gruppe() == gruppe {
				return gen.Gleiche(ctx, h.Artikel.PZN)
			}
		}
	}
	return nil, nil
}

// candidates adds stock and the contracts of the day on which the prescription was
// fetched: that day decides about the Rabattvertrag.
func (s *Service) candidates(
	ctx context.Context, list []artikel.Artikel, ik string, fetched civil.Day, u Umstaende,
) ([]abgabe.Kandidat, error) {
	gen, err := s.kern.Katalog.Am(fetched)
	if err != nil {
		return nil, err
	}
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]abgabe.Kandidat, error) {
		var out []abgabe.Kandidat
		for _, a := range list {
			k := abgabe.Kandidat{Artikel: a, NichtVerfuegbar: slices.Contains(u.Fehlt, a.PZN)}
			var err error
			if k.Bestand, err = bestand.Menge(rows, a.PZN); err != nil {
				return nil, err
			}
			if k.Vertrag, err = gen.Vertrag(ctx, ik, a.PZN); err != nil {
				return nil, err
			}
			out = append(out, k)
		}
		return out, nil
	})
}

func (s *Service) reserved(ctx context.Context, list []abgabe.Vorschlag, out *Ergebnis) error {
	return s.kern.Store.View(ctx, func(rows journal.Rows) error {
		for _, v := range list {
			n, err := vormerkungen.Menge(rows, v.Artikel.PZN)
			if err != nil {
				return err
			}
			out.Vorschlaege = append(out.Vorschlaege, Vorschlag{v, n})
		}
		return nil
	})
}
