// Package export is the form in which the journal leaves the program for people and auditors:
// docs/betrieb/journal-export.md.
package export

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"time"

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

// Of returns the record as exported.
func Of(r journal.Record) Zeile {
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
