package pruefung

import (
	"bytes"

	"github.com/offizin/offizin/journal"
)

// Rows walks both in order of their keys, side by side, so that years of rows need no more memory
// than a day of them. It returns errors of reading. Neither may be used by anybody else meanwhile.
func (b *Bericht) Rows(have, want journal.Rows, list []journal.Projection) error {
	for _, p := range list {
		if err := b.table(have, want, p.Name()); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bericht) table(have, want journal.Rows, table string) error {
	stored, folded := scan(have, table), scan(want, table)
	defer stored.stop()
	defer folded.stop()
	for {
		is, should := stored.row(), folded.row()
		switch {
		case stored.err != nil:
			return stored.err
		case folded.err != nil:
			return folded.err
		case is == nil && should == nil:
			return nil
		case should == nil || is != nil && is.key < should.key:
			b.Add("Zeile "+table+" "+is.key, "Die Zeile steht nicht im Journal; „offizin journal rebuild“ entfernt sie.")
			stored.next()
		case is == nil || should.key < is.key:
			b.Add("Zeile "+table+" "+should.key, "Die Zeile fehlt; „offizin journal rebuild“ stellt sie wieder her.")
			folded.next()
		default:
			if !bytes.Equal(is.value, should.value) {
				b.Add("Zeile "+table+" "+is.key, "Die Zeile weicht vom Journal ab; „offizin journal rebuild“ berichtigt sie.")
			}
			stored.next()
			folded.next()
		}
	}
}

// row is a row of a read model.
type row struct {
	key   string
	value []byte
}

// rowsAhead is how many rows are handed from one goroutine to the other at once.
const rowsAhead = 200

// stream is a scan in a goroutine of its own.
type stream struct {
	blocks chan []row
	halt   chan struct{}
	failed error // belongs to the goroutine until blocks is closed
	now    []row
	err    error // of the scan, when its rows have been seen
}

func scan(rows journal.Rows, table string) *stream {
	s := &stream{blocks: make(chan []row, 4), halt: make(chan struct{})}
	go func() {
		defer close(s.blocks)
		var block []row
		s.failed = rows.Scan(table, journal.Range{}, func(key string, value []byte) (bool, error) {
			if block = append(block, row{key, value}); len(block) < rowsAhead {
				return true, nil
			}
			more := s.hand(block)
			block = make([]row, 0, rowsAhead)
			return more, nil
		})
		s.hand(block)
	}()
	return s
}

func (s *stream) hand(block []row) bool {
	select {
	case s.blocks <- block:
		return true
	case <-s.halt:
		return false
	}
}

// row is the present row; nil: there is none any more, or an error.
func (s *stream) row() *row {
	for len(s.now) == 0 {
		block, more := <-s.blocks
		if !more {
			s.err = s.failed
			return nil
		}
		s.now = block
	}
	return &s.now[0]
}

func (s *stream) next() { s.now = s.now[1:] }

// stop ends the scan and waits for it: the rows belong to the caller again.
func (s *stream) stop() {
	close(s.halt)
	for range s.blocks { // nobody wants them
	}
}
