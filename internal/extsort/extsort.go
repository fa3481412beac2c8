// Package extsort sorts more records than memory holds: what is too much lies in temporary files
// on the way, sorted, and is merged at the end.
package extsort

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/offizin/offizin/internal/platte"
)

// Anfang is how the names of the temporary files begin.
const Anfang = "offizin-sortieren-"

// block is how many bytes are asked for at once.
const block = 1 << 20

// Sorter collects records and gives them in the order of their bytes.
type Sorter struct {
	dir    string
	most   int
	blocks [][]byte
	free   [][]byte // blocks that hold nothing
	list   []ort
	runs   []*os.File
}

// ort is where a record lies.
type ort struct{ block, von, bis uint32 }

// New returns a sorter that keeps at most so many bytes in memory, index included, and writes the
// rest into files in a folder, "" for that of the system.
func New(dir string, most int) *Sorter { return &Sorter{dir: dir, most: max(most, 2*block)} }

// Add takes a record; it is copied. The error is that of a file on the way.
func (s *Sorter) Add(rec []byte) error {
	if len(rec) > math.MaxUint32/2 {
		return fmt.Errorf("record of %d bytes is too long to be sorted", len(rec))
	}
	last := len(s.blocks) - 1
	fits := last >= 0 && cap(s.blocks[last])-len(s.blocks[last]) >= len(rec)
	if need := len(s.blocks)*block + len(s.list)*12; len(s.list) > 0 && (need > s.most || !fits && need+block > s.most) {
		if err := s.spill(); err != nil {
			return err
		}
		last, fits = 0, cap(s.blocks[0]) >= len(rec)
	}
	if !fits {
		s.blocks = append(s.blocks, s.take(len(rec)))
		last++
	}
	b := &s.blocks[last]
	from := len(*b)
	*b = append(*b, rec...)
	s.list = append(s.list, ort{uint32(last), uint32(from), uint32(len(*b))})
	return nil
}

// take is an empty block for a record of a length.
func (s *Sorter) take(n int) []byte {
	if last := len(s.free) - 1; last >= 0 && cap(s.free[last]) >= n {
		b := s.free[last]
		s.free = s.free[:last]
		return b
	}
	return make([]byte, 0, max(block, n))
}

func (s *Sorter) at(o ort) []byte { return s.blocks[o.block][o.von:o.bis] }

func (s *Sorter) sort() {
	slices.SortFunc(s.list, func(a, b ort) int { return bytes.Compare(s.at(a), s.at(b)) })
}

// spill writes what is in memory into a file of its own.
func (s *Sorter) spill() error {
	s.sort()
	f, err := platte.Zwischendatei(s.dir, Anfang)
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	s.runs = append(s.runs, f)
	w := bufio.NewWriterSize(f, 1<<16)
	var n [binary.MaxVarintLen64]byte
	for _, o := range s.list {
		rec := s.at(o)
		_, _ = w.Write(n[:binary.PutUvarint(n[:], uint64(len(rec)))]) // Flush says it
		_, _ = w.Write(rec)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort: write file on the way: %w", err)
	}
	for i := range s.blocks {
		s.blocks[i] = s.blocks[i][:0]
	}
	s.free = append(s.free, s.blocks[1:]...)
	s.blocks, s.list = s.blocks[:1], s.list[:0]
	return nil
}

// Each gives all records in order, those that are equal each. A record is valid until the next
// one is asked for. It is called once, after all have been added.
func (s *Sorter) Each(f func(rec []byte) error) error {
	s.sort()
	if len(s.runs) == 0 {
		for _, o := range s.list {
			if err := f(s.at(o)); err != nil {
				return err
			}
		}
		return nil
	}
	m := merge{&quelle{next: s.memory()}}
	for _, r := range s.runs {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("sort: read file on the way: %w", err)
		}
		m = append(m, &quelle{next: file(r)})
	}
	return m.each(f)
}

// memory gives what was not written.
func (s *Sorter) memory() func([]byte) ([]byte, error) {
	i := 0
	return func([]byte) ([]byte, error) {
		if i == len(s.list) {
			return nil, io.EOF
		}
		i++
		return s.at(s.list[i-1]), nil
	}
}

// file gives the records of a file.
func file(f io.Reader) func([]byte) ([]byte, error) {
	in := bufio.NewReaderSize(f, 1<<15)
	return func(buf []byte) ([]byte, error) {
		n, err := binary.ReadUvarint(in)
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil || n > math.MaxUint32 {
			return nil, fmt.Errorf("sort: read file on the way: %w", err)
		}
		buf = slices.Grow(buf[:0], int(n))[:n]
		if _, err := io.ReadFull(in, buf); err != nil {
			return nil, fmt.Errorf("sort: read file on the way: %w", err)
		}
		return buf, nil
	}
}

// quelle is one of the sorted lists, with its first record.
type quelle struct {
	next func(buf []byte) ([]byte, error)
	rec  []byte
}

// merge is a heap of sorted lists.
type merge []*quelle

func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return bytes.Compare(m[i].rec, m[j].rec) < 0 }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }

// Push implements heap.Interface.
func (m *merge) Push(x any) { *m = append(*m, x.(*quelle)) } //nolint:forcetypeassert // ours

// Pop implements heap.Interface.
func (m *merge) Pop() any {
	n := len(*m) - 1
	x := (*m)[n]
	*m = (*m)[:n]
	return x
}

func (m *merge) each(f func([]byte) error) error {
	all := *m
	*m = nil
	for _, q := range all {
		rec, err := q.next(nil)
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			return err
		}
		q.rec = rec
		*m = append(*m, q)
	}
	heap.Init(m)
	for m.Len() > 0 {
		q := (*m)[0]
		if err := f(q.rec); err != nil {
			return err
		}
		rec, err := q.next(q.rec)
		switch {
		case errors.Is(err, io.EOF):
			heap.Pop(m)
		case err != nil:
			return err
		default:
			q.rec = rec
			heap.Fix(m, 0)
		}
	}
	return nil
}

// Close removes the files on the way.
func (s *Sorter) Close() (err error) {
	for _, f := range s.runs {
		err = errors.Join(err, platte.Discard(f))
	}
	s.runs, s.blocks, s.free, s.list = nil, nil, nil, nil
	return err
}
