package sqlite

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/satz"
	"github.com/offizin/offizin/sqlite/schema"
)

// Reincarnate implements journal.Store.
func (s *Store) Reincarnate(ctx context.Context, from uint64) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	end := journal.Chain{Origin: journal.Origin{Node: s.Self().Node, Incarnation: schema.NewIncarnation()}}
	s.reborn = end.Origin
	err := s.withBallast(func() error {
		_, err := s.transact(func(w *conn) error {
			next := end
			next.Lamport = s.end.Lamport
			return w.reincarnate(ctx, s, &next, max(from, 1))
		})
		s.doubt = true // the chain is another one, whatever the commit reported
		return err
	})
	if err == nil {
		s.self.Store(&end.Origin)
		s.bell.Ring()
	}
	s.afterWrite()
	s.ringAnew()
	return explain(err)
}

// moved is a record on its way into the new incarnation.
type moved struct {
	journal.Record
	own    bool
	reason string // why it is set aside
}

// reincarnate moves the own log from a record on to a new origin.
func (c *conn) reincarnate(ctx context.Context, s *Store, end *journal.Chain, from uint64) error {
	tail, err := c.tail(s.originID, from)
	if err != nil {
		return err
	}
	if err := c.cut(s.originID, from); err != nil {
		return err
	}
	if err := c.exec("INSERT INTO origin (node, incarnation, self, seq, hash, lamport) VALUES (?, ?, 1, 0, ?, 0)",
		end.Origin.Node, end.Origin.Incarnation, make([]byte, len(journal.Hash{}))); err != nil {
		return doing("note origin", err)
	}
	id := c.LastInsertRowID()
	if err := c.leave(s, id, end, tail); err != nil {
		return err
	}
	for _, m := range tail {
		r := end.Readmit(m.Record)
		if err := c.insert(id, &r, m.own); err != nil {
			return doing("store record "+r.Key, err)
		}
		if m.reason == "" {
			continue
		}
		if err := c.setAside(position{id, int64(r.Seq)}, m.reason); err != nil {
			return err
		}
	}
	err = c.exec("UPDATE origin SET seq = ?, hash = ?, lamport = ? WHERE id = ?", end.Seq, end.Hash[:], end.Lamport, id)
	if err != nil || len(tail) == 0 {
		return doing("move head", err)
	}
	return s.anew(ctx, c) // rows name the origin
}

// leave says, as the first record of the new origin, which history was left.
func (c *conn) leave(s *Store, id int64, end *journal.Chain, tail []moved) error {
	if len(tail) == 0 {
		return nil
	}
	e, act := event.Leave(tail[0].Record, end.Origin, s.opt.Clock.Now())
	list, err := end.Extend(act, journal.Hash{}, []journal.Event{e})
	if err != nil {
		return err
	}
	if err := c.insert(id, &list[0], true); err != nil {
		return doing("store record "+list[0].Key, err)
	}
	_, err = c.abandon(e)
	return err
}

// abandon lets go of a history that its own machine has left, and never takes it again. It
// reports whether there was any of it. The one that is written here is not cut away beneath the
// till: this machine was put back to before it left it, finds out when nobody takes it, and moves on.
func (c *conn) abandon(e event.GeschichteVerlassen) (bool, error) {
	err := c.exec("INSERT OR IGNORE INTO verlassen VALUES (?, ?, ?, ?)", e.Platz, e.Inkarnation, int64(e.Ab), e.Hash)
	if err != nil {
		return false, doing("note history that was left", err)
	}
	id, err := c.int("SELECT ifnull(max(o.id), 0) FROM origin o JOIN record r ON r.origin = o.id AND r.seq = ?3 AND "+
		"r.hash = ?4 WHERE o.node = ?1 AND o.incarnation = ?2 AND o.self = 0", e.Platz, e.Inkarnation, int64(e.Ab), e.Hash)
	if err != nil || id == 0 {
		return false, doing("look for history that was left", err)
	}
	return true, c.cut(id, e.Ab)
}

// left reports a record that begins a history that its own machine has left as a fork.
func (c *conn) left(r *journal.Record) error {
	n, err := c.int("SELECT count(*) FROM verlassen WHERE node = ? AND incarnation = ? AND seq = ? AND hash = ?",
		r.Origin.Node, r.Origin.Incarnation, int64(r.Seq), r.Hash[:])
	if n > 0 {
		return journal.Forked(journal.Fork{Origin: r.Origin, Seq: r.Seq})
	}
	return doing("look for history that was left", err)
}

// tail reads the end of a log.
func (c *conn) tail(id int64, from uint64) (list []moved, err error) {
	err = c.query("SELECT "+satz.Columns+", r.own, ifnull(a.reason, '')"+satz.From+
		"LEFT JOIN aside a ON a.origin = r.origin AND a.seq = r.seq WHERE r.origin = ? AND r.seq >= ? ORDER BY r.seq",
		func(st *sqlite3.Stmt) (bool, error) {
			r, err := satz.Scan(st)
			if err != nil {
				return false, damaged(err)
			}
			list = append(list, moved{r, st.ColumnBool(13), st.ColumnText(14)})
			return true, nil
		}, id, from)
	return list, doing("read end of log", err)
}

// cut ends a log before a record and keeps what stood behind for the auditor.
func (c *conn) cut(id int64, from uint64) error {
	for _, sql := range []string{
		"INSERT INTO fork SELECT origin, seq, key, input_hash, type, lamport, wall, zone, actor, payload, prev, hash " +
			"FROM record WHERE origin = ?1 AND seq >= ?2",
		"DELETE FROM aside WHERE origin = ?1 AND seq >= ?2",
		"DROP TRIGGER record_delete",
		"DELETE FROM record WHERE origin = ?1 AND seq >= ?2",
		schema.NeverGo,
		"UPDATE origin SET self = 0, seq = min(seq, ?2 - 1), hash = ifnull((SELECT hash FROM record WHERE origin = ?1 " +
			"ORDER BY seq DESC LIMIT 1), zeroblob(32)) WHERE id = ?1",
	} {
		var args []any
		if sql != schema.NeverGo && sql != "DROP TRIGGER record_delete" {
			args = []any{id, from}
		}
		if err := c.exec(sql, args...); err != nil {
			return doing("end log", err)
		}
	}
	return nil
}
