// Package rang decides which machine of a pharmacy is whose parent and which one does the
// errands, without election: machines have a rank, the best one that answers leads. It is
// pure: the same view gives the same answer, on every machine and in the simulation.
//
// Journals commute, and errands have ids, so that two leads at once – a cut network – do no
// harm. What is damped is only who does the errands.
package rang

import "time"

// The times, by the monotonic clock of this machine.
const (
	// Lost is after how long without an answer a machine counts as gone.
	Lost = 2 * time.Second
	// Stable is how long a better machine must have answered without a gap before it gets the
	// errands back, and before those who ship to another move to it.
	Stable = 60 * time.Second
	// Apart is how long two machines may both lead before one ships to the other all the same:
	// one of them may not be able to call.
	Apart = 5 * time.Second
)

// Name is where a machine stands in the order: the lower rank is better, then the name.
type Name struct {
	Rang  int
	Platz string
}

// Before reports whether n is better.
func (n Name) Before(o Name) bool {
	return n.Rang < o.Rang || n.Rang == o.Rang && n.Platz < o.Platz
}

// Peer is another machine as seen from here.
type Peer struct {
	Name
	Answered time.Duration // when it answered last; Never before
	Since    time.Duration // since when it has answered without a gap
	Leads    bool          // it does errands, as it says itself
	Follows  string        // its parent, as it says itself; empty: none
	Equal    bool          // its journal and this one have the same records
}

// Never is the time of an answer that did not come.
const Never = time.Duration(-1 << 62)

// up reports whether the peer answers.
func (p Peer) up(now time.Duration) bool { return now-p.Answered < Lost }

// stable reports whether it has answered for long and has everything.
func (p Peer) stable(now time.Duration) bool {
	return p.up(now) && now-p.Since >= Stable && p.Equal
}

// State is what a machine remembers between two steps.
type State struct {
	Parent string   // empty: none
	Leads  bool     // does the errands
	Also   []string // machines it ships to beside its parent
}

// Step decides anew. self began at start.
func Step(now, start time.Duration, self Name, peers []Peer, s State) State {
	next := State{Parent: parent(now, self, peers, s.Parent)}
	next.Leads = leads(now, start, self, peers, s.Leads, next.Parent)
	next.Also = apart(now, self, peers, next.Parent)
	return next
}

// parent is the best machine that answers and is better than this one. One that works is
// only left for one that has been stable.
func parent(now time.Duration, self Name, peers []Peer, old string) string {
	var best, kept *Peer
	for i := range peers {
		p := &peers[i]
		if !p.up(now) || !p.Before(self) {
			continue
		}
		if p.Platz == old {
			kept = p
		}
		if best == nil || p.Before(best.Name) {
			best = p
		}
	}
	switch {
	case best == nil:
		return ""
	case kept == nil || best.stable(now):
		return best.Platz
	}
	return kept.Platz
}

// leads reports whether this machine does the errands. Without a better one it does, but
// after a start it leaves them for a while to one that does them already. Under a better
// one it goes on until that one has taken over.
func leads(now, start time.Duration, self Name, peers []Peer, before bool, parent string) bool {
	better, other, unseen := false, false, false
	for _, p := range peers {
		unseen = unseen || p.Answered == Never
		if p.up(now) && p.Leads {
			better = better || p.Before(self)
			other = true
		}
	}
	if parent == "" && unseen && now-start < Lost {
		return before // one that leads may only not have answered yet
	}
	if parent == "" {
		return before || !other || now-start >= Stable
	}
	return before && !better
}

// apart are machines that lead beside the parent, or beside this one, and do not ship here: the two sides
// would not meet. One that leads nothing looks, too: it may be the only one that reaches both.
func apart(now time.Duration, self Name, peers []Peer, parent string) (list []string) {
	for _, p := range peers {
		if p.up(now) && p.Leads && p.Platz != parent && p.Follows != self.Platz && now-p.Since >= Apart {
			list = append(list, p.Platz)
		}
	}
	return list
}
