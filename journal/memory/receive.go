package memory

import (
	"context"
	"maps"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// Receive implements journal.Store.
func (s *Store) Receive(ctx context.Context, list []journal.Record) (journal.Received, error) {
	if err := journal.Batch(list); err != nil {
		return journal.Received{}, err
	}
	if err := s.enter(ctx); err != nil {
		return journal.Received{}, err
	}
	defer func() { <-s.turn }()
	now := *s.now.Load()
	in := incoming{store: s, next: &now, firsts: map[string]int{}, aside: map[int]journal.Aside{}}
	in.res.Head = now.head(list[0].Origin)
	for _, r := range copied(list) {
		if err := in.record(r); err != nil {
			return journal.Received{}, err
		}
	}
	in.settle()
	if in.stale {
		in.refold()
	}
	s.keys.erase(in.erased)
	s.now.Store(in.next)
	s.bell.Ring()
	return in.res, nil
}

// incoming is a batch on its way.
type incoming struct {
	store  *Store
	next   *moment
	res    journal.Received
	firsts map[string]int // where acts begin
	aside  map[int]journal.Aside
	erased []string
	stale  bool // something applied counts no more
	adopts bool // it goes into the own log
}

// settle hands what was found out to the store.
func (in *incoming) settle() {
	maps.Copy(in.store.aside, in.aside)
	for key, i := range in.firsts {
		in.store.firsts[key] = append(in.store.firsts[key], i)
	}
	in.aside, in.firsts = map[int]journal.Aside{}, map[string]int{}
}

// place is a record of one history.
type place struct {
	origin journal.Origin
	seq    uint64
	hash   journal.Hash
}

// abandon lets go of a history that its own machine has left, and never takes it again.
func (in *incoming) abandon(e event.GeschichteVerlassen) {
	p := place{journal.Origin{Node: e.Platz, Incarnation: e.Inkarnation}, e.Ab, journal.Hash(e.Hash)}
	in.store.left[p] = true
	log := in.next.logs[p.origin]
	if p.origin == in.next.end.Origin { // written here: this machine finds out by itself, and moves on
		return
	}
	if uint64(len(log)) < p.seq || in.next.records[log[p.seq-1]].Hash != p.hash {
		return
	}
	in.settle()
	in.next = in.store.without(in.next, func(r journal.Record) bool { return r.Origin == p.origin && r.Seq >= p.seq })
	in.stale = true
}

// without is a moment without some records; the rows are to be folded anew.
func (s *Store) without(now *moment, gone func(journal.Record) bool) *moment {
	next := &moment{logs: map[journal.Origin][]int{}, end: now.end, rows: now.rows}
	aside := map[int]journal.Aside{}
	for i, r := range now.records {
		if gone(r) {
			continue
		}
		if why := s.aside[i]; why != "" {
			aside[len(next.records)] = why
		}
		next.add(r)
	}
	s.index(next, aside)
	return next
}

// index finds the first records of acts anew.
func (s *Store) index(next *moment, aside map[int]journal.Aside) {
	s.aside, s.firsts = aside, map[string][]int{}
	for i, r := range next.records {
		if key, n, _ := journal.SplitKey(r.Key); n == 0 {
			s.firsts[key] = append(s.firsts[key], i)
		}
	}
}

// record takes the next record, or makes sure that a known one is the same.
func (in *incoming) record(r journal.Record) error {
	head := &in.res.Head
	fork := journal.Fork{Origin: r.Origin, Seq: r.Seq}
	switch {
	case r.Seq <= head.Seq:
		if in.next.records[in.next.logs[r.Origin][r.Seq-1]].Hash != r.Hash {
			return journal.Forked(fork)
		}
		return nil
	case r.Seq > head.Seq+1:
		return journal.Gap(*head, r.Seq)
	case r.Prev != head.Hash:
		return journal.Forked(journal.Fork{Origin: r.Origin, Seq: head.Seq})
	case r.Origin == in.next.end.Origin && !in.adopts: // we never wrote it
		return journal.Forked(fork)
	case in.store.left[place{r.Origin, r.Seq, r.Hash}]:
		return journal.Forked(fork)
	}
	if e, _ := event.Decode(r.Type, r.Payload); e != nil { // what cannot be read is set aside below
		if left, ok := e.(event.GeschichteVerlassen); ok && left.Counts(r.Origin) {
			in.abandon(left)
		}
	}
	in.judge(&r)
	in.apply(r)
	in.next.add(r)
	in.next.end.Lamport = max(in.next.end.Lamport, r.Lamport)
	head.Seq, head.Hash = r.Seq, r.Hash
	in.res.New++
	return nil
}

// judge finds out whether the act was done elsewhere, too: then the earlier one counts.
func (in *incoming) judge(r *journal.Record) {
	key, i, _ := journal.SplitKey(r.Key)
	here := len(in.next.records)
	if i > 0 {
		log := in.next.logs[r.Origin]
		if at := len(log) - i; at >= 0 && in.next.records[log[at]].Key == journal.RecordKey(key, 0) &&
			in.why(log[at]) == journal.Repeated {
			in.aside[here] = journal.Repeated
		}
		return
	}
	in.firsts[key] = here
	for _, at := range in.store.firsts[key] {
		old := &in.next.records[at]
		switch {
		case old.InputHash != r.InputHash:
		case old.Earlier(r):
			in.aside[here] = journal.Repeated
		default:
			in.retire(old)
		}
	}
}

// why says why the record at a place is set aside; empty: it is not.
func (in *incoming) why(at int) journal.Aside {
	if why, ok := in.aside[at]; ok {
		return why
	}
	return in.store.aside[at]
}

// retire sets an act aside that was applied until an earlier one came.
func (in *incoming) retire(first *journal.Record) {
	log := in.next.logs[first.Origin]
	for i := range in.next.act(log[first.Seq-1]) {
		in.aside[log[int(first.Seq)-1+i]] = journal.Repeated
	}
	in.stale = true
}

// apply folds a record, unless it is set aside or cannot be.
func (in *incoming) apply(r journal.Record) {
	here := len(in.next.records)
	e, err := event.Decode(r.Type, r.Payload)
	switch {
	case err != nil:
		in.aside[here] = journal.Unreadable
	case e == nil:
		in.aside[here] = journal.Unknown
	}
	if gone, ok := e.(event.PersonGeloescht); ok {
		in.erased = append(in.erased, gone.ID)
	}
	list := in.store.opt.Projections
	if in.aside[here] == journal.Repeated {
		list = journal.Keepers(list)
	}
	if in.aside[here] == "" || in.aside[here] == journal.Repeated {
		root, err := foldInto(in.next.rows, list, r, e)
		if err != nil && in.aside[here] == "" {
			in.aside[here] = journal.Unreadable
		} else if err == nil {
			in.next.rows = root
		}
	}
	if in.aside[here] != "" {
		in.res.Aside++
	}
}

// refold folds everything that counts anew.
func (in *incoming) refold() {
	in.next.rows = nil
	for i, r := range in.next.records {
		e, err := event.Decode(r.Type, r.Payload)
		if err != nil || e == nil {
			continue
		}
		list := in.store.opt.Projections
		if in.store.aside[i] == journal.Repeated {
			list = journal.Keepers(list)
		}
		if root, err := foldInto(in.next.rows, list, r, e); err == nil {
			in.next.rows = root
		}
	}
}

// Adopt implements journal.Store.
func (s *Store) Adopt(ctx context.Context, list []journal.Record) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer func() { <-s.turn }()
	now := *s.now.Load()
	if err := journal.Orphans(list, now.end.Origin); err != nil {
		return err
	}
	if s.left[place{list[0].Origin, list[0].Seq, list[0].Hash}] {
		return nil
	}
	end := now.end
	own, err := event.Adopt(&end, copied(list), s.opt.Clock.Now())
	if err != nil {
		return err
	}
	in := incoming{store: s, next: &now, firsts: map[string]int{}, aside: map[int]journal.Aside{}, adopts: true}
	in.res.Head = now.head(end.Origin)
	for _, r := range own {
		if err := in.record(r); err != nil {
			return err
		}
	}
	in.settle()
	in.refold()
	in.next.end = end
	s.keys.erase(in.erased)
	s.now.Store(in.next)
	s.bell.Ring()
	return nil
}

