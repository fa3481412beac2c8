package folding

import (
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/overlay"
)

const (
	piece   = 64  // records, and rows, that change hands at once: fewer would cost more than to fold them
	waiting = 32  // pieces that may lie between the two at most
	spill   = 512 // records after which rows that have not changed are written
)

// View runs f with rows that stay as they are until it has ended.
type View func(f func(journal.Rows) error) error

// Incoming folds records of other machines into rows that are written at the latest by Flush. It
// belongs to one goroutine.
type Incoming struct {
	to    journal.Tx
	fold  *fold
	piece []job
	err   error // of the connection that writes

	jobs   chan []job     // nil: nothing is done beside; a nil piece asks for the rest
	out    <-chan []write // closed when there is nothing to come; nil: that was seen
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
func Here(base journal.Rows, to journal.Tx) *Incoming {
	return &Incoming{to: to, fold: &fold{rows: overlay.New(base)}}
}

// Beside folds beside what the caller does meanwhile. Base must show the rows as they were before
// the first of them is written.
func Beside(base View, to journal.Tx) *Incoming {
	out := make(chan []write, waiting)
	f := &Incoming{to: to, fold: &fold{}, jobs: make(chan []job, waiting), out: out, done: make(chan error, 1)}
	go func() {
		err := base(func(rows journal.Rows) error { return f.run(rows, &sender{out: out}) })
		close(out)
		for range f.jobs { // if it has ended early nobody is held up
		}
		f.done <- err
	}()
	return f
}

// run folds what comes, and hands over the rows.
func (f *Incoming) run(base journal.Rows, to *sender) error {
	f.fold.rows = overlay.New(base)
	n := 0
	for list := range f.jobs {
		if list == nil {
			err := f.fold.flush(to)
			to.pass()
			return err
		}
		f.fold.all(list)
		if n += len(list); n >= spill && f.fold.err == nil {
			n, f.fold.err = 0, f.fold.rows.Spill(to)
		}
	}
	return f.fold.err
}

// Add folds a record into rows of projections. If it is judged and one of them cannot take it, it
// leaves no trace, and Flush tells. An error is one of the connection that writes: nothing more must be
// stored, as the database may have ended the transaction by itself.
func (f *Incoming) Add(list []journal.Projection, r *journal.Record, e journal.Event, judged bool) error {
	f.piece = append(f.piece, job{r, e, list, judged})
	switch {
	case len(f.piece) < piece:
	case f.jobs == nil:
		f.fold.all(f.piece)
		f.piece, f.err = f.piece[:0], f.fold.err
	default:
		f.pass(f.piece)
		f.piece = make([]job, 0, piece)
	}
	return f.err
}

// pass hands records over, and writes the rows that are there meanwhile.
func (f *Incoming) pass(list []job) {
	for {
		select {
		case rows, more := <-f.out:
			f.write(rows)
			if !more {
				f.out = nil // it has ended, and what is handed over goes nowhere
			}
		case f.jobs <- list:
			return
		}
	}
}

func (f *Incoming) write(rows []write) {
	for i := 0; i < len(rows) && f.err == nil; i++ {
		f.err = rows[i].to(f.to)
	}
}

// Flush writes the rows and returns the numbers of the records that were refused.
func (f *Incoming) Flush() (refused []uint64, err error) {
	if f.jobs == nil {
		f.fold.all(f.piece)
		err = f.fold.flush(f.to)
		return f.fold.refused, err
	}
	if len(f.piece) > 0 {
		f.pass(f.piece)
	}
	f.pass(nil)
	if f.out != nil {
		for rows := range f.out {
			f.write(rows)
		}
	}
	if err = f.end(); err == nil {
		err = f.err
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
	for {
		select {
		case <-f.out: // nobody wants it any more
		case err := <-f.done:
			return err
		}
	}
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
		return tx.Delete(w.table, w.key)
	}
	return tx.Put(w.table, w.key, w.value)
}
