// Package pool lends connections that read.
package pool

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/offizin/offizin/journal"
)

const (
	most = 32 // lent at once; more wait
	idle = 4  // stay open when nobody needs them
)

// Pool is connections of one kind. It is safe for concurrent use.
type Pool[C any] struct {
	open  func() (C, error)
	shut  func(C) error
	slots chan struct{}

	mu     sync.Mutex
	idle   []C
	closed bool
}

// New returns a pool of connections that open and shut make and end.
func New[C any](open func() (C, error), shut func(C) error) *Pool[C] {
	return &Pool[C]{open: open, shut: shut, slots: make(chan struct{}, most)}
}

// With waits for a slot and runs f with a connection. f reports whether the next one may have it, too.
func (p *Pool[C]) With(ctx context.Context, f func(C) (sound bool, err error)) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait to read: %w", err)
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to read: %w", ctx.Err())
	}
	return p.Use(f)
}

// Try takes a slot if one is free; who has it calls Use, once.
func (p *Pool[C]) Try() bool {
	select {
	case p.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// Use is With for who has a slot. It fails with journal.ErrClosed after Close.
func (p *Pool[C]) Use(f func(C) (sound bool, err error)) error {
	defer func() { <-p.slots }()
	c, err := p.take()
	if err != nil {
		return err
	}
	sound := false
	defer func() { p.give(c, sound) }() // also when f panics
	sound, err = f(c)
	return err
}

func (p *Pool[C]) take() (c C, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return c, journal.ErrClosed
	}
	if n := len(p.idle); n > 0 {
		c = p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c, nil
	}
	return p.open()
}

func (p *Pool[C]) give(c C, sound bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sound && !p.closed && len(p.idle) < idle {
		p.idle = append(p.idle, c)
		return
	}
	_ = p.shut(c) // it has read only
}

// Close waits for what is lent and ends all connections.
func (p *Pool[C]) Close() error {
	for range most {
		p.slots <- struct{}{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var err error
	for _, c := range p.idle {
		err = errors.Join(err, p.shut(c))
	}
	p.idle = nil
	for range most {
		<-p.slots
	}
	return err
}
