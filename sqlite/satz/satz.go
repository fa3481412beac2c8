// Package satz reads records and hashes from the rows of statements, and binds the values of
// statements.
package satz

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
)

// Columns are those of a record, in the order in which Scan reads them.
const Columns = `o.node, o.incarnation, r.seq, r.key, r.input_hash, r.type, r.lamport, r.wall, r.zone, r.actor,
	r.payload, r.prev, r.hash`

// From is where Columns come from.
const From = " FROM record r JOIN origin o ON o.id = r.origin "

// errShape reports a stored record whose hashes have the wrong length.
var errShape = errors.New("record has a malformed hash")

// Scan reads a record. With an error, which says that a hash is malformed, the rest is read.
func Scan(st *sqlite3.Stmt) (journal.Record, error) {
	r := journal.Record{
		Origin: journal.Origin{Node: st.ColumnText(0), Incarnation: st.ColumnText(1)},
		Seq:    uint64(st.ColumnInt64(2)), Key: st.ColumnText(3), Type: st.ColumnText(5),
		Lamport: uint64(st.ColumnInt64(6)), Wall: st.ColumnInt64(7), Zone: st.ColumnText(8),
		Actor: st.ColumnText(9), Payload: st.ColumnBlob(10, nil),
	}
	err := errors.Join(Hash(st, 4, &r.InputHash), Hash(st, 11, &r.Prev), Hash(st, 12, &r.Hash))
	return r, err
}

// Hash reads the hash in a column.
func Hash(st *sqlite3.Stmt, column int, h *journal.Hash) error {
	if copy(h[:], st.ColumnRawBlob(column)) != len(h) || st.ColumnType(column) != sqlite3.BLOB {
		return errShape
	}
	return nil
}

// Bind binds the values of a statement, in order.
func Bind(st *sqlite3.Stmt, args []any) error {
	for i, a := range args {
		var err error
		switch a := a.(type) {
		case string:
			err = st.BindText(i+1, a)
		case []byte:
			if a == nil {
				a = []byte{}
			}
			err = st.BindBlob(i+1, a)
		case int:
			err = st.BindInt(i+1, a)
		case int64:
			err = st.BindInt64(i+1, a)
		case uint64:
			err = st.BindInt64(i+1, int64(a))
		case bool:
			err = st.BindBool(i+1, a)
		default:
			panic(fmt.Sprintf("satz: cannot bind %T", a))
		}
		if err != nil {
			return err //nolint:wrapcheck // the caller says what it was doing
		}
	}
	return nil
}
