package verbund

import (
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/simulation/disk"
)

func faultless() disk.Faults { return disk.Faults{} }

func (g *Regeln) rang() Rang {
	if g.Rang != nil {
		return g.Rang
	}
	return Bester
}

func (g *Regeln) projektionen() []journal.Projection {
	list := alle.Projections()
	if !g.NachUhr {
		return list
	}
	for i, p := range list {
		if p.Name() == (haus.Projection{}).Name() {
			list[i] = nachUhr{p}
		}
	}
	return list
}

// nachUhr is a planted fault: a read model whose last writer is the one with the latest
// wall clock.
type nachUhr struct{ journal.Projection }

// Apply implements journal.Projection.
func (p nachUhr) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	r.Lamport = uint64(r.Wall)
	return p.Projection.Apply(tx, r, e)
}

func (m *rechner) hat(key string) bool { _, ok := m.inhalt[key]; return ok }
