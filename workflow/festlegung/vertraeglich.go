package festlegung

import (
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
)

// vertraeglich refuses a value that contradicts the others, or to take one back that the
// others need: what can be sold today could not be computed any more, and the till would
// stand still.
func (l *lage) vertraeglich(f recht.Festlegung) error {
	next, err := l.mit(append(slices.Clone(l.festgelegt), f))
	if err != nil {
		return fmt.Errorf("lay %s down: %w", f.Parameter, err)
	}
	for _, day := range append(next.Aenderungen(), f.Ab) {
		if day < f.Ab {
			continue
		}
		if bad, err := schlechter(l.sammlung, next, day); err != nil {
			return err
		} else if bad {
			return widerspruch(f)
		}
	}
	return nil
}

func widerspruch(f recht.Festlegung) error {
	return fault.New(fault.Invalid, "L-132", "Mit diesem Wert ließe sich keine Zuzahlung mehr berechnen, er passt nicht "+
		"zu den anderen Werten (Mindestbetrag, Höchstbetrag, Anteil, Alter); bitte prüfen.",
		fmt.Errorf("%s: %s", f.Parameter, f.Wert))
}

// schlechter says whether a line can be computed on the day under the one law and not
// under the other.
func schlechter(law, next *recht.Sammlung, day civil.Day) (bool, error) {
	before, err := law.Am(day)
	if err != nil {
		return false, fmt.Errorf("law of %s: %w", day, err)
	}
	after, err := next.Am(day)
	if err != nil {
		return false, fmt.Errorf("law of %s: %w", day, err)
	}
	return slices.ContainsFunc(proben(day), func(p zuzahlung.Fall) bool {
		return rechenbar(p, before) && !rechenbar(p, after)
	}), nil
}

func rechenbar(p zuzahlung.Fall, stand recht.Stand) bool {
	return !befund.Hindert(zuzahlung.Compute(p, stand.Zuzahlung).Befunde)
}

// proben is a line of each kind that has values of its own.
func proben(day civil.Day) []zuzahlung.Fall {
	rx := zuzahlung.Fall{
		Tag: day, Traeger: zuzahlung.GKV, Art: artikel.Arzneimittel, Rx: true, AVP: 4999, Packungen: 1, Geburt: 19700503,
	}
	list := []zuzahlung.Fall{rx, rx, rx, rx}
	list[1].Befruchtung = true
	list[2].Art, list[2].Rx = artikel.HilfsmittelZumVerbrauch, false
	list[3].Art, list[3].Rx, list[3].Traeger = artikel.Pflegehilfsmittel, false, zuzahlung.Pflege
	return list
}
