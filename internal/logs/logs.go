// Package logs bounds what strangers can have written into the log: who asks without end must not
// fill the disk with what goes wrong with him.
package logs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// How many records are written in how long.
const (
	most   = 20
	period = time.Minute
)

// New returns a log that writes the first records of each minute, and how many it left out.
func New(log *slog.Logger, c clock.Clock) *slog.Logger {
	return slog.New(handler{log.Handler(), &count{clock: c}})
}

type handler struct {
	slog.Handler
	*count
}

// count is shared by all that was derived from one log.
type count struct {
	clock clock.Clock

	mu    sync.Mutex
	until time.Duration // monotonic
	n     int           // since the period began
}

// Handle implements slog.Handler.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	left, ok := h.next()
	if !ok {
		return nil
	}
	if left > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("left_out_before", left))
	}
	if err := h.Handler.Handle(ctx, r); err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	return nil
}

// next reports whether a record is written, and how many were left out before it.
func (c *count) next() (left int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.clock.Mono(); now >= c.until {
		left = max(0, c.n-most)
		c.until, c.n = now+period, 0
	}
	c.n++
	return left, c.n <= most
}

// WithAttrs implements slog.Handler.
func (h handler) WithAttrs(list []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(list), h.count}
}

// WithGroup implements slog.Handler.
func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.count}
}
