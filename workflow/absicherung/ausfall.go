package absicherung

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow"
)

// How often a TSE that failed is asked whether it is back.
const (
	nachfragen    = 2 * time.Second
	nachfragenMax = 30 * time.Second

	selbsttest = 3 * time.Minute // a self-test may take two; sales do not wait for it
)

func (s *Service) ausgefallen() *ausfall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ausfall
}

// faellt begins an outage, with begin and reason (AEAO zu § 146a Nr. 1.14.1), and returns the
// reason that counts: that of the first who met it.
func (s *Service) faellt(ctx context.Context, why error) string {
	reason := "TSE ausgefallen"
	if f, ok := errors.AsType[*tse.Fehler](why); ok {
		reason = f.Text
	}
	s.mu.Lock()
	if out := s.ausfall; out != nil {
		s.mu.Unlock()
		<-out.steht
		return out.grund
	}
	out := &ausfall{reason, s.kern.Clock.Now().UnixNano(), make(chan struct{})}
	defer close(out.steht)
	s.ausfall = out
	s.mu.Unlock()
	s.log.Error("TSE fails", slog.Any("error", why))
	if err := s.beginnt(ctx, *out); err != nil {
		s.log.Error("outage of the TSE not journalled", slog.Any("error", err))
	}
	s.melden()
	return reason
}

// beginnt journals that an outage began; once more does nothing.
func (s *Service) beginnt(ctx context.Context, a ausfall) error {
	return s.wechsel(ctx, "ausgefallen", a.seit, event.TSEAusgefallen{
		Till: s.kern.Till, Seriennummer: s.tse.Seriennummer, Zeit: a.seit, Grund: a.grund,
	})
}

// melden has Laufen ask until the TSE is back.
func (s *Service) melden() {
	select {
	case s.wecken <- struct{}{}:
	default:
	}
}

// wechsel journals that the TSE failed or is back.
func (s *Service) wechsel(ctx context.Context, was string, now int64, e journal.Event) error {
	a := workflow.Auftrag{Key: "tse-" + was + "-" + s.kern.Till + "-" + strconv.FormatInt(now, 36), Actor: Actor}
	_, err := s.kern.Do(context.WithoutCancel(ctx), a, was, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{e}, nil
	})
	return err
}

// letzterAusfall is the last outage of this till's TSE; nil: there was none.
func (s *Service) letzterAusfall(ctx context.Context) (last *belege.Ausfall, err error) {
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		list, err := belege.Ausfaelle(rows, s.kern.Till)
		if err == nil && len(list) > 0 {
			last = &list[len(list)-1]
		}
		return err
	})
	return last, err
}

// Laufen catches up on what was left by a kill, and asks a TSE that failed until it is back,
// until ctx ends.
func (s *Service) Laufen(ctx context.Context) {
	switch out := s.ausgefallen(); {
	case out != nil && s.zurueck(ctx) != nil:
		s.melden()
	case out == nil:
		if err := s.bereitmachen(ctx); err != nil && ctx.Err() == nil {
			s.faellt(ctx, err)
		}
	}
	tick := time.NewTicker(ordnenAlle)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wecken:
			s.warten(ctx)
		case <-tick.C:
			if err := s.ordnen(ctx, laengstens); err != nil {
				s.log.Error("transactions not put in order", slog.Any("error", err))
			}
		}
	}
}

// warten asks with growing pauses, until the TSE is back or ctx ends.
func (s *Service) warten(ctx context.Context) {
	for pause := nachfragen; ; pause = min(2*pause, nachfragenMax) {
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if err := s.zurueck(ctx); err == nil {
			return
		}
	}
}

// bereitmachen has the TSE ready to sign, and catches up on what was left.
func (s *Service) bereitmachen(ctx context.Context) error {
	var stand tse.Stand
	err := s.frist(ctx, geduld, func(ctx context.Context) (err error) {
		stand, err = s.geraet.Stand(ctx)
		return err
	})
	if err == nil && stand.Seriennummer != s.tse.Seriennummer {
		err = &tse.Fehler{Art: tse.Einrichtung, Text: "ein anderes Gerät antwortet als das eingerichtete"}
	}
	if err == nil && stand.Selbsttest {
		err = s.frist(ctx, selbsttest, s.geraet.Selbsttest)
	}
	if err == nil {
		err = s.frist(ctx, geduld, func(ctx context.Context) error { return anmelden(ctx, s.geraet, s.serie) })
	}
	if err != nil {
		return err
	}
	s.nachfragen(ctx)
	return s.nachholen(ctx)
}

// probe has the TSE sign something: one whose store is full or whose certificate has ended answers,
// and is not back. It is no process of the till, so no record of it.
func (s *Service) probe(ctx context.Context) error {
	return s.frist(ctx, geduld, func(ctx context.Context) error {
		b, err := s.geraet.Beginnen(ctx, s.serie, "probe-"+rand.Text())
		if err == nil {
			s.merken(b.Transaktion)
			_, err = s.geraet.Beenden(ctx, s.serie, b, kassenbeleg.ProzessSonstiger, "TSE wieder bereit")
		}
		return err
	})
}

// zurueck ends an outage if the TSE answers: what was begun before is finished first, so that
// nothing stays open there.
func (s *Service) zurueck(ctx context.Context) error {
	if err := s.bereitmachen(ctx); err != nil {
		return err
	}
	if err := s.probe(ctx); err != nil {
		return err
	}
	if out := s.ausgefallen(); out != nil { // it may not have been written: the disk was full
		if err := s.beginnt(ctx, *out); err != nil {
			return err
		}
	}
	now := s.kern.Clock.Now().UnixNano()
	e := event.TSEZurueck{Till: s.kern.Till, Seriennummer: s.tse.Seriennummer, Zeit: now}
	if err := s.wechsel(ctx, "zurueck", now, e); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ausfall = nil
	s.log.Info("TSE is back")
	return nil
}
