package journal

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// The limits of an act. They keep one broken caller from filling the log.
const (
	MaxKey     = 100     // bytes of an act's key
	MaxActor   = 100     // bytes
	MaxPerson  = 100     // bytes of a person's id
	MaxEvents  = 1000    // per act
	MaxPayload = 1 << 20 // bytes of one event
	MaxContent = 8 << 20 // bytes of all events of an act: it travels as a whole
	MaxRowKey  = 1000    // bytes of a row's key
)

// Zone is the civil time zone every record names.
const Zone = "Europe/Berlin"

// Check says whether the act may be appended and returns the hash of its input.
// What is wrong comes back as a fault: J-102 for key and actor, J-104 for the input.
func (a Act) Check() (Hash, error) {
	if !printable(a.Key, MaxKey) {
		return Hash{}, fault.New(fault.Invalid, "J-102",
			"Der Schlüssel des Vorgangs fehlt oder ist unzulässig; bitte die Seite neu laden und noch einmal versuchen.", nil)
	}
	if !printable(a.Actor, MaxActor) {
		return Hash{}, fault.New(fault.Invalid, "J-103",
			"Es ist nicht bekannt, wer das tut; bitte zuerst das eigene Kürzel wählen.", nil)
	}
	input, err := json.Marshal(a.Input)
	if err != nil {
		return Hash{}, fmt.Errorf("encode input of act %s: %w", a.Key, err)
	}
	return Hash(sha256.Sum256(input)), nil
}

// printable reports whether s has 1 to limit bytes and no control characters.
func printable(s string, limit int) bool {
	return s != "" && len(s) <= limit &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' })
}

// CheckPerson says whether an id can name a person; the fault is J-105.
func CheckPerson(id string) error {
	if printable(id, MaxPerson) {
		return nil
	}
	return fault.New(fault.Invalid, "J-105",
		"Die Kennung der Person ist unzulässig; bitte die Person neu auswählen.", nil)
}

// KeyReused is the fault for a key that was used for another input: J-101.
func KeyReused() error {
	return fault.New(fault.Conflict, "J-101",
		"Dieser Vorgang ist schon mit anderen Angaben gebucht; bitte die Seite neu laden und das Gebuchte prüfen.",
		ErrKeyReused)
}

// Closed is the fault for the use of a store after its Close: J-206.
func Closed() error {
	return fault.New(fault.Unavailable, "J-206",
		"Das Programm wird gerade beendet; bitte nach dem Neustart wiederholen.", ErrClosed)
}

// RecordKey is the key of the i-th record of an act.
func RecordKey(act string, i int) string { return act + "/" + strconv.Itoa(i) }

// SplitKey takes the key of a record apart; false if it is none.
func SplitKey(key string) (act string, i int, ok bool) {
	at := strings.LastIndexByte(key, '/')
	if at < 1 {
		return "", 0, false
	}
	i, err := strconv.Atoi(key[at+1:])
	return key[:at], i, err == nil && i >= 0 && strconv.Itoa(i) == key[at+1:]
}

// Chain is the end of an origin's log: where its next record goes.
type Chain struct {
	Origin  Origin
	Seq     uint64 // of the last record
	Hash    Hash   // of the last record
	Lamport uint64 // highest of all records of all origins
}

// Extend makes the records of an act and moves the chain on. An act without
// events, with too many or too large ones is a fault (J-104) or an error; the
// chain is then of no use any more.
func (c *Chain) Extend(a Act, input Hash, events []Event) ([]Record, error) {
	if len(events) == 0 {
		return nil, fmt.Errorf("act %s decided no events", a.Key)
	}
	if len(events) > MaxEvents {
		return nil, tooLarge()
	}
	records, size := make([]Record, 0, len(events)), 0
	for i, e := range events {
		r, err := c.next(a, input, i, e)
		if err != nil {
			return nil, err
		}
		if size += len(r.Payload); size > MaxContent {
			return nil, tooLarge()
		}
		records = append(records, r)
	}
	return records, nil
}

func (c *Chain) next(a Act, input Hash, i int, e Event) (Record, error) {
	payload, err := Encode(e)
	if err != nil {
		return Record{}, fmt.Errorf("encode %s: %w", e.EventType(), err)
	}
	if len(payload) > MaxPayload {
		return Record{}, tooLarge()
	}
	r := Record{
		Origin: c.Origin, Seq: c.Seq + 1, Key: RecordKey(a.Key, i), InputHash: input, Type: e.EventType(),
		Lamport: c.Lamport + 1, Wall: a.Wall.UnixNano(), Zone: Zone, Actor: a.Actor, Payload: payload, Prev: c.Hash,
	}
	r.Hash = r.Sum()
	c.Seq, c.Hash, c.Lamport = r.Seq, r.Hash, r.Lamport
	return r, nil
}

// Readmit makes a record of another origin's log the next of this one: what it says stays.
func (c *Chain) Readmit(r Record) Record {
	r.Origin, r.Seq, r.Prev = c.Origin, c.Seq+1, c.Hash
	r.Hash = r.Sum()
	c.Seq, c.Hash, c.Lamport = r.Seq, r.Hash, max(c.Lamport, r.Lamport)
	return r
}

func tooLarge() error {
	return fault.New(fault.Invalid, "J-104",
		"Der Vorgang ist zu groß, um gebucht zu werden; bitte in mehrere kleinere teilen.", nil)
}

// At returns the act with its time, which is now if the act names none.
func (a Act) At(now time.Time) Act {
	if a.Wall.IsZero() {
		a.Wall = now
	}
	return a
}
