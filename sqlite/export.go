package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
)

// Zeile is one record as exported, one JSON object a line.
type Zeile struct {
	Node        string          `json:"node"`
	Incarnation string          `json:"incarnation"`
	Seq         uint64          `json:"seq"`
	Key         string          `json:"key"`
	InputHash   string          `json:"input_hash"`
	Type        string          `json:"type"`
	Lamport     uint64          `json:"lamport"`
	Wall        int64           `json:"wall"` // UTC nanoseconds, as hashed
	Time        string          `json:"time"` // the same for people, RFC 3339
	Zone        string          `json:"zone"`
	Actor       string          `json:"actor"`
	Payload     json.RawMessage `json:"payload"`                  // exactly the bytes that were hashed
	Bytes       []byte          `json:"payload_base64,omitempty"` // instead, if they are not JSON as written by us
	Prev        string          `json:"prev"`
	Hash        string          `json:"hash"`
}

// Export writes every record in order of arrival as JSON Lines and returns how many
// there were. Personal data stay sealed. The form is docs/betrieb/journal-export.md.
func (s *Store) Export(ctx context.Context, w io.Writer) (int64, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false) // the payload must stay as it was hashed
	n := int64(0)
	err := s.readers.with(ctx, func(c *conn) error {
		return c.query("SELECT "+columns+fromRecord+"ORDER BY r.pos", func(st *sqlite3.Stmt) (bool, error) {
			r, err := scanRecord(st)
			if err != nil {
				return false, damaged(err)
			}
			n++
			if err := enc.Encode(exported(r)); err != nil {
				return false, fmt.Errorf("write record %d: %w", r.Seq, err)
			}
			return true, nil
		})
	})
	if err != nil {
		return n, explain(err)
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("write export: %w", err)
	}
	return n, nil
}

func exported(r journal.Record) Zeile {
	z := Zeile{
		Node: r.Origin.Node, Incarnation: r.Origin.Incarnation, Seq: r.Seq, Key: r.Key, Type: r.Type, Lamport: r.Lamport,
		Wall: r.Wall, Time: time.Unix(0, r.Wall).UTC().Format(time.RFC3339Nano), Zone: r.Zone, Actor: r.Actor,
		Payload: r.Payload, InputHash: hex.EncodeToString(r.InputHash[:]), Prev: hex.EncodeToString(r.Prev[:]),
		Hash: hex.EncodeToString(r.Hash[:]),
	}
	var compact bytes.Buffer
	if json.Compact(&compact, r.Payload) != nil || !bytes.Equal(compact.Bytes(), r.Payload) {
		z.Payload, z.Bytes = nil, r.Payload
	}
	return z
}
