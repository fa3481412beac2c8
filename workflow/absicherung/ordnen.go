package absicherung

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
)

// What is done with transactions that stay open: none lasts longer than about a day (AEAO zu
// § 146a Nr. 2.2.3.6.2).
const (
	ordnenAlle  = 10 * time.Minute
	laengstens  = 20 * time.Hour
	ausgesessen = "anderswo beendet"
)

// Ordnen ends what is begun and not on the counter any more: before a day is closed. A parked
// cart is secured as Bestellung-V1 and begins anew when it goes on; of what was emptied, or went
// on at another till, an abandoned record stays. Carts on the counter are left alone.
func (s *Service) Ordnen(ctx context.Context) error { return s.ordnen(ctx, 0) }

// ordnen looks at what was begun longer ago than alter.
func (s *Service) ordnen(ctx context.Context, alter time.Duration) error {
	limit := s.kern.Clock.Now().Add(-alter).UnixNano()
	for id, l := range s.begonnene() {
		if l.beginn == nil || l.seit > limit {
			continue
		}
		v, known, err := s.wagen(ctx, id)
		if err != nil {
			return err
		}
		here := known && v.Platz == s.kern.Platz && v.Zustand == vorgang.Offen && len(v.Positionen) > 0
		if here && alter == 0 {
			continue
		}
		if err := s.ablegen(ctx, id, l, known && len(v.Positionen) > 0 && v.Platz == s.kern.Platz); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) begonnene() map[string]lauf {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := map[string]lauf{}
	for id, l := range s.laufend {
		list[id] = *l
	}
	return list
}

func (s *Service) wagen(ctx context.Context, id string) (v vorgaenge.Eintrag, known bool, err error) {
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		v, known, err = vorgaenge.Find(rows, id)
		return err
	})
	return v, known, err
}

// ablegen books what a cart is when it is not paid, and has it signed.
func (s *Service) ablegen(ctx context.Context, id string, l lauf, wartet bool) error {
	b := s.kopf(*l.beginn, bon.Abbruch, ausgesessen)
	if wartet {
		full, err := s.inhalt(ctx, id)
		if err != nil {
			return err
		}
		b.Art, b.Grund, b.Positionen, b.Katalog = bon.Bestellung, "wartet", full.Positionen, full.Katalog
	}
	b.Vorgang, b.Beginn = id, l.seit
	key := "ablegen-" + workflow.ID(workflow.Auftrag{Key: id + s.kern.Platz}) + "-" + b.Transaktion.Seriennummer[:8] +
		time.Unix(0, l.seit).UTC().Format("-20060102150405")
	b, err := s.buchen(ctx, workflow.Auftrag{Key: key, Actor: Actor}, b)
	if err != nil {
		return err
	}
	s.Gebucht(ctx, b)
	return nil
}

// kopf is a record that is no sale, without number and lines.
func (s *Service) kopf(t tse.Beginn, art bon.Art, grund string) bon.Bon {
	now := s.kern.Clock.Now()
	return bon.Bon{
		Art: art, Grund: grund, Zeit: now.UnixNano(), Tag: clock.DayOf(now), Benutzer: Actor, Serie: s.serie,
		Platz: s.kern.Platz, Beginn: t.Zeit, Transaktion: &t,
	}
}