// Reincarnate implements journal.Store.
func (s *Store) Reincarnate(ctx context.Context, from uint64) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer func() { <-s.turn }()
	now := s.now.Load()
	old := now.end.Origin
	s.lives++
	next := &moment{
		logs: map[journal.Origin][]int{},
		end:  journal.Chain{Origin: origin(s.opt.Node, s.lives), Lamport: now.end.Lamport},
	}
	next.logs[next.end.Origin] = nil
	var tail []journal.Record
	aside := map[int]journal.Aside{}
	keep := func(i int, r journal.Record) {
		if why := s.aside[i]; why != "" {
			aside[len(next.records)] = why
		}
		next.add(r)
	}
	for i, r := range now.records {
		if r.Origin == old && r.Seq >= from {
			tail = append(tail, r)
		} else {
			keep(i, r)
		}
	}
	if err := s.leave(next, tail); err != nil {
		return err
	}
	for _, r := range tail {
		i := now.logs[old][r.Seq-1]
		keep(i, next.end.Readmit(r))
	}
	s.index(next, aside)
	in := incoming{store: s, next: next}
	in.refold()
	s.now.Store(next)
	s.bell.Ring()
	return nil
}

// leave says, as the first record of the new origin, which history was left.
func (s *Store) leave(next *moment, tail []journal.Record) error {
	if len(tail) == 0 {
		return nil
	}
	s.left[place{tail[0].Origin, tail[0].Seq, tail[0].Hash}] = true
	e, act := event.Leave(tail[0], next.end.Origin, s.opt.Clock.Now())
	list, err := next.end.Extend(act, journal.Hash{}, []journal.Event{e})
	if err != nil {
		return err
	}
	next.add(list[0])
	return nil
}
