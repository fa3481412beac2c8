package sqlite

import (
	"errors"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/satz"
)

// errNoOrigin reports a database that does not know which log it appends to.
var errNoOrigin = errors.New("own origin is missing or malformed")

// insert stores a record; own: it binds its key on this node.
func (c *conn) insert(origin int64, r *journal.Record, own bool) error {
	return c.exec(`INSERT INTO record
		(origin, seq, key, own, input_hash, type, lamport, wall, zone, actor, payload, prev, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		origin, r.Seq, r.Key, own, r.InputHash[:], r.Type, r.Lamport, r.Wall, r.Zone, r.Actor, r.Payload, r.Prev[:],
		r.Hash[:])
}

// act returns the records that the act of this key wrote, or none: on this node, or on
// another one whose records have come.
func (c *conn) act(key string) ([]journal.Record, error) {
	at, found, err := c.firstOf(key)
	if err != nil || !found {
		return nil, err
	}
	return c.actAt(key, at)
}

// position is where a record stands.
type position struct{ origin, seq int64 }

// firstOf finds the first record of the act: the own one, else the one that counts.
func (c *conn) firstOf(key string) (at position, found bool, err error) {
	read := func(st *sqlite3.Stmt) { at = position{st.ColumnInt64(0), st.ColumnInt64(1)} }
	first := journal.RecordKey(key, 0)
	found, err = c.one("SELECT origin, seq FROM record WHERE key = ? AND own = 1", read, first)
	if err == nil && !found {
		found, err = c.one("SELECT r.origin, r.seq FROM record r LEFT JOIN aside a ON a.origin = r.origin AND a.seq = r.seq "+
			"WHERE r.key = ? AND r.own = 0 ORDER BY a.origin IS NOT NULL, r.pos LIMIT 1", read, first)
	}
	return at, found, doing("look up act "+key, err)
}

// actAt returns the records of an act whose first one stands there.
func (c *conn) actAt(key string, at position) ([]journal.Record, error) {
	var list []journal.Record
	err := c.query("SELECT "+satz.Columns+satz.From+"WHERE r.origin = ? AND r.seq >= ? ORDER BY r.seq",
		func(st *sqlite3.Stmt) (bool, error) {
			if st.ColumnText(3) != journal.RecordKey(key, len(list)) {
				return false, nil
			}
			r, err := satz.Scan(st)
			if err != nil {
				return false, damaged(err)
			}
			list = append(list, r)
			return true, nil
		}, at.origin, at.seq)
	return list, doing("read act "+key, err)
}

// chain reads where the own origin's log ends, its id here and the highest counter.
func (c *conn) chain() (journal.Chain, int64, error) {
	var end journal.Chain
	var id int64
	var malformed error
	found, err := c.one("SELECT id, node, incarnation, seq, hash, "+
		"(SELECT max(lamport) FROM origin) FROM origin WHERE self = 1",
		func(st *sqlite3.Stmt) {
			id = st.ColumnInt64(0)
			end.Origin = journal.Origin{Node: st.ColumnText(1), Incarnation: st.ColumnText(2)}
			end.Seq, end.Lamport = uint64(st.ColumnInt64(3)), uint64(st.ColumnInt64(5))
			malformed = satz.Hash(st, 4, &end.Hash)
		})
	if err != nil {
		return end, 0, doing("read head", err)
	}
	if !found || malformed != nil {
		return end, 0, damaged(errors.Join(errNoOrigin, malformed))
	}
	return end, id, nil
}
