package event

import (
	"encoding/hex"
	"time"

	"github.com/offizin/offizin/journal"
)

// GeschichteVerlassen says that of two histories under the name of one origin this one was left
// by the machine whose name it is: it goes on under a new name, with the same records. It is the
// first record under that. Whoever holds the history that was left lets go of it, and gets the
// other.
type GeschichteVerlassen struct {
	Platz       string `json:"platz"`
	Inkarnation string `json:"inkarnation"`
	Ab          uint64 `json:"ab"`   // number of the first record that differs
	Hash        []byte `json:"hash"` // of that record, as it was left
}

// EventType implements journal.Event.
func (GeschichteVerlassen) EventType() string { return "geschichte.verlassen.v1" }

// Counts reports whether it counts in the log of an origin: only a machine itself leaves
// its history, under a new name. Nobody else can take its records away.
func (e GeschichteVerlassen) Counts(o journal.Origin) bool {
	return len(e.Hash) == len(journal.Hash{}) && e.Platz == o.Node && e.Inkarnation != o.Incarnation
}

// Leave is what a store says of its history that begins with a record, when it goes on under a
// new name. A machine that is put back twice may leave one history twice, each time by an act of
// its own.
func Leave(first journal.Record, next journal.Origin, now time.Time) (GeschichteVerlassen, journal.Act) {
	return GeschichteVerlassen{first.Origin.Node, first.Origin.Incarnation, first.Seq, first.Hash[:]},
		journal.Act{Key: "verlassen-" + first.Origin.Incarnation + "-" + next.Incarnation, Actor: "offizin", Wall: now}
}

// Adopt makes the records of a history the next of a chain, behind the record that says that it was left.
func Adopt(c *journal.Chain, list []journal.Record, now time.Time) ([]journal.Record, error) {
	e, act := Leave(list[0], c.Origin, now)
	act.Key += "-" + hex.EncodeToString(e.Hash[:4]) // one life may adopt several
	own, err := c.Extend(act, journal.Hash{}, []journal.Event{e})
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		own = append(own, c.Readmit(r))
	}
	return own, nil
}
