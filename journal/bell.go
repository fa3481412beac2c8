package journal

import "sync/atomic"

// Bell tells whoever waits that there are new records. The zero value is ready.
type Bell struct{ next atomic.Pointer[chan struct{}] }

// Changed returns a channel that is closed after the next Ring. Who asks first, then looks,
// then waits misses nothing.
func (b *Bell) Changed() <-chan struct{} {
	for {
		if c := b.next.Load(); c != nil {
			return *c
		}
		c := make(chan struct{})
		if b.next.CompareAndSwap(nil, &c) {
			return c
		}
	}
}

// Ring wakes all who wait.
func (b *Bell) Ring() {
	if c := b.next.Swap(nil); c != nil {
		close(*c)
	}
}
