package verbund

// Lage is what a machine knows when it decides whom to ask.
type Lage struct {
	Selbst     int    // its rank, from 0; lower is better
	Erreichbar []bool // by rank
	Gleich     bool   // has been equal with another machine since its program began
}

// Rang decides whose child a machine is: the rank of its parent, or −1 if it leads. It is
// pure; the rule of the real program can take the place of the simple one here.
type Rang func(Lage) int

// Bester is the simple rule: the best machine that can be reached. A program that has just
// begun asks another one first, even a worse one: its disk may have been put back.
func Bester(l Lage) int {
	best := -1
	for i, da := range l.Erreichbar {
		if !da || i == l.Selbst {
			continue
		}
		if i < l.Selbst || !l.Gleich {
			best = i
		}
		break
	}
	return best
}
