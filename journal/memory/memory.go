// Package memory is a whole journal in memory: for the demonstration without a
// trace, for tests and for simulation. It forgets everything when the program ends.
//
// The same acts make the same records, except for what is sealed: that needs chance.
package memory

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	turn   chan struct{}         // holds one token: the right to write
	firsts map[string][]int      // where the first records of acts stand, by key; belongs to who writes
	aside  map[int]journal.Aside // by place among all records; belongs to who writes
	left   map[place]bool        // histories that their own machines have left; belongs to who writes
	lives  int                   // how often it was born again
	bell   journal.Bell
	now    atomic.Pointer[moment]
	keys   keys
	closed atomic.Bool
}

// moment is the journal after an act. It never changes; later records only stand
// behind those it counts.
type moment struct {
	records []journal.Record         // in order of arrival
	logs    map[journal.Origin][]int // where those of an origin stand
	rows    *node
	end     journal.Chain
}

// act returns the records of the act whose first one stands there.
func (m *moment) act(first int) []journal.Record {
	r := m.records[first]
	key, _, _ := journal.SplitKey(r.Key)
	var list []journal.Record
	for _, i := range m.logs[r.Origin][r.Seq-1:] {
		if m.records[i].Key != journal.RecordKey(key, len(list)) {
			break
		}
		list = append(list, m.records[i])
	}
	return list
}

// add puts a record behind the others; rows and chain are the caller's to move.
func (m *moment) add(r journal.Record) {
	m.logs = maps.Clone(m.logs)
	m.logs[r.Origin] = append(m.logs[r.Origin], len(m.records))
	m.records = append(m.records, r)
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
	s := &Store{
		opt: o, turn: make(chan struct{}, 1), firsts: map[string][]int{}, aside: map[int]journal.Aside{},
		left: map[place]bool{},
	}
	self := origin(o.Node, 0)
	s.now.Store(&moment{logs: map[journal.Origin][]int{self: nil}, end: journal.Chain{Origin: self}})
	return s
}

// origin is that of a node in one of its lives: the same in every run.
func origin(node string, life int) journal.Origin {
	text := "offizin memory incarnation\x00" + node
	if life > 0 {
		text += "\x00" + strconv.Itoa(life)
	}
	id := sha256.Sum256([]byte(text))
	return journal.Origin{Node: node, Incarnation: hex.EncodeToString(id[:8])}
}

// Self implements journal.Store.
func (s *Store) Self() journal.Origin { return s.now.Load().end.Origin }

// Changed implements journal.Store.
func (s *Store) Changed() <-chan struct{} { return s.bell.Changed() }

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
	if old := s.act(a.Key); old != nil {
		return repeat(old, input)
	}
	next, erased, err := s.decide(a, input)
	if err != nil {
		return journal.Result{}, err
	}
	first := len(s.now.Load().records)
	s.firsts[a.Key] = append(s.firsts[a.Key], first)
	s.keys.erase(erased)
	s.now.Store(next)
	s.bell.Ring()
	return journal.Result{Records: copied(next.act(first))}, nil
}

// act returns the records of an act: those of this node, else those that count; nil if it
// was never done.
func (s *Store) act(key string) []journal.Record {
	now, best := s.now.Load(), -1
	for _, i := range s.firsts[key] {
		if now.records[i].Origin.Node == s.opt.Node {
			return now.act(i)
		}
		if best < 0 || s.aside[best] != "" && s.aside[i] == "" {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return now.act(best)
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

func repeat(old []journal.Record, input journal.Hash) (journal.Result, error) {
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
		next.add(r)
	}
	return &next, erased, nil
}

func (s *Store) fold(root *node, r journal.Record, e journal.Event) (*node, error) {
	return foldInto(root, s.opt.Projections, r, e)
}

func foldInto(root *node, list []journal.Projection, r journal.Record, e journal.Event) (*node, error) {
	for _, p := range list {
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
	if err != nil || after >= uint64(len(now.logs[o])) {
		return err
	}
	for _, i := range now.logs[o][after:] {
		r := now.records[i]
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
	list := []journal.Head{{Origin: now.end.Origin, Seq: now.end.Seq, Hash: now.end.Hash}}
	for o := range now.logs {
		if o != now.end.Origin {
			list = append(list, now.head(o))
		}
	}
	slices.SortFunc(list[1:], func(a, b journal.Head) int {
		return cmp.Or(cmp.Compare(a.Origin.Node, b.Origin.Node), cmp.Compare(a.Origin.Incarnation, b.Origin.Incarnation))
	})
	return list, nil
}

func (m *moment) head(o journal.Origin) journal.Head {
	list := m.logs[o]
	if len(list) == 0 {
		return journal.Head{Origin: o}
	}
	last := &m.records[list[len(list)-1]]
	return journal.Head{Origin: o, Seq: last.Seq, Hash: last.Hash}
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
