// Package fassung holds values and formulas together with the day from which
// the law gives them force. Fassung is the German legal word for one version of
// a rule.
package fassung

import (
	"errors"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/civil"
)

// Art says who put a Fassung in force.
type Art int

// The origins of a Fassung. Everything but Release is shown wherever it is used.
const (
	Release    Art = iota // shipped with the program
	Overlay               // signed by the release keys, between releases
	Festlegung            // eigene Festlegung of the Inhaber
)

// String names the origin as the user reads it; a Release has no mark.
func (a Art) String() string {
	switch a {
	case Overlay:
		return "Nachtrag"
	case Festlegung:
		return "eigene Festlegung"
	default:
		return ""
	}
}

// Fassung is one version of a rule: what holds from Ab on, and which norm says so.
type Fassung[T any] struct {
	Ab       civil.Day
	Was      T
	Norm     string // "AMPreisV § 3 Abs. 1"
	Quelle   string // "BGBl. 2023 I Nr. 197, Art. 1"
	Art      Art
	Pruefen  string // why it must be checked before release; empty if settled
	Repealed bool   // the rule is abolished from Ab on; Was is zero
}

// Reihe is the history of one rule, oldest first.
type Reihe[T any] []Fassung[T]

// ErrNotInForce reports a day on which no version is in force.
var ErrNotInForce = errors.New("no version in force")

// Am returns the version in force on day d.
func (r Reihe[T]) Am(d civil.Day) (Fassung[T], error) {
	for _, v := range slices.Backward(r) {
		if v.Ab <= d {
			if v.Repealed {
				break
			}
			return v, nil
		}
	}
	return Fassung[T]{}, fmt.Errorf("%w on %s", ErrNotInForce, d)
}
