package journal

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// The limits of what a neighbour may send. A Lamport counter beyond the limit would leave no
// room to count on.
const (
	MaxBatch   = 1000    // records of one batch
	MaxType    = 100     // bytes of an event type
	MaxLamport = 1 << 60 // highest counter that is believed
	maxNode    = 64      // bytes of the name of a node
)

// ErrGap reports a batch that begins behind the end of what is known of its origin.
var ErrGap = errors.New("records before these are missing")

// ErrFork reports two different histories under the name of one origin: a database that was
// copied, or put back to an older state.
var ErrFork = errors.New("origin has two histories")

// ErrForged reports a record that is not what its hash says, or not one that a store makes.
var ErrForged = errors.New("record is not authentic")

// Fork is where two histories of an origin part. Seq is the first record that differs.
type Fork struct {
	Origin Origin
	Seq    uint64
}

// Error names the place.
func (f *Fork) Error() string { return fmt.Sprintf("%s Nr. %d: %v", f.Origin, f.Seq, ErrFork) }

// Is makes a Fork an ErrFork.
func (f *Fork) Is(target error) bool { return target == ErrFork }

// Received is what came of a batch.
type Received struct {
	Head  Head // of the origin, durable
	New   int  // records that were not known before
	Aside int  // of these, records that are stored and not applied: see Aside
}

// Aside says why a stored record is not applied to the projections.
type Aside string

// The reasons. Unknown types are applied as soon as a program knows them.
const (
	Repeated   Aside = "doppelt"   // the same act was done on two machines; the earlier one counts
	Unknown    Aside = "unbekannt" // its type is not known to this version
	Unreadable Aside = "unlesbar"  // its payload is not what its type says, or no projection can take it
)

// Batch says whether records are well made and follow each other in the log of one origin:
// ErrForged with J-301 or ErrGap with J-302. It needs no store.
func Batch(list []Record) error {
	if len(list) == 0 || len(list) > MaxBatch {
		return forged(fmt.Errorf("%d records in a batch, 1 to %d are allowed", len(list), MaxBatch))
	}
	for i := range list {
		r := &list[i]
		if err := r.wellMade(); err != nil {
			return forged(fmt.Errorf("%s Nr. %d: %w", r.Origin, r.Seq, err))
		}
		if i == 0 {
			continue
		}
		if before := &list[i-1]; r.Origin != before.Origin || r.Seq != before.Seq+1 || r.Prev != before.Hash {
			return forged(fmt.Errorf("%s Nr. %d does not follow %s Nr. %d", r.Origin, r.Seq, before.Origin, before.Seq))
		}
	}
	return nil
}

// wellMade holds a record to what every store makes.
func (r *Record) wellMade() error {
	act, _, ok := SplitKey(r.Key)
	switch {
	case !printable(r.Origin.Node, maxNode) || strings.Contains(r.Origin.Node, "/") || !hex16(r.Origin.Incarnation):
		return errors.New("name of the origin")
	case r.Seq == 0 || (r.Seq == 1) != (r.Prev == Hash{}):
		return errors.New("number")
	case !ok || !printable(act, MaxKey):
		return errors.New("key")
	case !printable(r.Type, MaxType) || !printable(r.Zone, MaxType) || !printable(r.Actor, MaxActor):
		return errors.New("type, zone or actor")
	case r.Lamport == 0 || r.Lamport > MaxLamport:
		return errors.New("counter")
	case len(r.Payload) == 0 || len(r.Payload) > MaxPayload:
		return errors.New("size")
	case r.Sum() != r.Hash:
		return errors.New("hash")
	}
	return nil
}

// Orphans says whether records may be adopted by a machine: they are well made, follow each other, and were written
// under an earlier name of it. ErrForged with J-301 or ErrGap with J-302.
func Orphans(list []Record, self Origin) error {
	if len(list) == 0 || list[0].Origin.Node != self.Node || list[0].Origin == self {
		return forged(errors.New("not of an earlier life of this machine"))
	}
	for at := 0; ; at += MaxBatch - 1 { // the last one of each once more: the next stands behind it
		end := min(at+MaxBatch, len(list))
		if err := Batch(list[at:end]); err != nil || end == len(list) {
			return err
		}
	}
}

func hex16(s string) bool {
	return len(s) == 16 && strings.Trim(s, "0123456789abcdef") == ""
}

func forged(cause error) error {
	return fault.New(fault.Corrupt, "J-301",
		"Ein anderer Rechner hat beschädigte Daten geschickt; sie wurden nicht übernommen, er schickt sie noch einmal.",
		errors.Join(ErrForged, cause))
}

// Gap is the fault for a batch behind the known end of an origin: J-302.
func Gap(head Head, from uint64) error {
	return fault.New(fault.Conflict, "J-302", "Ein anderer Rechner hat Daten ohne die davor geschickt; "+
		"sie werden noch einmal von vorn geholt.",
		fmt.Errorf("%s ends at %d, the batch begins at %d: %w", head.Origin, head.Seq, from, ErrGap))
}

// Forked is the fault for an origin with two histories: J-303.
func Forked(f Fork) error {
	return fault.New(fault.Conflict, "J-303", "Von „"+f.Origin.Node+"“ gibt es zwei verschiedene Stände: "+
		"Die Daten wurden kopiert oder zurückgespielt; beide bleiben erhalten.", &f)
}

// Earlier reports whether of two records of the same act r is the one that counts, on every
// machine alike: the lower counter, then what it says, and the name of the origin only if that is the
// same: a machine may take its records along to a new name, and what counted must still count.
func (r *Record) Earlier(other *Record) bool {
	return cmp.Or(cmp.Compare(r.Lamport, other.Lamport), cmp.Compare(r.Wall, other.Wall),
		bytes.Compare(r.Payload, other.Payload), cmp.Compare(r.Origin.String(), other.Origin.String())) < 0
}
