package shipping

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/offizin/offizin/journal"
)

// Child keeps the journal of this machine equal to that of its parent.
type Child struct {
	store  journal.Store
	parent *Parent

	// Copies learns what the parent has. NewChild sets one of its own.
	Copies *Copies
	// Ahead fetches the next batch while one is stored. The simulation, which repeats exactly,
	// does one thing after the other.
	Ahead bool
	// Behind, if set, hears that many records are coming, and that these have come.
	Behind func(bool)
	// Claims bounds how often the parent may make this machine go on under a new name; nil: never
	// refused.
	Claims *Claims

	turn sync.Mutex // of rounds
	node string     // name of the parent; this and keys belong to whose turn it is
	keys keys       // exchanged with the parent
}

// NewChild returns a child; nothing happens before Sync or Run.
func NewChild(store journal.Store, parent *Parent) *Child {
	return &Child{store: store, parent: parent, Copies: NewCopies()}
}

// Stand is what a round has done.
type Stand struct {
	Pushed, Pulled int
	Reborn         bool             // this machine goes on under a new origin
	Forks          []journal.Origin // of others, that have two histories: not shipped any more
	Keys           error            // why the keys of persons were not exchanged; records were
}

// Sync makes both journals equal as they are now. An error is of the way to the parent or of
// one of the two journals; what was shipped before it stays shipped.
func (c *Child) Sync(ctx context.Context) (Stand, error) { return c.round(ctx, true) }

// await is Sync, but not before the parent has news, or its patience ends.
func (c *Child) await(ctx context.Context) (Stand, error) {
	if _, _, err := c.compare(ctx, true); err != nil {
		return Stand{}, err
	}
	return c.Sync(ctx)
}

// round ships once; ask: for the parent's keys in any case.
func (c *Child) round(ctx context.Context, ask bool) (st Stand, err error) {
	c.turn.Lock()
	defer c.turn.Unlock()
	ours, theirs, err := c.compare(ctx, false) // what was heard while others had their turn is old
	if err != nil {
		return st, err
	}
	mine, others := bySelf(ours), bySelf(theirs)
	c.node = theirs[0].Origin.Node
	if n := c.Copies.lost(c.node, others); n != c.keys.losses {
		c.keys = keys{losses: n}
	}
	if st.Keys = c.exchange(ctx, theirs[0].Origin, ask || news(theirs, ours)); errors.Is(st.Keys, errWay) {
		return st, st.Keys // other errors, such as locked keys, must not hold records up
	}
	self := c.store.Self()
	var refused error
	if st.Reborn, err = c.ownFork(ctx, mine[self], others[self]); errors.Is(err, ErrClaim) {
		refused = err // the rest must not wait for it
		delete(mine, self)
		delete(others, self)
	} else if err != nil {
		return st, err
	}
	if st.Reborn {
		if ours, err = c.store.Heads(ctx); err != nil {
			return st, err
		}
		mine = bySelf(ours)
		left := c.exchange(ctx, theirs[0].Origin, news(theirs, ours)) // the history that was left is news now
		if st.Keys = errors.Join(st.Keys, left); errors.Is(left, errWay) {
			return st, st.Keys
		}
	}
	for _, o := range origins(mine, others, c.store.Self()) {
		err := c.origin(ctx, mine[o], others[o], o, &st)
		if refused = errors.Join(refused, err); err != nil && !errors.Is(err, errShort) && !errors.Is(err, ErrClaim) {
			return st, refused
		}
	}
	return st, refused
}

// compare asks what both have.
func (c *Child) compare(ctx context.Context, wait bool) (ours, theirs []journal.Head, err error) {
	if ours, err = c.store.Heads(ctx); err == nil {
		theirs, err = c.parent.heads(ctx, ours, wait)
	}
	return ours, theirs, err
}

// origins are those of both, in a fixed order. The own one is the first: it says which history was left, and
// whoever hears that no longer holds another one of an earlier life.
func origins(a, b map[journal.Origin]journal.Head, self journal.Origin) []journal.Origin {
	all := maps.Clone(a)
	maps.Copy(all, b)
	_, known := all[self]
	delete(all, self)
	list := slices.SortedFunc(maps.Keys(all), func(x, y journal.Origin) int {
		return slices.Compare([]string{x.Node, x.Incarnation}, []string{y.Node, y.Incarnation})
	})
	if known {
		list = slices.Insert(list, 0, self)
	}
	return list
}

// origin ships the records of one origin, one way or the other.
func (c *Child) origin(ctx context.Context, mine, theirs journal.Head, o journal.Origin, st *Stand) error {
	var err error
	switch {
	case mine.Seq > theirs.Seq:
		err = c.push(ctx, o, theirs.Seq, mine.Seq, st)
	case mine.Seq < theirs.Seq:
		err = c.pull(ctx, o, mine.Seq, theirs.Seq, st)
	case mine.Hash != theirs.Hash:
		err = journal.Forked(journal.Fork{Origin: o, Seq: mine.Seq})
	default:
		c.Copies.note(c.node, o, mine.Seq)
	}
	if !forked(err) || o == c.store.Self() {
		return err
	}
	st.Forks = append(st.Forks, o) // its own machine finds out, and goes on under a new name
	if o.Node != c.store.Self().Node {
		return nil
	}
	return c.orphans(ctx, mine, theirs, o)
}

// mostOrphans is how many records are taken at once: some weeks, and more than one that is put back again and
// again leaves behind.
const mostOrphans = 100_000

