package verbund

import (
	"time"

	"github.com/offizin/offizin/node/rang"
)

// Rangfolge is the rule of the program, node/rang: a machine that can be reached has
// answered just now and for long.
func Rangfolge(l Lage) int {
	const now = time.Hour
	var peers []rang.Peer
	for i, da := range l.Erreichbar {
		if da && i != l.Selbst {
			peers = append(peers, rang.Peer{Name: name(i), Answered: now, Equal: true})
		}
	}
	next := rang.Step(now, 0, name(l.Selbst), peers, rang.State{})
	for i := range l.Erreichbar {
		if next.Parent == name(i).Platz {
			return i
		}
	}
	return -1
}

func name(i int) rang.Name { return rang.Name{Rang: i + 1, Platz: platz(i)} }
