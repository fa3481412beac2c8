package journal

import (
	"context"
	"errors"
	"time"
)

// Rows are the rows of the projections as of one moment. A row is a value under a
// key in the table of one projection; keys order as bytes.
type Rows interface {
	// Get returns the value under the key, or nil if there is none.
	Get(table, key string) ([]byte, error)
	// Scan calls f for each row whose key is in [from, to) in order of keys, or in
	// reverse if r is set; to "" means no end. It stops when f returns false. The
	// value is f's to keep. f may read and delete, but must not add rows to the range.
	Scan(table string, r Range, f func(key string, value []byte) (more bool, err error)) error
}

// Range selects rows of a table.
type Range struct {
	From, To string
	Reverse  bool
}

// Prefix is the range of all keys that begin with p.
func Prefix(p string) Range {
	to := []byte(p)
	for i := len(to) - 1; i >= 0; i-- {
		if to[i] < 0xff {
			to[i]++
			return Range{From: p, To: string(to[:i+1])}
		}
	}
	return Range{From: p}
}

// Tx is the projections within the transaction that appends.
type Tx interface {
	Rows
	Put(table, key string, value []byte) error
	Delete(table, key string) error
}

// Holder is a Tx that can keep a row as a value until somebody wants its bytes: a row that changes
// with every record of a batch is then not decoded and encoded each time.
type Holder interface {
	Tx
	// Held returns the value of a row that is held as one; false if it has to be read.
	Held(table, key string) (v any, ok bool)
	// Hold is Put of what encode makes of the value. Nobody may alter v from then on, and encode
	// must not fail for it. v is not nil.
	Hold(table, key string, v any, encode func(any) ([]byte, error)) error
	// Keys is Scan for those who want no values.
	Keys(table string, r Range, f func(key string) (more bool, err error)) error
}

// Projection is a throw-away read model: a fold over records into rows. Its table
// has the name of the projection. If Schema changes, the rows are dropped and
// rebuilt from the journal.
type Projection interface {
	Name() string
	Schema() int
	// Apply folds one record in. It may rely on the order within an origin, never
	// across origins. A record it does not know it ignores.
	Apply(tx Tx, r Record, e Event) error
}

// Keeper is a projection that keeps something even of a record that counts no more, because
// its act was done on another machine as well: a number that was given out stays given out.
type Keeper interface {
	Projection
	Keep(tx Tx, r Record, e Event) error
}

// Keepers returns the projections of the list that are Keepers; to apply a record to them is
// to keep of it what stays.
func Keepers(list []Projection) (keepers []Projection) {
	for _, p := range list {
		if k, ok := p.(Keeper); ok {
			keepers = append(keepers, keeping{k})
		}
	}
	return keepers
}

type keeping struct{ Keeper }

// Apply implements Projection.
func (k keeping) Apply(tx Tx, r Record, e Event) error { return k.Keep(tx, r, e) }

// Act is one thing a person or a job does. It is decided and written in one
// transaction: all of its events or none.
type Act struct {
	Key   string // idempotency key, made by whoever starts the act; 1–100 bytes
	Input any    // what was asked, JSON-encoded and hashed: the same key with another input is refused
	Actor string
	Wall  time.Time // UTC
	// Decide reads the projections and returns the events, at least one; an error
	// (a fault or a verdict) ends the act with nothing written.
	Decide func(Rows) ([]Event, error)
}

// Result is what an act wrote, or what it wrote the first time if it is repeated.
type Result struct {
	Records  []Record
	Repeated bool
}

// ErrKeyReused reports an idempotency key that was used for another input.
var ErrKeyReused = errors.New("idempotency key was used for another act")

// ErrClosed reports the use of a store after its Close.
var ErrClosed = errors.New("journal is closed")

// ErrOver reports rows that are used after their view or act has ended.
var ErrOver = errors.New("rows used after the end of their view")

// Head is the state of one origin's log.
type Head struct {
	Origin Origin
	Seq    uint64
	Hash   Hash
}