// orphans makes what the parent has of an earlier life of this machine, and this one has not, its own: nobody else
// can say what becomes of two histories of which their machine has lost one.
func (c *Child) orphans(ctx context.Context, mine, theirs journal.Head, o journal.Origin) error {
	equal, err := c.equalTo(ctx, o, min(mine.Seq, theirs.Seq))
	if err != nil || equal == theirs.Seq {
		return err
	}
	if err := c.proven(ctx, o, equal+1); err != nil {
		return err
	}
	var all []journal.Record
	for after := equal; after < theirs.Seq; after = all[len(all)-1].Seq {
		list, err := c.parent.pull(ctx, o, after)
		if err != nil {
			return err
		}
		if list = upTo(list, theirs.Seq); len(list) == 0 {
			return malformed(fmt.Errorf("%w: %s up to %d, and %d come", errShort, o, theirs.Seq, after))
		}
		if all = append(all, list...); len(all) > mostOrphans {
			return claimed(c.node, fmt.Sprintf("more than %d records", mostOrphans))
		}
	}
	if !c.Claims.adoption() {
		return claimed(c.node, "once more")
	}
	return c.store.Adopt(ctx, all)
}

// equalTo is up to where both have the same records of an origin, at most up to a number that both have.
func (c *Child) equalTo(ctx context.Context, o journal.Origin, most uint64) (uint64, error) {
	lo, hi := uint64(0), most+1 // equal up to lo; if both have hi, not there
	for mid := most; lo+1 < hi; mid = lo + (hi-lo)/2 {
		equal, err := c.sameAt(ctx, o, mid)
		switch {
		case err != nil:
			return 0, err
		case equal:
			lo = mid
		default:
			hi = mid
		}
	}
	return lo, nil
}

func forked(err error) bool {
	r, ok := errors.AsType[*Refusal](err)
	return errors.Is(err, journal.ErrFork) || ok && r.Fork != nil
}

// push sends what is missing until a number: what came later needs keys that are sent with the next round.
func (c *Child) push(ctx context.Context, o journal.Origin, after, until uint64, st *Stand) error {
	for after < until {
		list, err := next(ctx, c.store, o, after)
		if list = upTo(list, until); err != nil || len(list) == 0 {
			return err
		}
		h, err := c.parent.push(ctx, list)
		if err != nil {
			return err
		}
		last := list[len(list)-1].Seq
		if h.Origin != o || h.Seq < last {
			return malformed(fmt.Errorf("parent has %s up to %d, was sent %d", h.Origin, h.Seq, last))
		}
		st.Pushed += len(list)
		c.Copies.note(c.node, o, last)
		after = last
	}
	return nil
}

// far is how many records must have come one after the other for this machine to be far behind.
const far = 2_000

// errShort reports a parent that says of an origin that it has more than it hands out. Others are shipped all
// the same, but it is no success: there would be news at once, again and again.
var errShort = errors.New("parent has not what it says")

// pull fetches what is missing until a number.
func (c *Child) pull(ctx context.Context, o journal.Origin, after, until uint64, st *Stand) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	from, behind := c.feed(ctx, o, after, until), false
	defer func() {
		if behind {
			c.Behind(false)
		}
	}()
	for first := after; ; {
		list, err := from.wait(ctx)
		if err == nil && len(list) == 0 && after < until {
			err = malformed(fmt.Errorf("%w: %s up to %d, and %d come", errShort, o, until, after))
		}
		if err != nil || len(list) == 0 {
			return err
		}
		res, err := c.take(ctx, list, from)
		if err != nil {
			return err
		}
		if res.Head.Origin != o || res.Head.Seq <= after {
			return malformed(fmt.Errorf("asked for %s after %d, got %s up to %d", o, after, res.Head.Origin, res.Head.Seq))
		}
		from.stored(res.Head.Seq)
		st.Pulled += res.New
		after = res.Head.Seq
		c.Copies.note(c.node, o, min(after, until)) // more may have come from elsewhere
		if !behind && after-first >= far && c.Behind != nil {
			behind = true
			c.Behind(true)
		}
	}
}

// take stores a batch, and with Ahead what comes meanwhile, too.
func (c *Child) take(ctx context.Context, list []journal.Record, from *feed) (journal.Received, error) {
	if store, many := c.store.(journal.Taker); many && c.Ahead {
		return store.Take(ctx, list, from.ready)
	}
	return c.store.Receive(ctx, list)
}

// ownFork finds out whether the parent holds another history of the own origin, and then goes
// on under a new one from where they part.
func (c *Child) ownFork(ctx context.Context, mine, theirs journal.Head) (bool, error) {
	if theirs.Seq == mine.Seq && theirs.Hash == mine.Hash || theirs.Seq == 0 {
		return false, nil
	}
	lo, err := c.equalTo(ctx, mine.Origin, min(mine.Seq, theirs.Seq))
	if err != nil || lo == theirs.Seq {
		return false, err
	}
	if err := c.proven(ctx, mine.Origin, lo+1); err != nil {
		return false, err
	}
	if !c.Claims.birth() {
		return false, claimed(c.node, "once more")
	}
	if err := c.store.Reincarnate(ctx, lo+1); err != nil {
		return false, err
	}
	return true, nil
}

// sameAt reports whether both have the same record of an origin at a number.
func (c *Child) sameAt(ctx context.Context, o journal.Origin, seq uint64) (bool, error) {
	if seq == 0 {
		return true, nil
	}
	own, err := HashAt(ctx, c.store, o, seq)
	if err != nil {
		return false, err
	}
	theirs, there, err := c.parent.hash(ctx, o, seq)
	return there && theirs == own, err
}
