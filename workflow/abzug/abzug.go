// Package abzug draws the snapshot of the pharmacy with which a new catalogue is checked:
// stock and last sales, without persons.
package abzug

import (
	"context"
	"slices"

	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/workflow"
)

// Service draws snapshots.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Abzug is the stock and the last sales of this moment.
func (s *Service) Abzug(ctx context.Context) (gate.Abzug, error) {
	a := gate.Abzug{Format: gate.AbzugFormat, Gezogen: s.kern.Clock.Now().UTC()}
	_, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (struct{}, error) {
		own, err := eigeneArtikel(rows)
		if err != nil {
			return struct{}{}, err
		}
		err = bestand.Each(rows, func(pzn kennung.PZN, count int) (bool, error) {
			if count != 0 && !own[pzn] {
				a.Bestand = append(a.Bestand, gate.Bestand{PZN: pzn, Menge: count})
			}
			return true, nil
		})
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, bons.EachLast(rows, func(b bon.Bon) (bool, error) {
			a.Zeilen = append(a.Zeilen, zeilen(b, own, gate.MaxZeilen-len(a.Zeilen))...)
			return len(a.Zeilen) < gate.MaxZeilen, nil
		})
	})
	a.Sort()
	return a, err
}

// eigeneArtikel are the articles of the pharmacy's own, which no catalogue need have.
func eigeneArtikel(rows journal.Rows) (map[kennung.PZN]bool, error) {
	list, err := eigene.Artikel(rows)
	own := make(map[kennung.PZN]bool, len(list))
	for _, a := range list {
		own[a.PZN] = true
	}
	return own, err
}

// zeilen are the lines of a sale that a catalogue has the price of, at most n.
func zeilen(b bon.Bon, own map[kennung.PZN]bool, n int) []gate.Zeile {
	if b.Art != bon.Verkauf || b.Uebung {
		return nil
	}
	var list []gate.Zeile
	for _, p := range b.Positionen {
		if z, ok := Zeile(p); ok && !own[p.PZN] && len(list) < n {
			list = append(list, z)
		}
	}
	return list
}

// Zeile is what the snapshot keeps of a line; false if no catalogue has its price. Why a
// patient paid no Zuzahlung is read from the rule that decided, so that nothing sealed is
// opened.
func Zeile(p bon.Position) (gate.Zeile, bool) {
	if p.Art != vorgang.Artikel || p.PZN == "" {
		return gate.Zeile{}, false
	}
	return gate.Zeile{
		Anzahl: 1, PZN: p.PZN, Menge: p.Menge, Traeger: p.Traeger, IK: p.IK,
		EngpassPZN: p.EngpassPZN, EngpassMenge: p.EngpassMenge, NichtVerfuegbar: p.NichtVerfuegbar, Wunsch: p.Wunsch,
		TeilMenge: p.TeilMenge, TeilVon: p.TeilVon,
		Frei:                slices.Contains(personal(), p.Regel),
		Befruchtung:         p.Regel == zuzahlung.RegelBefruchtung,
		Arbeitsunfall:       p.Regel == zuzahlung.RegelUnfall,
		Sprechstundenbedarf: p.Regel == zuzahlung.RegelSprechstunde,
		AutIdemKreuz: slices.ContainsFunc(p.Schritte, func(s schritt.Schritt) bool {
			return s.Regel == "zuzahlung."+zuzahlung.RegelMehrUnfall
		}),
		Erstattet: p.Traeger == zuzahlung.GKV && !p.Rx && p.Privat == 0,
	}, true
}

// personal are the rules that free a patient for a reason of their own.
func personal() []string {
	return []string{
		zuzahlung.RegelBefreit, zuzahlung.RegelMinderjaehr, zuzahlung.RegelSchwanger, zuzahlung.RegelErsatz,
		zuzahlung.RegelEntschaedig,
	}
}
