package generation

import (
	"context"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/kennung"
)

// frage is what the index is asked.
func frage(a catalogue.Anfrage) suche.Frage {
	return suche.Frage{
		Text: a.Text, Limit: a.Grenze(), IK: a.IK, NurPartner: a.NurPartner, NurRx: a.NurRx, NurOTC: a.NurOTC, Nur: a.Nur,
	}
}

// Anzahl implements catalogue.Generation.
func (g *Generation) Anzahl(_ context.Context, a catalogue.Anfrage) (int, error) {
	n, err := g.index.AnzahlTreffer(frage(a))
	if err != nil {
		return 0, damaged(g.manifest.ID, err)
	}
	return n, nil
}

// VertraegeVon implements catalogue.Generation. The table of contracts is sorted by insurer:
// which of them have one for this pack is asked of the index.
func (g *Generation) VertraegeVon(ctx context.Context, pzn kennung.PZN) (list []catalogue.Vertragszeile, err error) {
	rang, ok := g.index.Rang(pzn)
	if !ok {
		return nil, nil
	}
	insurers, err := g.index.Kostentraeger(rang)
	if err != nil {
		return nil, damaged(g.manifest.ID, err)
	}
	err = g.with(ctx, func(l *leser) error {
		for _, ik := range insurers {
			v, err := l.contract(ik, pzn)
			if err != nil {
				return err
			}
			if v != nil {
				list = append(list, catalogue.Vertragszeile{IK: ik, PZN: pzn, Vertrag: *v})
			}
		}
		return nil
	})
	return list, err
}
