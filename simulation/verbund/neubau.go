package verbund

import (
	"context"
	"math"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// baustufe is how many records are folded at a time where read models are built beside the sales.
const baustufe = 40

// amPlatz is up to how many records read models are built anew at once: in every other pharmacy
// none, so that people sell, machines ship and the power goes while they are built.
func (l *lauf) amPlatz() int {
	if l.seed%2 == 1 {
		return -1
	}
	return math.MaxInt
}

// baue goes on with building read models as long as there are some to build, a step now and then.
func (m *rechner) baue(ctx context.Context) {
	lb := m.leben
	if lb == nil || lb.baut || m.l.amPlatz() >= 0 {
		return
	}
	n, err := lb.store.Neubau(ctx)
	if err != nil || !n.Laeuft {
		return
	}
	m.l.Neubauten++
	lb.baut = true
	m.l.nach(m.l.zufall(time.Second, 10*time.Second), lb.stufe)
}

// stufe is one step; a disk that is full or about to lose its power has it repeated.
func (lb *leben) stufe(ctx context.Context) {
	m := lb.r
	if m.leben != lb {
		return
	}
	more, err := lb.store.Build(ctx)
	if err != nil && !m.disk.Dead() && fault.KindOf(err) != fault.Unavailable {
		m.l.fehler("machine %d does not build its read models: %v", m.nr, err)
	}
	if more || err != nil {
		m.l.nach(m.l.zufall(time.Second, 4*time.Second), lb.stufe)
	} else {
		lb.baut = false
		m.l.sage("%d has built its read models", m.nr)
	}
	m.nachher(ctx)
}
