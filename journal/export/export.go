// Package export is the form in which records leave the program, for auditors and for the other
// machines of the pharmacy: docs/betrieb/journal-export.md.
package export

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// NewEncoder returns an encoder that leaves payloads as they were hashed.
func NewEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
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

// Record returns the record that was exported. Whether it is authentic is not asked; an error
// says which hash has the wrong form.
func (z Zeile) Record() (journal.Record, error) {
	r := journal.Record{
		Origin: journal.Origin{Node: z.Node, Incarnation: z.Incarnation}, Seq: z.Seq, Key: z.Key, Type: z.Type,
		Lamport: z.Lamport, Wall: z.Wall, Zone: z.Zone, Actor: z.Actor, Payload: z.Payload,
	}
	if z.Bytes != nil {
		r.Payload = z.Bytes
	}
	var errs [3]error
	r.InputHash, errs[0] = ParseHash(z.InputHash)
	r.Prev, errs[1] = ParseHash(z.Prev)
	r.Hash, errs[2] = ParseHash(z.Hash)
	return r, errors.Join(errs[:]...)
}

// ParseHash reads 64 hex digits.
func ParseHash(s string) (h journal.Hash, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("hash of %d digits", len(s))
	}
	return journal.Hash(b), nil
}
