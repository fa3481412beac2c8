package pool_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/pool"
)

// counted makes connections and counts those that are open.
func counted() (*pool.Pool[int64], *atomic.Int64) {
	var made, open atomic.Int64
	return pool.New(
		func() (int64, error) { open.Add(1); return made.Add(1), nil },
		func(int64) error { open.Add(-1); return nil },
	), &open
}

// However many read at once, 32 have a connection; four stay open, and none after Close.
func TestMany(t *testing.T) {
	p, open := counted()
	var at, most atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			err := p.With(t.Context(), func(int64) (bool, error) {
				if n := at.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Millisecond)
				at.Add(-1)
				return true, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() > 32 || open.Load() > 4 {
		t.Errorf("%d at once, %d left open", most.Load(), open.Load())
	}
	if err := p.Close(); err != nil || open.Load() != 0 {
		t.Errorf("%d open, %v", open.Load(), err)
	}
	if err := p.With(t.Context(), nil); !errors.Is(err, journal.ErrClosed) {
		t.Error(err)
	}
}

// A connection that is not sound, or whose user panics, is not lent again; its slot is.
func TestUnsound(t *testing.T) {
	p, open := counted()
	seen := map[int64]bool{}
	for range 100 {
		func() {
			defer func() { _ = recover() }()
			_ = p.With(t.Context(), func(c int64) (bool, error) {
				if seen[c] {
					t.Errorf("%d once more", c)
				}
				if seen[c] = true; c%2 == 0 {
					panic("user")
				}
				return false, nil
			})
		}()
	}
	if open.Load() != 0 || len(seen) != 100 {
		t.Errorf("%d open, %d seen", open.Load(), len(seen))
	}
}

// Who cannot wait is told at once that all are lent, and who can waits until the context ends.
func TestAllLent(t *testing.T) {
	p, _ := counted()
	for range 32 {
		if !p.Try() {
			t.Fatal("none is free")
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if err := p.With(ctx, nil); p.Try() || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if err := p.Use(func(int64) (bool, error) { return true, nil }); err != nil || !p.Try() {
		t.Errorf("its slot is not free: %v", err)
	}
}
