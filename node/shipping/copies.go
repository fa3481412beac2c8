package shipping

import (
	"context"
	"maps"
	"sync"

	"github.com/offizin/offizin/journal"
)

// Copies is what other machines have durably, as far as they have said so since the start. It
// is safe for concurrent use.
type Copies struct {
	mu   sync.Mutex
	has  map[string]map[journal.Origin]uint64 // by name of the machine
	less map[string]int                       // how often one held less than before
	bell journal.Bell
}

// NewCopies knows of no other machine.
func NewCopies() *Copies {
	return &Copies{has: map[string]map[journal.Origin]uint64{}, less: map[string]int{}}
}

// note says that a machine has the records of an origin up to a number.
func (c *Copies) note(node string, o journal.Origin, seq uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.has[node]
	if m == nil {
		m = map[journal.Origin]uint64{}
		c.has[node] = m
	}
	if m[o] < seq {
		m[o] = seq
		c.bell.Ring()
	}
}

// lost takes back what a machine held and holds no more: its disk was put back. It returns how often
// that was so: it may have been noticed elsewhere before.
func (c *Copies) lost(node string, has map[journal.Origin]journal.Head) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	less := false
	for o, seq := range c.has[node] {
		if has[o].Seq < seq {
			c.has[node][o], less = has[o].Seq, true
		}
	}
	if less {
		c.less[node]++
	}
	return c.less[node]
}

// Forget drops what is known of a machine: it was removed.
func (c *Copies) Forget(node string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.has, node)
}

// Up is up to where some other machine has the records of an origin.
func (c *Copies) Up(o journal.Origin) (seq uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for m := range maps.Values(c.has) {
		seq = max(seq, m[o])
	}
	return seq
}

// Of is up to where one machine has the records of an origin.
func (c *Copies) Of(node string, o journal.Origin) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.has[node][o]
}

// Changed returns a channel that is closed when a machine has said that it has more.
func (c *Copies) Changed() <-chan struct{} { return c.bell.Changed() }

// Safe waits until some other machine has the records of an origin up to a number durably, or
// until the context ends; it reports whether one has.
func (c *Copies) Safe(ctx context.Context, o journal.Origin, seq uint64) bool {
	for {
		bell := c.bell.Changed()
		if c.Up(o) >= seq {
			return true
		}
		select {
		case <-bell:
		case <-ctx.Done():
			return false
		}
	}
}
