package tagesarbeit

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/tagesarbeiten"
)

// verspaetet is after how long a job that is not done is a Störung.
const verspaetet = 2 * time.Hour

// Stand says how a job stands.
type Stand struct {
	Name     string
	Zuletzt  civil.Day     // for which it was done last; 0: never
	Zeit     time.Time     // when that was, UTC
	Offen    civil.Day     // for which it is due and not done; 0: none
	Ueber    time.Duration // how long it has been due while this program ran
	Versuche int           // that failed
	Fehler   error         // of the last one
}

// Verspaetet reports whether somebody should look: it failed, or is not done hours after.
func (s Stand) Verspaetet() bool { return s.Fehler != nil || s.Offen != 0 && s.Ueber > verspaetet }

// stand looks up what was done. What was missed while nobody was there is made up for once,
// for the last day; a job that never ran begins today.
func (s *Service) stand(ctx context.Context, a Arbeit) (Stand, error) {
	now := s.kern.Clock.Now()
	due := a.faellig(now)
	st := Stand{Name: a.Name}
	var last tagesarbeiten.Eintrag
	ok := false
	err := s.kern.Store.View(ctx, func(rows journal.Rows) (err error) {
		last, ok, err = tagesarbeiten.Last(rows, a.Name, s.platz(a), clock.DayOf(now))
		return err
	})
	if err != nil {
		return st, err
	}
	if ok {
		st.Zuletzt, st.Zeit = last.Tag, time.Unix(0, last.Zeit).UTC()
	}
	if st.Zuletzt < due && (ok || due == clock.DayOf(now)) {
		st.Offen, st.Ueber = due, min(now.Sub(a.um(due)), s.kern.Clock.Mono()-s.beginn)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.versuche[a.Name]; v.n > 0 {
		st.Versuche, st.Fehler = v.n, v.err
	}
	return st, nil
}

// Zustand says how every job stands.
func (s *Service) Zustand(ctx context.Context) ([]Stand, error) {
	var list []Stand
	for _, a := range s.arbeiten {
		st, err := s.stand(ctx, a)
		if err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	return list, nil
}
