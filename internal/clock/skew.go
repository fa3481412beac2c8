package clock

import "time"

// Abweichung is how far two clocks are apart, judged.
type Abweichung int

// The judgements; facts/reliability.md 4.3 no. 7. None of them stops a sale.
const (
	Gleich   Abweichung = iota // up to 60 s
	Merklich                   // more: somebody should look
	Falsch                     // more than 5 min: one of the two is wrong
)

// JudgeSkew judges what another clock (machine, TSE, hub) showed against ours at the same
// moment; the time that the answer was on its way must already be taken off.
func JudgeSkew(ours, theirs time.Time) Abweichung {
	switch d := theirs.Sub(ours).Abs(); {
	case d > genau:
		return Falsch
	case d > merklich:
		return Merklich
	}
	return Gleich
}
