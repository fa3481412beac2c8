package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/schema"
)

// errOther reports a record that is not the one that is damaged here.
var errOther = errors.New("record does not belong where the damaged one stands")

// Repair puts a damaged record back, as another machine has it whole: what it says is known by
// the hashes before and behind it. The read models are built anew, beside the sales if that is long.
func (s *Store) Repair(ctx context.Context, r journal.Record) error {
	if err := journal.Batch([]journal.Record{r}); err != nil {
		return err
	}
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	_, err := s.transact(func(w *conn) error {
		id, err := w.belongs(&r)
		if err != nil {
			return err
		}
		err = w.exec("DROP TRIGGER record_update")
		if err == nil {
			err = w.exec(replaceRecord, id, r.Seq, r.Key, r.InputHash[:], r.Type, r.Lamport, r.Wall, r.Zone, r.Actor,
				r.Payload, r.Prev[:], r.Hash[:])
		}
		if err == nil {
			err = w.exec(schema.NeverChange)
		}
		if err == nil {
			err = w.exec("DELETE FROM aside WHERE origin = ? AND seq = ? AND reason = 'unlesbar'", id, r.Seq)
		}
		if err != nil {
			return doing("put record back", err)
		}
		return s.anew(ctx, w)
	})
	s.afterWrite()
	s.ringAnew()
	return explain(err)
}

const replaceRecord = `UPDATE record SET key = ?3, input_hash = ?4, type = ?5, lamport = ?6, wall = ?7, zone = ?8,
	actor = ?9, payload = ?10, prev = ?11, hash = ?12 WHERE origin = ?1 AND seq = ?2`

// belongs makes sure that a record is the one that stood there: the one behind it, or the head
// of the log, names its hash.
func (c *conn) belongs(r *journal.Record) (id int64, err error) {
	var want journal.Hash
	found, err := c.one("SELECT o.id, ifnull(n.prev, o.hash) FROM origin o LEFT JOIN record n ON n.origin = o.id "+
		"AND n.seq = ?3 + 1 WHERE o.node = ?1 AND o.incarnation = ?2 AND ?3 <= o.seq", func(st *sqlite3.Stmt) {
		id = st.ColumnInt64(0)
		copy(want[:], st.ColumnRawBlob(1))
	}, r.Origin.Node, r.Origin.Incarnation, int64(r.Seq))
	if err == nil && (!found || want != r.Hash) {
		err = fmt.Errorf("%w: %s Nr. %d", errOther, r.Origin, r.Seq)
	}
	return id, doing("look for damaged record", err)
}
