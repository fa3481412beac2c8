package shipping

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
)

// How often others may make this machine go on under a new name: at once, then after ever longer
// pauses, and so many times since its start. A disk that was put back needs one.
const (
	firstBirth = time.Minute
	lastBirth  = time.Hour
	maxBirths  = 5
)

// Claims bounds how often this machine goes on under a new name, or takes records as its own, because
// others claim to hold another history of it: one that lies could otherwise make it do so for ever. It is
// for all children of a machine, and safe for concurrent use.
type Claims struct {
	mono func() time.Duration

	mu                sync.Mutex
	births, adoptions bound
}

// bound is how often something was done, and until when not again, by the monotonic clock.
type bound struct {
	n     int
	after time.Duration
}

// NewClaims returns a bound by the monotonic clock.
func NewClaims(mono func() time.Duration) *Claims { return &Claims{mono: mono} }

// birth reports whether this machine may go on under a new name now, and counts it.
func (c *Claims) birth() bool { return c == nil || c.allow(&c.births) }

// adoption reports whether it may take records as its own that it wrote in an earlier life, and counts it.
func (c *Claims) adoption() bool { return c == nil || c.allow(&c.adoptions) }

func (c *Claims) allow(b *bound) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.mono()
	if b.n >= maxBirths || b.n > 0 && now < b.after {
		return false
	}
	b.after = now + min(firstBirth<<b.n, lastBirth)
	b.n++
	return true
}

// ErrClaim reports a machine that claims once more to hold another history of this one, or does not
// show it. Records of this machine are not exchanged with it meanwhile; all others are.
var ErrClaim = errors.New("claims another history of this machine")

func claimed(node, why string) error {
	return fault.New(fault.Conflict, "M-283",
		"„"+node+"“ behauptet, andere Verkäufe dieses Rechners zu haben als er selbst, "+
			"und wird dazu nicht mehr gehört; bitte „"+node+"“ entfernen und neu aufnehmen.",
		fmt.Errorf("%w: %s", ErrClaim, why))
}

// proven checks that the parent really holds another history: the record with which it goes on has
// the right hash and stands behind one of this machine's own.
func (c *Child) proven(ctx context.Context, o journal.Origin, seq uint64) error {
	before, err := HashAt(ctx, c.store, o, seq-1)
	if err != nil {
		return err
	}
	list, err := c.parent.pull(ctx, o, seq-1)
	if err != nil {
		return err
	}
	if len(list) > 0 && list[0].Origin == o && list[0].Seq == seq && list[0].Prev == before &&
		list[0].Sum() == list[0].Hash {
		return nil
	}
	return claimed(c.node, fmt.Sprintf("record %d of %s is not shown", seq, o))
}
