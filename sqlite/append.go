package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/folding"
)

// errRepeated ends the transaction of an act that was written before.
var errRepeated = errors.New("act was written before")

// Append implements journal.Store. Decide runs inside the transaction and must not
// call Append; if the disk was full and the ballast made room it runs again.
func (s *Store) Append(ctx context.Context, a journal.Act) (journal.Result, error) {
	input, err := a.Check()
	if err != nil {
		return journal.Result{}, err
	}
	a = a.At(s.opt.Clock.Now())
	if err := s.enter(ctx); err != nil {
		return journal.Result{}, err
	}
	defer s.leave()
	var res journal.Result
	err = s.withBallast(func() (err error) {
		res, err = s.append(a, input)
		return err
	})
	s.afterWrite()
	return res, explain(err)
}

func (s *Store) append(a journal.Act, input journal.Hash) (journal.Result, error) {
	var res journal.Result
	var end journal.Chain
	var erased []string
	committed, err := s.transact(func(w *conn) error {
		old, err := w.act(a.Key)
		if err != nil {
			return err
		}
		if old != nil {
			res = journal.Result{Records: old, Repeated: true}
			return errRepeated
		}
		end = s.end
		res.Records, erased, err = s.write(w, &end, a, input)
		return err
	})
	switch {
	case errors.Is(err, errRepeated):
		if res.Records[0].InputHash != input {
			return journal.Result{}, journal.KeyReused()
		}
		return res, nil
	case err != nil && committed:
		return s.recheck(a.Key, res, erased, err)
	case err != nil:
		return journal.Result{}, err
	}
	s.end = end
	s.forget(erased)
	s.bell.Ring()
	return res, nil
}

// write decides the act and stores all it brings, within the transaction.
func (s *Store) write(w *conn, end *journal.Chain, a journal.Act, input journal.Hash) (
	[]journal.Record, []string, error,
) {
	view := &rows{c: w}
	events, err := a.Decide(view)
	view.c = nil
	if err != nil {
		return nil, nil, err
	}
	records, err := end.Extend(a, input, events)
	if err != nil {
		return nil, nil, err
	}
	var erased []string
	for i := range records {
		e, err := s.store(w, &records[i])
		if err != nil {
			return nil, nil, err
		}
		if gone, ok := e.(event.PersonGeloescht); ok {
			erased = append(erased, gone.ID)
		}
	}
	err = w.exec("UPDATE origin SET seq = ?, hash = ?, lamport = ? WHERE id = ?",
		end.Seq, end.Hash[:], end.Lamport, s.originID)
	return records, erased, doing("move head", err)
}

// store inserts a record and applies it; the event comes from the bytes that are
// stored, as it will in every rebuild.
func (s *Store) store(w *conn, r *journal.Record) (journal.Event, error) {
	e, err := event.Decode(r.Type, r.Payload)
	if err != nil {
		return nil, fmt.Errorf("read back what is to be stored: %w", err)
	}
	if e == nil {
		return nil, fmt.Errorf("event type %s is not listed in package event", r.Type)
	}
	if err := w.insert(s.originID, r, true); err != nil {
		return nil, doing("store record "+r.Key, err)
	}
	if gone, ok := e.(event.PersonGeloescht); ok {
		if err := w.erase(gone.ID); err != nil {
			return nil, err
		}
	}
	return e, folding.Apply(&rows{c: w}, s.opt.Projections, *r, e)
}

// recheck finds out what became of an act whose COMMIT reported an error. If it is
// there it counts as written; if not, nothing of it is visible and the client may
// repeat it with the same key, whatever a crash makes of the log before.
func (s *Store) recheck(key string, res journal.Result, erased []string, cause error) (journal.Result, error) {
	s.forget(erased) // rather read a key once more than use one that is gone
	if err := s.settle(); err != nil {
		return journal.Result{}, cause
	}
	if old, err := s.writer.act(key); err != nil || len(old) == 0 {
		return journal.Result{}, cause
	}
	return res, nil
}
