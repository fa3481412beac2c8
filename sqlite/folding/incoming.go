package folding

import (
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/overlay"
)

const (
	piece   = 64 // records, and rows, that change hands at once: fewer would cost more than to fold them
	waiting = 32 // pieces that may lie between the two at most
)

// View runs f with rows that stay as they are until it has ended.
type View func(f func(journal.Rows) error) error

// Incoming folds records of other machines into rows that are written by Flush. It belongs to one
// goroutine.
type Incoming struct {
	fold   fold
	jobs   chan []job // nil: nothing is done beside
	piece  []job
	out    chan []write
	done   chan error
	closed bool
}

// job is a record to be folded.
type job struct {
	record *journal.Record
	event  journal.Event
	list   []journal.Projection
	judged bool // whether it can be refused
}

// fold is what folds, in whichever goroutine.
type fold struct {
	rows    *overlay.Rows
	refused []uint64
	err     error
}

// Here folds within the calls.
func Here(base journal.Rows) *Incoming { return &Incoming{fold: fold{rows: overlay.New(base)}} }

// Beside folds beside what the caller does meanwhile, which must leave the rows alone until Flush.
// Every change that others commit before Flush has ended must be visible to base, too.
func Beside(base View) *Incoming {
	f := &Incoming{jobs: make(chan []job, waiting), out: make(chan []write, waiting), done: make(chan error, 1)}
	go func() {
		err := base(f.run)
		close(f.out)
		for range f.jobs { // if it has ended early nobody is held up
		}
		f.done <- err
	}()
	return f
}

// run folds what comes, then hands the rows over.
func (f *Incoming) run(base journal.Rows) error {
	f.fold.rows = overlay.New(base)
	for list := range f.jobs {
		if list == nil { // asked to flush
			to := &sender{out: f.out}
			defer to.pass()
			return f.fold.flush(to)
		}
		f.fold.all(list)
	}
	return f.fold.err
}

// Add folds a record into rows of projections. If it is judged and one of them cannot take it, it
// leaves no trace, and Flush tells.
func (f *Incoming) Add(list []journal.Projection, r *journal.Record, e journal.Event, judged bool) {
	f.piece = append(f.piece, job{r, e, list, judged})
	if len(f.piece) == piece {
		f.pass()
	}
}

func (f *Incoming) pass() {
	switch {
	case len(f.piece) == 0:
	case f.jobs == nil:
		f.fold.all(f.piece)
		f.piece = f.piece[:0]
	default:
		f.jobs <- f.piece
		f.piece = make([]job, 0, piece)
	}
}

// Flush writes the rows and returns the numbers of the records that were refused.
func (f *Incoming) Flush(to journal.Tx) (refused []uint64, err error) {
	f.pass()
	if f.jobs == nil {
		err = f.fold.flush(to)
		return f.fold.refused, err
	}
	f.jobs <- nil
	for list := range f.out {
		for i := 0; i < len(list) && err == nil; i++ {
			err = list[i].to(to)
		}
	}
	if bad := f.end(); bad != nil {
		err = bad
	}
	return f.fold.refused, err
}

// Close ends what goes on beside. After Flush it does nothing.
func (f *Incoming) Close() {
	if f.jobs != nil && !f.closed {
		_ = f.end() // nobody asks any more
	}
}

func (f *Incoming) end() error {
	f.closed = true
	close(f.jobs)
	return <-f.done
}

func (f *fold) all(list []job) {
	for i := range list {
		if f.err != nil {
			return
		}
		j := &list[i]
		why, err := Foreign(f.rows, j.list, j.record, j.event)
		if f.err = err; why != "" && j.judged {
			f.refused = append(f.refused, j.record.Seq)
		}
	}
}

func (f *fold) flush(to journal.Tx) error {
	if f.err != nil {
		return f.err
	}
	return f.rows.Flush(to)
}

// sender hands rows over.
type sender struct {
	over
	piece []write
	out   chan<- []write
}

// Put implements journal.Tx.
func (s *sender) Put(table, key string, value []byte) error { return s.add(write{table, key, value}) }

// Delete implements journal.Tx.
func (s *sender) Delete(table, key string) error { return s.add(write{table, key, nil}) }

func (s *sender) add(w write) error {
	if s.piece = append(s.piece, w); len(s.piece) == piece {
		s.pass()
		s.piece = make([]write, 0, piece)
	}
	return nil
}

func (s *sender) pass() { s.out <- s.piece }

// write is a row as it is to be.
type write struct {
	table, key string
	value      []byte // nil: deleted
}

func (w write) to(tx journal.Tx) error {
	if w.value == nil {
		return tx.Delete(w.table, w.key) //nolint:wrapcheck // says itself what it was doing
	}
	return tx.Put(w.table, w.key, w.value) //nolint:wrapcheck // as above
}
