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
	maps.Copy(s.aside, in.aside)
	if in.stale {
		in.refold()
	}
	for key, i := range in.firsts {
		s.firsts[key] = append(s.firsts[key], i)
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
	case r.Origin == in.next.end.Origin: // we never wrote it
		return journal.Forked(fork)
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
	if in.aside[here] == "" {
		root, err := in.store.fold(in.next.rows, r, e)
		if err != nil {
			in.aside[here] = journal.Unreadable
		} else {
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
		if err != nil || e == nil || in.store.aside[i] == journal.Repeated {
			continue
		}
		if root, err := in.store.fold(in.next.rows, r, e); err == nil {
			in.next.rows = root
		}
	}
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
	for _, r := range tail {
		i := now.logs[old][r.Seq-1]
		keep(i, next.end.Readmit(r))
	}
	s.aside = aside
	s.firsts = map[string][]int{}
	for i, r := range next.records {
		if key, n, _ := journal.SplitKey(r.Key); n == 0 {
			s.firsts[key] = append(s.firsts[key], i)
		}
	}
	in := incoming{store: s, next: next}
	in.refold()
	s.now.Store(next)
	s.bell.Ring()
	return nil
}
