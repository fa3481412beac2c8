package shipping

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/export"
)

// Version is the form of what is sent. A peer one version apart is understood.
const Version = 1

// The limits of what a peer may send, whoever it claims to be.
const (
	maxBody    = 32 << 20 // bytes of a batch
	maxOffer   = 1 << 20  // bytes of a list of heads
	maxHeads   = 10_000
	batchSize  = 500     // records, and
	batchBytes = 2 << 20 // bytes of payload after which a batch ends, with a whole act
)

// head is a journal.Head as sent.
type head struct {
	Node        string `json:"node"`
	Incarnation string `json:"incarnation"`
	Seq         uint64 `json:"seq"`
	Hash        string `json:"hash"`
}

func wireHead(h journal.Head) head {
	return head{h.Origin.Node, h.Origin.Incarnation, h.Seq, hex.EncodeToString(h.Hash[:])}
}

func (h head) head() (journal.Head, error) {
	sum, err := export.ParseHash(h.Hash)
	return journal.Head{Origin: journal.Origin{Node: h.Node, Incarnation: h.Incarnation}, Seq: h.Seq, Hash: sum}, err
}

// offer is what a machine says of itself.
type offer struct {
	Version int    `json:"version"`
	Heads   []head `json:"heads"` // own origin first
}

func newOffer(list []journal.Head) offer {
	o := offer{Version: Version}
	for _, h := range list {
		o.Heads = append(o.Heads, wireHead(h))
	}
	return o
}

// Understood says whether this machine can talk to one of a version: M-101 if not.
func Understood(version int) error {
	if version >= Version-1 && version <= Version+1 {
		return nil
	}
	return fault.New(fault.Conflict, "M-101", fmt.Sprintf("Der andere Rechner hat eine Version, die sich mit "+
		"dieser nicht versteht (%d und %d); bitte beide auf denselben Stand bringen.", version, Version), nil)
}

// heads reads an offer that came from elsewhere.
func (o offer) heads() ([]journal.Head, error) {
	if err := Understood(o.Version); err != nil {
		return nil, err
	}
	if len(o.Heads) == 0 || len(o.Heads) > maxHeads {
		return nil, malformed(fmt.Errorf("%d heads", len(o.Heads)))
	}
	var list []journal.Head
	for _, w := range o.Heads {
		h, err := w.head()
		if err == nil && h.Seq > 0 && h.Hash == (journal.Hash{}) { // the hash of a record that is nowhere
			err = fmt.Errorf("head %d of %s without a hash", h.Seq, h.Origin)
		}
		if err != nil {
			return nil, malformed(err)
		}
		list = append(list, h)
	}
	return list, nil
}

func malformed(cause error) error {
	return fault.New(fault.Corrupt, "M-102",
		"Der andere Rechner hat etwas geschickt, das sich nicht lesen lässt; es wird noch einmal versucht.", cause)
}

// writeBatch sends records as they are exported, one JSON object a line.
func writeBatch(w io.Writer, list []journal.Record) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for i := range list {
		var err error
		if line, err = export.Append(line[:0], &list[i]); err == nil {
			_, err = out.Write(line)
		}
		if err != nil {
			return fmt.Errorf("send record %d: %w", list[i].Seq, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("send records: %w", err)
	}
	return nil
}

// readBatch reads records; what it returns is well made and in order.
func readBatch(r io.Reader) ([]journal.Record, error) {
	in := bufio.NewReaderSize(io.LimitReader(r, maxBody), 1<<16)
	var list []journal.Record
	for {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, malformed(err)
		}
		rec, ok := export.Parse(line)
		if !ok { // the end, or JSON in another form
			list, err = readOthers(list, io.MultiReader(bytes.NewReader(line), in))
			if err != nil || len(list) == 0 {
				return nil, err
			}
			return list, journal.Batch(list)
		}
		if len(list) == journal.MaxBatch {
			return nil, tooMany()
		}
		list = append(list, rec)
	}
}

// readOthers reads records in whatever way they are laid out.
func readOthers(list []journal.Record, r io.Reader) ([]journal.Record, error) {
	dec := json.NewDecoder(r)
	for {
		var z export.Zeile
		switch err := dec.Decode(&z); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, malformed(err)
		case len(list) == journal.MaxBatch:
			return nil, tooMany()
		}
		rec, err := z.Record()
		if err != nil {
			return nil, malformed(err)
		}
		list = append(list, rec)
	}
}

func tooMany() error { return malformed(fmt.Errorf("more than %d records", journal.MaxBatch)) }
