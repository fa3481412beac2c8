package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/ahead"
	"github.com/offizin/offizin/sqlite/folding"
	"github.com/offizin/offizin/sqlite/satz"
)

// conflict is why a record is noted that is applied all the same: another machine used its
// key for something else.
const conflict = "konflikt"

// Receive implements journal.Store.
func (s *Store) Receive(ctx context.Context, list []journal.Record) (journal.Received, error) {
	return s.Take(ctx, list, nil)
}

// Take implements journal.Taker.
func (s *Store) Take(ctx context.Context, r []journal.Record, more func() []journal.Record) (journal.Received, error) {
	if err := journal.Batch(r); err != nil {
		return journal.Received{}, err
	}
	if err := s.enter(ctx); err != nil {
		return journal.Received{}, err
	}
	defer s.leave()
	in, err := s.takeAll(ctx, ahead.NewBatches(r, more))
	if err != nil {
		return journal.Received{}, explain(err)
	}
	s.end.Lamport = max(s.end.Lamport, in.lamport)
	s.forget(in.erased)
	if in.stale {
		s.ringAnew()
	}
	if in.res.New > 0 {
		s.bell.Ring()
	}
	return in.res, nil
}

// takeAll stores batches in one transaction. If that fails, the first is stored alone: another may
// be at fault, and comes again.
func (s *Store) takeAll(ctx context.Context, b *ahead.Batches) (in *incoming, err error) {
	err = s.withBallast(func() error {
		in = &incoming{store: s, all: b}
		_, err := s.transact(func(w *conn) error { return in.takeAll(ctx, w) })
		return err
	})
	s.afterWrite()
	if err != nil && b.Many() && ctx.Err() == nil {
		return s.takeAll(ctx, b.First())
	}
	return in, err
}

// incoming is what is on its way into the database: batches of one origin.
type incoming struct {
	store   *Store
	w       *conn
	all     *ahead.Batches
	events  *ahead.Events // of the present one
	folding *folding.Incoming
	parted  bool  // the origin is one of which a history was left
	id      int64 // of the origin here
	res     journal.Received
	lamport uint64
	erased  []string
	stale   bool // something applied counts no more
	later   bool // the read models are being built anew, and will count what comes meanwhile
	earlier bool // the origin is an earlier life of this machine, or this one
	adopts  bool // it goes into the own log
}

// takeAll stores the batches within the transaction, and what they make of the read models.
func (in *incoming) takeAll(ctx context.Context, w *conn) (err error) {
	in.w, in.earlier = w, in.all.Origin().Node == in.store.Self().Node
	if in.later, err = w.building(); err != nil {
		return err
	}
	in.folding = in.fold(ctx)
	defer in.folding.Close()
	err = in.all.Each(func(list []journal.Record, events *ahead.Events) (bool, error) {
		in.events = events
		err := in.take(list)
		return !in.stale && in.store.waiting.Load() == 0, err
	})
	if err == nil {
		err = in.flush()
	}
	if err == nil && in.stale {
		err = in.store.anew(ctx, w)
	}
	return err
}

// fold begins to fold. If there is much to come it is done beside the storing, and reads the read
// models as they were when the transaction began.
func (in *incoming) fold(ctx context.Context) *folding.Incoming {
	to, readers := &rows{c: in.w}, in.store.readers
	if in.later || in.earlier || !in.all.Long() || !readers.Try() {
		return folding.Here(to, to)
	}
	return folding.Beside(func(f func(journal.Rows) error) error {
		return readers.Use(moment(ctx, func(c *conn) error { return f(&rows{c: c}) }))
	}, to)
}

// flush writes the rows, and notes which records no projection could take.
func (in *incoming) flush() error {
	refused, err := in.folding.Flush()
	for i := 0; i < len(refused) && err == nil; i++ {
		in.res.Aside++
		err = in.w.setAside(position{in.id, int64(refused[i])}, string(journal.Unreadable))
	}
	return err
}

