// Package journal is the only truth of a pharmacy: an append-only, hash-chained log
// per origin. Everything else is derived from it and can be thrown away.
//
// A workflow proposes an Act; the Store decides it, writes its events and updates
// the projections in one transaction. The package declares ports only: package
// sqlite keeps the log on disk, journaltest holds the suite every store must pass.
package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
)

// Origin is one database of one node. A restored or copied database gets a new
// incarnation, so that two histories can never be taken for one.
type Origin struct {
	Node        string // "platz-1"
	Incarnation string // 16 hex digits, random
}

// String formats the origin as "platz-1/0123456789abcdef".
func (o Origin) String() string { return o.Node + "/" + o.Incarnation }

// Hash is a SHA-256 sum.
type Hash [sha256.Size]byte

// Record is one entry of the log, as stored. It is written once and never changed.
type Record struct {
	Origin    Origin
	Seq       uint64 // from 1, gapless per origin
	Key       string // idempotency key of the act and the place of the event in it: "KEY/0"
	InputHash Hash   // of what the act was asked to do
	Type      string // "verkauf.abgeschlossen.v1"
	Lamport   uint64 // greater than that of every record seen before
	Wall      int64  // UTC nanoseconds: data, never order
	Zone      string // "Europe/Berlin"
	Actor     string // who did it
	Payload   []byte // canonical bytes exactly as hashed; never re-encoded
	Prev      Hash   // hash of the record before; zero for the first
	Hash      Hash
}

// Sum computes the hash of the record from everything but Hash itself. Each field
// goes in with its length, so that no two records share one encoding.
func (r *Record) Sum() Hash {
	h := sha256.New()
	var n [8]byte
	number := func(v uint64) {
		binary.BigEndian.PutUint64(n[:], v)
		h.Write(n[:])
	}
	field := func(b []byte) {
		number(uint64(len(b)))
		h.Write(b)
	}
	for _, s := range []string{r.Origin.Node, r.Origin.Incarnation, r.Key, r.Type, r.Zone, r.Actor} {
		field([]byte(s))
	}
	number(r.Seq)
	number(r.Lamport)
	number(uint64(r.Wall))
	h.Write(r.InputHash[:])
	field(r.Payload)
	h.Write(r.Prev[:])
	return Hash(h.Sum(nil))
}

// Event is a typed payload of a record. Its type name is for ever.
type Event interface{ EventType() string }

// Encode returns the canonical bytes of an event: JSON with the fields in the order
// of the struct.
func Encode(e Event) ([]byte, error) {
	return json.Marshal(e) //nolint:wrapcheck // callers name the event
}