// Store is a journal with its projections and the keys of personal data.
type Store interface {
	// Append decides and writes an act. When it returns without error the act is
	// durable: it survives the loss of power.
	Append(ctx context.Context, a Act) (Result, error)
	// Receive stores records of one origin that a neighbour sends, in their order, and applies
	// them; all of them or none. Known ones are passed over. A batch holds whole acts. When it
	// returns without error they are durable. Faults: J-301 (ErrForged), J-302 (ErrGap),
	// J-303 (ErrFork, with a *Fork), those of writing.
	Receive(ctx context.Context, list []Record) (Received, error)
	// Reincarnate goes on under a new origin, because others hold another history of the own
	// one: from the record number on, own records become the first of the new origin, with all
	// that they say. Numbers beyond the end are the end. It is durable when it returns.
	Reincarnate(ctx context.Context, from uint64) error
	// Adopt makes records of a history the next of the own log, with all that they say: one that was written
	// here under an earlier name, that is not here, and beside which others hold another one. It is left with
	// that, so that whoever holds it takes the other. Nothing happens if it was left before. All or nothing;
	// durable when it returns. Faults: J-301 (ErrForged), J-302 (ErrGap), those of writing.
	Adopt(ctx context.Context, list []Record) error
	// View calls f with the projections as of one moment, for reading only.
	View(ctx context.Context, f func(Rows) error) error
	// Records calls f for the records of an origin after seq, in order.
	Records(ctx context.Context, o Origin, after uint64, f func(Record) (more bool, err error)) error
	// Heads returns the head of every origin, own first.
	Heads(ctx context.Context) ([]Head, error)
	// Changed returns a channel that is closed when there are records that Heads did not count
	// before; see Bell.
	Changed() <-chan struct{}
	// Self is the origin this store appends to; Reincarnate changes it.
	Self() Origin
	Keys
}

// Taker is a store that can take in several batches at once, which costs less.
type Taker interface {
	Store
	// Take is Receive of a batch and of those that more returns one after the other, all of one
	// origin, until it returns nil, enough were taken, or somebody waits to write. More must not
	// wait. Some acts at the end may be left out: Head says up to where all is durable.
	Take(ctx context.Context, list []Record, more func() []Record) (Received, error)
}

// Keys seals and opens personal data. Each person has keys of their own; erasing
// them makes everything sealed with them unreadable for ever, while the chain stays
// whole. The records that hold a "person.geloescht.v1" event erase the keys in the
// same transaction.
//
// Two machines that know nothing of each other may make a key for the same person; after
// their exchange both have both. Erasure wins for ever, in whatever order things come.
type Keys interface {
	// Seal encrypts plaintext for the person, making the key at first use. It must
	// be called before Append, outside the transaction; a key without record is harmless.
	Seal(ctx context.Context, person string, plaintext []byte) (Sealed, error)
	// Open decrypts; ErrErased after erasure, and while the key has not come here.
	Open(ctx context.Context, s Sealed) ([]byte, error)
	// PersonKeys returns keys and erasures in the order in which they came here, at most limit
	// of them, after a place. They are secret: only machines of the pharmacy get them.
	PersonKeys(ctx context.Context, after uint64, limit int) ([]PersonKey, error)
	// AddPersonKeys takes in what PersonKeys of another machine returned; it is durable when
	// it returns. The places are of no account.
	AddPersonKeys(ctx context.Context, list []PersonKey) error
}

// PersonKey is a key of a person, or the erasure of all keys of the person.
type PersonKey struct {
	N      uint64 // place on the machine it comes from, from 1
	Person string
	Key    Secret // zero: erased
}

// Erased reports an erasure.
func (k PersonKey) Erased() bool { return k.Key == Secret{} }

// Secret is the bytes of a key. It formats as nothing.
type Secret [32]byte

// String hides the key, so that no log can hold it.
func (Secret) String() string { return "[Schlüssel]" }

// GoString hides the key.
func (Secret) GoString() string { return "[Schlüssel]" }

// Sealed is personal data as it stands in the journal.
type Sealed struct {
	Person string `json:"person"`
	Data   []byte `json:"data"` // nonce and XChaCha20-Poly1305 ciphertext
}

// ErrErased reports personal data whose key has been erased.
var ErrErased = errors.New("personal data has been erased")