// take stores a batch within the transaction.
func (in *incoming) take(list []journal.Record) error {
	if err := in.find(list[0].Origin); err != nil {
		return err
	}
	for i := range list {
		if in.all.Ends(list, i) && in.store.waiting.Load() > 0 {
			break
		}
		if err := in.record(i, &list[i]); err != nil {
			return err
		}
	}
	return doing("move head", in.w.exec("UPDATE origin SET seq = ?, hash = ?, lamport = max(lamport, ?) WHERE id = ?",
		in.res.Head.Seq, in.res.Head.Hash[:], in.lamport, in.id))
}

// count folds a record into the rows that are seen. While all is folded anew it waits for that,
// unless this machine wrote it in an earlier life: the numbers of its Bons are given out, and what
// it sold is gone. It counts under another name then, as rows of a history that was left still
// have that of its origin.
func (in *incoming) count(r *journal.Record, e journal.Event, aside journal.Aside) error {
	list := in.store.opt.Projections
	if aside == journal.Repeated {
		list = journal.Keepers(list)
	}
	if aside != "" && aside != journal.Repeated || (in.stale || in.later) && !in.earlier {
		return nil
	}
	if in.later {
		seen := *r
		seen.Origin.Incarnation += "~"
		r = &seen
	}
	err := in.folding.Add(list, r, e, aside == "" && !in.later) // else it is judged when it is folded for good
	return doing("write rows", err)
}

// find reads the head of the origin and makes its row if there is none.
func (in *incoming) find(o journal.Origin) error {
	in.res.Head.Origin = o
	left, err := in.w.int("SELECT count(*) FROM verlassen WHERE node = ? AND incarnation = ?", o.Node, o.Incarnation)
	if in.parted = left > 0; err != nil {
		return doing("look for histories that were left", err)
	}
	var malformed error
	found, err := in.w.one("SELECT id, seq, hash FROM origin WHERE node = ? AND incarnation = ?", func(st *sqlite3.Stmt) {
		in.id, in.res.Head.Seq = st.ColumnInt64(0), uint64(st.ColumnInt64(1))
		malformed = satz.Hash(st, 2, &in.res.Head.Hash)
	}, o.Node, o.Incarnation)
	switch {
	case err != nil:
		return doing("read head", err)
	case malformed != nil:
		return damaged(malformed)
	case found:
		return nil
	}
	err = in.w.exec("INSERT INTO origin (node, incarnation, self, seq, hash, lamport) VALUES (?, ?, 0, 0, ?, 0)",
		o.Node, o.Incarnation, make([]byte, len(journal.Hash{})))
	in.id = in.w.LastInsertRowID()
	return doing("note origin", err)
}

// record stores the next record, or makes sure that a known one is the same.
func (in *incoming) record(i int, r *journal.Record) error {
	head := &in.res.Head
	switch {
	case r.Seq <= head.Seq:
		return in.known(r)
	case r.Seq > head.Seq+1:
		return journal.Gap(*head, r.Seq)
	case r.Prev != head.Hash:
		return journal.Forked(journal.Fork{Origin: r.Origin, Seq: head.Seq})
	case r.Origin == in.store.Self() && !in.adopts: // we never wrote it: this database is older than it was
		return journal.Forked(journal.Fork{Origin: r.Origin, Seq: r.Seq})
	}
	if in.parted {
		if err := in.w.left(r); err != nil {
			return err
		}
	}
	if err := in.store1(i, r); err != nil {
		return err
	}
	head.Seq, head.Hash, in.lamport = r.Seq, r.Hash, max(in.lamport, r.Lamport)
	in.res.New++
	return nil
}

func (in *incoming) known(r *journal.Record) error {
	same, err := in.w.int("SELECT hash = ? FROM record WHERE origin = ? AND seq = ?", r.Hash[:], in.id, r.Seq)
	if err == nil && same != 1 {
		return journal.Forked(journal.Fork{Origin: r.Origin, Seq: r.Seq})
	}
	return doing("compare known record", err)
}

