package ahead

import "github.com/offizin/offizin/journal"

// The limits of one transaction.
const (
	Limit = 8_000 // records after which no more batches are asked for
	Piece = 100   // records that are taken in before somebody who waits is let in
)

// Batches are what one transaction takes in: a batch, and more of them as they are ready. They
// stay until it has ended, because it may be run twice. They belong to one goroutine.
type Batches struct {
	lists [][]journal.Record
	more  func() []journal.Record
}

// NewBatches begins with a batch; more returns the next one, nil if none is ready. If more is nil
// the batch is taken in as a whole, whoever waits.
func NewBatches(list []journal.Record, more func() []journal.Record) *Batches {
	return &Batches{[][]journal.Record{list}, more}
}

// Ends reports whether taking in may end before the i-th record of a batch: acts stay whole.
func (b *Batches) Ends(list []journal.Record, i int) bool {
	if b.more == nil || i < Piece {
		return false
	}
	_, part, _ := journal.SplitKey(list[i].Key)
	return part == 0
}

// Origin is whose records they are.
func (b *Batches) Origin() journal.Origin { return b.lists[0][0].Origin }

// Long reports whether there is enough to come that it pays to do more than one thing at once.
func (b *Batches) Long() bool { return b.more != nil && len(b.lists[0]) > Piece }

// Many reports whether there was more than one batch.
func (b *Batches) Many() bool { return len(b.lists) > 1 }

// First is the first batch alone.
func (b *Batches) First() *Batches { return NewBatches(b.lists[0], nil) }

// Each calls f for each batch, with its events, until it returns false, none is ready, enough were
// taken, or one is not well made.
func (b *Batches) Each(f func([]journal.Record, *Events) (bool, error)) error {
	for i, n := 0, 0; ; i++ {
		if i == len(b.lists) && (n >= Limit || !b.grow()) {
			return nil
		}
		list := b.lists[i]
		n += len(list)
		if more, err := f(list, Decode(list)); err != nil || !more {
			return err
		}
	}
}

// grow asks for one more batch.
func (b *Batches) grow() bool {
	if b.more == nil {
		return false
	}
	list := b.more()
	if list == nil || journal.Batch(list) != nil || list[0].Origin != b.Origin() { // it comes again, alone
		return false
	}
	b.lists = append(b.lists, list)
	return true
}
