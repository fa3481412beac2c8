// Package memory is a whole journal in memory: for the demonstration without a
// trace, for tests and for simulation. It forgets everything when the program ends.
//
// The same acts make the same records, except for what is sealed: that needs chance.
package memory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// Options says how to make a journal in memory.
type Options struct {
	Node        string      // name of this node; empty: "platz-1"
	Clock       clock.Clock // for acts that name no time; nil: the machine's
	Projections []journal.Projection
}

// Store is a journal in memory. It is safe for concurrent use; acts wait for each
// other, views do not.
type Store struct {
	opt    Options
	turn   chan struct{} // holds one token: the right to write
	acts   map[string]act
	now    atomic.Pointer[moment]
	keys   keys
	closed atomic.Bool
}

// act is where the records of an act stand.
type act struct{ from, to int }

// moment is the journal after an act. It never changes; later records only stand
// behind those it counts.
type moment struct {
	records []journal.Record
	rows    *node
	end     journal.Chain
}

var _ journal.Store = (*Store)(nil)

// New returns an empty journal.
func New(o Options) *Store {
	if o.Node == "" {
		o.Node = "platz-1"
	}
	if o.Clock == nil {
		o.Clock = clock.NewReal()
	}
	s := &Store{opt: o, turn: make(chan struct{}, 1), acts: map[string]act{}}
	id := sha256.Sum256([]byte("offizin memory incarnation\x00" + o.Node))
	s.now.Store(&moment{end: journal.Chain{
		Origin: journal.Origin{Node: o.Node, Incarnation: hex.EncodeToString(id[:8])},
	}})
	return s
}

// Self implements journal.Store.
func (s *Store) Self() journal.Origin { return s.now.Load().end.Origin }

// Append implements journal.Store. Decide must not call Append or Seal.
func (s *Store) Append(ctx context.Context, a journal.Act) (journal.Result, error) {
	input, err := a.Check()
	if err != nil {
		return journal.Result{}, err
	}
	a = a.At(s.opt.Clock.Now())
	if err := s.enter(ctx); err != nil {
		return journal.Result{}, err
	}
	defer func() { <-s.turn }()
	if at, ok := s.acts[a.Key]; ok {
		return s.repeat(at, input)
	}
	next, erased, err := s.decide(a, input)
	if err != nil {
		return journal.Result{}, err
	}
	from := len(s.now.Load().records)
	s.acts[a.Key] = act{from, len(next.records)}
	s.keys.erase(erased)
	s.now.Store(next)
	return journal.Result{Records: copied(next.records[from:])}, nil
}

func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait to write: %w", err)
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to write: %w", ctx.Err())
	}
	if s.closed.Load() {
		<-s.turn
		return journal.Closed()
	}
	return nil
}

func (s *Store) repeat(at act, input journal.Hash) (journal.Result, error) {
	old := s.now.Load().records[at.from:at.to]
	if old[0].InputHash != input {
		return journal.Result{}, journal.KeyReused()
	}
	return journal.Result{Records: copied(old), Repeated: true}, nil
}

// decide returns the moment after the act and whom it erases.
func (s *Store) decide(a journal.Act, input journal.Hash) (*moment, []string, error) {
	next := *s.now.Load()
	view := &rows{root: next.rows}
	events, err := a.Decide(view)
	view.over = true
	if err != nil {
		return nil, nil, err
	}
	records, err := next.end.Extend(a, input, events)
	if err != nil {
		return nil, nil, err
	}
	var erased []string
	for _, r := range records {
		e, err := event.Decode(r.Type, r.Payload)
		if err != nil {
			return nil, nil, fmt.Errorf("read back what is to be stored: %w", err)
		}
		if e == nil {
			return nil, nil, fmt.Errorf("event type %s is not listed in package event", r.Type)
		}
		if gone, ok := e.(event.PersonGeloescht); ok {
			erased = append(erased, gone.ID)
		}
		if next.rows, err = s.fold(next.rows, r, e); err != nil {
			return nil, nil, err
		}
	}
	next.records = append(next.records, records...)
	return &next, erased, nil
}

func (s *Store) fold(root *node, r journal.Record, e journal.Event) (*node, error) {
	for _, p := range s.opt.Projections {
		t := tx{&rows{root: root}, p.Name()}
		err := p.Apply(t, r, e)
		root, t.over = t.root, true
		if err != nil {
			return nil, fmt.Errorf("apply %s to projection %s: %w", r.Key, p.Name(), err)
		}
	}
	return root, nil
}

// View implements journal.Store.
func (s *Store) View(ctx context.Context, f func(journal.Rows) error) error {
	now, err := s.moment(ctx)
	if err != nil {
		return err
	}
	view := &rows{root: now.rows}
	defer func() { view.over = true }()
	return f(view)
}

// Records implements journal.Store.
func (s *Store) Records(
	ctx context.Context, o journal.Origin, after uint64, f func(journal.Record) (bool, error),
) error {
	now, err := s.moment(ctx)
	if err != nil || o != now.end.Origin || after >= uint64(len(now.records)) {
		return err
	}
	for _, r := range now.records[after:] {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read records: %w", err)
		}
		r.Payload = bytes.Clone(r.Payload)
		if more, err := f(r); err != nil || !more {
			return err
		}
	}
	return nil
}

// Heads implements journal.Store.
func (s *Store) Heads(ctx context.Context) ([]journal.Head, error) {
	now, err := s.moment(ctx)
	if err != nil {
		return nil, err
	}
	return []journal.Head{{Origin: now.end.Origin, Seq: now.end.Seq, Hash: now.end.Hash}}, nil
}

func (s *Store) moment(ctx context.Context) (*moment, error) {
	if s.closed.Load() {
		return nil, journal.Closed()
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("wait to read: %w", err)
	}
	return s.now.Load(), nil
}

// Close ends the work of the journal; a running act ends first.
func (s *Store) Close() error {
	s.turn <- struct{}{}
	s.closed.Store(true)
	<-s.turn
	return nil
}

func copied(list []journal.Record) []journal.Record {
	list = slices.Clone(list)
	for i := range list {
		list[i].Payload = bytes.Clone(list[i].Payload)
	}
	return list
}
