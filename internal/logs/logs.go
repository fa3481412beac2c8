// Package logs bounds what strangers can have written into the log: who asks without end must not
// fill the disk with what goes wrong with him.
package logs

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// How many records are written in how long.
const (
	most   = 20
	period = time.Minute
)

// New returns a log that writes the first records of each minute, and how many it left out; that only with the
// next record after the minute, which may never come.
func New(log *slog.Logger, c clock.Clock) *slog.Logger {
	return slog.New(handler{log.Handler(), &count{clock: c}})
}

// Server returns a log for what net/http says of a server that strangers reach: what cannot shake hands hides
// nothing else. HTTP/2 that makes no sense is bounded for itself, since anybody can send it; a panic never is.
func Server(log *slog.Logger, c clock.Clock) *slog.Logger {
	return slog.New(server{log.Handler(), New(log, c).Handler(), New(log, c).Handler()})
}

// server sorts by how net/http begins its lines.
type server struct {
	slog.Handler // panics
	hands, rest  slog.Handler
}

// Handle implements slog.Handler.
func (s server) Handle(ctx context.Context, r slog.Record) error {
	h := s.rest
	switch {
	case strings.HasPrefix(r.Message, "http: TLS handshake error "):
		h = s.hands
	case strings.HasPrefix(r.Message, "http: panic serving "), strings.HasPrefix(r.Message, "http2: panic serving "):
		h = s.Handler
	}
	if err := h.Handle(ctx, r); err != nil {
		return fmt.Errorf("write log of the server: %w", err)
	}
	return nil
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
