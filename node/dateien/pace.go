package dateien

import (
	"context"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// How work beside the sales is spread: after a stretch of it, a rest of five times as long.
const (
	stretch = 2 * time.Millisecond
	share   = 5
	maxRest = 2 * time.Second
)

// Pace leaves the machine to the sales for five sixths of the time. It is for one goroutine.
type Pace struct {
	clock  clock.Clock
	urgent func() bool
	began  time.Duration
}

// NewPace begins a piece of work. One that is urgent does not rest; nil: it never is.
func NewPace(c clock.Clock, urgent func() bool) *Pace {
	return &Pace{clock: c, urgent: urgent, began: c.Mono()}
}

// Rest is called again and again during the work. Its error is that of the context.
func (p *Pace) Rest(ctx context.Context) error {
	worked := p.clock.Mono() - p.began
	if worked >= stretch && (p.urgent == nil || !p.urgent()) {
		over, stop := context.WithTimeout(ctx, min(share*worked, maxRest))
		defer stop()
		<-over.Done()
	}
	if worked >= stretch {
		p.began = p.clock.Mono()
	}
	return ctx.Err() //nolint:wrapcheck // called off
}
