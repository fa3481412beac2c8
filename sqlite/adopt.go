package sqlite

import (
	"context"
	"errors"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/ahead"
)

// Adopt implements journal.Store.
func (s *Store) Adopt(ctx context.Context, list []journal.Record) error {
	if err := journal.Orphans(list, s.Self()); err != nil { // before others wait: it hashes all of them
		return err
	}
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	var in *incoming
	err := s.withBallast(func() error {
		in = nil
		_, err := s.transact(func(w *conn) error {
			if err := w.left(&list[0]); err != nil {
				return err
			}
			end := s.end
			own, err := event.Adopt(&end, list, s.opt.Clock.Now())
			if err != nil {
				return err
			}
			in = &incoming{store: s, all: ahead.NewBatches(own, nil), adopts: true, stale: true} // judged among all others
			return in.takeAll(ctx, w)
		})
		return err
	})
	s.afterWrite()
	switch {
	case errors.Is(err, journal.ErrFork): // left before: what it says is in the own log
		return nil
	case err != nil:
		return explain(err)
	}
	s.doubt = true // the chain ends elsewhere
	s.forget(in.erased)
	s.ringAnew()
	s.bell.Ring()
	return nil
}
