package shipping

import (
	"context"
	"sync"
	"time"
)

// The pauses after a round that failed: the first is short, since most failures are.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
)

// Run ships until the context ends: own news at once, those of others as they come. tell hears
// of every round; it must be quick.
func (c *Child) Run(ctx context.Context, tell func(Stand, error)) {
	var both sync.WaitGroup
	both.Go(func() { // what others write
		c.repeat(ctx, tell, func() (Stand, error) {
			st, err := c.await(ctx)
			if err == nil && len(st.Forks) > 0 { // of these the parent has news all the time, and they do not come
				rest(ctx, lastPause)
			}
			return st, err
		})
	})
	both.Go(func() { // what this machine writes
		c.repeat(ctx, tell, func() (Stand, error) {
			bell := c.store.Changed()
			st, err := c.round(ctx, false)
			if err == nil {
				select {
				case <-bell:
				case <-ctx.Done():
				}
			}
			return st, err
		})
	})
	both.Wait()
}

func (c *Child) repeat(ctx context.Context, tell func(Stand, error), round func() (Stand, error)) {
	pause := firstPause
	for ctx.Err() == nil {
		st, err := round()
		if ctx.Err() != nil {
			return
		}
		tell(st, err)
		if err == nil {
			pause = firstPause
			continue
		}
		rest(ctx, pause)
		pause = min(2*pause, lastPause)
	}
}

// rest waits, unless the context ends before.
func rest(ctx context.Context, pause time.Duration) {
	over, stop := context.WithTimeout(ctx, pause)
	defer stop()
	<-over.Done()
}
