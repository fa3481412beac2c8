// Package tagesarbeit does the jobs of each civil day: a job is due when its time of day is
// reached in Germany and no record says that it was done for that day. So it is neither
// left out nor done twice when the clocks change, the machine sleeps or the clock is set.
package tagesarbeit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
)

// system is who does the jobs.
const system = "SYSTEM"

// The pace. A loop that never sleeps less than kurz cannot spin, and one that never sleeps
// longer than lang sees a clock that was set, or a machine that slept, soon.
const (
	kurz       = time.Second
	lang       = 30 * time.Second
	frist      = 10 * time.Minute // for one job
	nochmals   = time.Minute      // after the first failure; doubled with each
	hoechstens = time.Hour
)

// Arbeit is a job of each civil day. Between doing and recording it the power may fail, then
// it is done again: Tun must come to the same result.
type Arbeit struct {
	Name           string // "journalpruefung": for ever, it is in the journal
	Stunde, Minute int    // in Germany; housekeeping at 04:15 to 05:30, never from 02:00 to 03:00
	GanzeApotheke  bool   // done by the machine that leads, once for all; else by each machine
	Tun            func(ctx context.Context, tag civil.Day) error
}

// Service does the jobs.
type Service struct {
	kern     *workflow.Kern
	arbeiten []Arbeit
	fuehrt   func() bool
	log      *slog.Logger
	beginn   time.Duration        // monotonic clock when the program began: before it nothing can be late
	fertig   map[string]civil.Day // the day for which the journal says so; of Schritt alone

	mu       sync.Mutex
	versuche map[string]versuch
}

// versuch is what failed, by the monotonic clock.
type versuch struct {
	tag    civil.Day
	n      int
	wieder time.Duration // not before
	err    error
}

// New returns the service. Fuehrt says whether this machine leads the pharmacy; nil: it does.
func New(k *workflow.Kern, arbeiten []Arbeit, fuehrt func() bool, log *slog.Logger) *Service {
	if fuehrt == nil {
		fuehrt = func() bool { return true }
	}
	return &Service{
		kern: k, arbeiten: arbeiten, fuehrt: fuehrt, log: log, beginn: k.Clock.Mono(),
		versuche: map[string]versuch{}, fertig: map[string]civil.Day{},
	}
}

// Laufen does what is due until ctx ends.
func (s *Service) Laufen(ctx context.Context) {
	next := time.NewTimer(lang) // not while the first customer is served
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		wacht.Runde(ctx)
		next.Reset(s.Schritt(ctx))
	}
}

// Schritt does what is due now, and returns how long to sleep: a second to half a minute.
func (s *Service) Schritt(ctx context.Context) time.Duration {
	wait := lang
	for _, a := range s.arbeiten {
		if ctx.Err() != nil {
			break
		}
		now := s.kern.Clock.Now()
		wait = min(wait, a.bis(now))
		if due := a.faellig(now); s.fertig[a.Name] == due {
			continue
		}
		st, err := s.stand(ctx, a)
		if err == nil && st.Zuletzt >= a.faellig(now) {
			s.fertig[a.Name] = a.faellig(now)
		}
		if err == nil && st.Offen != 0 && (!a.GanzeApotheke || s.fuehrt()) && s.darf(a.Name, st.Offen) {
			err = s.tue(ctx, a, st.Offen)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Error("daily job failed", slog.String("job", a.Name), slog.Any("error", err))
		}
	}
	return max(wait, kurz)
}

// faellig is the day for which the job is due last at an instant: today, or the day before as
// long as its time is not reached.
func (a Arbeit) faellig(now time.Time) civil.Day {
	tag := clock.DayOf(now)
	if h, m := clock.TimeOfDay(now); h*60+m < a.Stunde*60+a.Minute {
		return tag.AddDays(-1)
	}
	return tag
}

// bis is how long it takes until the job is due next today; lang if that has passed.
func (a Arbeit) bis(now time.Time) time.Duration {
	if d := a.um(clock.DayOf(now)).Sub(now); d > 0 {
		return d
	}
	return lang
}

// um is the instant at which the job is due on a day.
func (a Arbeit) um(tag civil.Day) time.Time {
	return time.Date(tag.Year(), time.Month(tag.Month()), tag.DayOfMonth(), a.Stunde, a.Minute, 0, 0, clock.Berlin())
}

func (s *Service) platz(a Arbeit) string {
	if a.GanzeApotheke {
		return ""
	}
	return s.kern.Platz
}

// darf reports whether a job that failed may be tried again.
func (s *Service) darf(name string, tag civil.Day) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.versuche[name]
	return v.tag != tag || s.kern.Clock.Mono() >= v.wieder
}

// tue does a job and records it. The key is the same on every machine of the pharmacy, so
// that two that believe to lead record it once.
func (s *Service) tue(ctx context.Context, a Arbeit, tag civil.Day) error {
	work, cancel := context.WithTimeout(ctx, frist)
	defer cancel()
	err := a.Tun(work, tag)
	if err == nil {
		e := event.TagesarbeitErledigt{Arbeit: a.Name, Platz: s.platz(a), Tag: tag}
		key := fmt.Sprintf("tagesarbeit/%s/%s/%s", e.Arbeit, e.Platz, tag)
		_, err = s.kern.Do(ctx, workflow.Auftrag{Key: key, Actor: system}, e, func(journal.Rows) ([]journal.Event, error) {
			return []journal.Event{e}, nil
		})
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil // the program ends; the next one does it
	}
	s.merke(a.Name, tag, err)
	return err
}

func (s *Service) merke(name string, tag civil.Day, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.versuche, name)
		return
	}
	n := s.versuche[name].n + 1
	pause := min(nochmals<<min(n-1, 10), hoechstens)
	s.versuche[name] = versuch{tag, n, s.kern.Clock.Mono() + pause, err}
}