// store1 inserts a record and applies it, unless it is to be set aside.
func (in *incoming) store1(i int, r *journal.Record) error {
	aside, note, err := in.judge(r)
	if err != nil {
		return err
	}
	own, err := in.binds(r)
	if err != nil {
		return err
	}
	if err := in.w.insert(in.id, r, own); err != nil {
		return doing("store record "+r.Key, err)
	}
	e, bad := in.events.At(i)
	switch {
	case bad != nil:
		aside = journal.Unreadable
	case e == nil:
		aside = journal.Unknown
	}
	if gone, ok := e.(event.PersonGeloescht); ok { // wins whatever else is wrong
		if err := in.w.erase(gone.ID); err != nil {
			return err
		}
		in.erased = append(in.erased, gone.ID)
	}
	if left, ok := e.(event.GeschichteVerlassen); ok && left.Counts(r.Origin) {
		had, err := in.w.abandon(left)
		if err != nil {
			return err
		}
		in.stale, in.parted = in.stale || had, true
	}
	if err := in.count(r, e, aside); err != nil {
		return err
	}
	if aside != "" {
		in.res.Aside++
		note = string(aside)
	}
	if note == "" {
		return nil
	}
	return in.w.setAside(position{in.id, int64(r.Seq)}, note)
}

// binds reports whether the record takes its key on this node: it is of an earlier life of
// this database, and no record has the key.
func (in *incoming) binds(r *journal.Record) (bool, error) {
	if !in.earlier {
		return false, nil
	}
	n, err := in.w.int("SELECT count(*) FROM record WHERE key = ? AND own = 1", r.Key)
	return n == 0, doing("look up key", err)
}

// judge finds out whether the act was done on another machine, too: then the earlier one
// counts, everywhere. The same key for different things is noted, and both count.
func (in *incoming) judge(r *journal.Record) (aside journal.Aside, note string, err error) {
	key, i, _ := journal.SplitKey(r.Key)
	if i > 0 {
		return in.likeFirst(int64(r.Seq)-int64(i), key)
	}
	list, err := in.w.positions(r.Key)
	for _, at := range list {
		old, err := in.w.actAt(key, at)
		if err != nil || len(old) == 0 {
			return "", "", errors.Join(err, fmt.Errorf("act %s is not where it was found", key))
		}
		switch {
		case old[0].InputHash != r.InputHash:
			note = conflict
		case old[0].Earlier(r):
			aside = journal.Repeated
		default:
			if err := in.retire(at, len(old)); err != nil {
				return "", "", err
			}
		}
	}
	return aside, note, err
}

// likeFirst treats a further record of an act like its first, which has that number.
func (in *incoming) likeFirst(first int64, key string) (aside journal.Aside, note string, err error) {
	n, err := in.w.int("SELECT count(*) FROM aside WHERE origin = ?1 AND seq = ?2 AND reason = ?3 AND "+
		"EXISTS (SELECT 1 FROM record WHERE origin = ?1 AND seq = ?2 AND key = ?4)",
		in.id, first, string(journal.Repeated), journal.RecordKey(key, 0))
	if n > 0 {
		aside = journal.Repeated
	}
	return aside, "", doing("look up act "+key, err)
}

// retire sets the records of an act aside that were applied until an earlier one came.
func (in *incoming) retire(at position, n int) error {
	for i := range n {
		if err := in.w.setAside(position{at.origin, at.seq + int64(i)}, string(journal.Repeated)); err != nil {
			return err
		}
	}
	in.stale = true
	return nil
}

// positions are where all records with the key stand. Two questions: there is an index for each.
func (c *conn) positions(key string) (list []position, err error) {
	err = c.query("SELECT origin, seq FROM record WHERE key = ?1 AND own = 1 UNION ALL "+
		"SELECT origin, seq FROM record WHERE key = ?1 AND own = 0",
		func(st *sqlite3.Stmt) (bool, error) {
			list = append(list, position{st.ColumnInt64(0), st.ColumnInt64(1)})
			return true, nil
		}, key)
	return list, doing("look up key", err)
}

func (c *conn) setAside(at position, reason string) error {
	return doing("set record aside", c.exec(
		"INSERT INTO aside VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason", at.origin, at.seq, reason))
}
