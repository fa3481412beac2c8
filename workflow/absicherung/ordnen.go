package absicherung

import (
	"context"
	"fmt"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
)

// What is done with transactions that stay open: none lasts longer than about a day (AEAO zu
// § 146a Nr. 2.2.3.6.2).
const (
	ordnenAlle  = 10 * time.Minute
	laengstens  = 20 * time.Hour
	jedes       = -time.Hour // whenever it was begun
	ausgesessen = "anderswo beendet"
)

// Ordnen ends what is begun and not on the counter any more: before a day is closed. A parked
// cart is secured as Bestellung-V1 and begins anew when it goes on; of what was emptied, or went
// on at another till, an abandoned record stays. Carts on the counter are left alone.
func (s *Service) Ordnen(ctx context.Context) error { return s.ordnen(ctx, 0) }

// Raeumen ends all that is begun, also of carts on the counter: they begin anew at the TSE that
// comes next. What it is just beginning is waited for; one that does not answer keeps what is open there.
func (s *Service) Raeumen(ctx context.Context) error {
	if s.ausgefallen() != nil {
		return nil
	}
	for id := range s.begonnene() {
		s.Warten(ctx, id)
	}
	return s.ordnen(ctx, jedes)
}

// ordnen looks at what was begun longer ago than alter.
func (s *Service) ordnen(ctx context.Context, alter time.Duration) error {
	if err := s.nachtragen(ctx); err != nil {
		return err
	}
	limit := s.kern.Clock.Now().Add(-alter).UnixNano()
	for id, l := range s.begonnene() {
		if l.beginn == nil || l.seit > limit {
			continue
		}
		var now verbleib
		err := s.kern.Store.View(ctx, func(rows journal.Rows) (err error) {
			now, err = s.verbleib(rows, id, alter)
			return err
		})
		if err == nil && now != bleibt {
			err = s.ablegen(ctx, id, l, now, alter)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begonnen is a transaction as it stands now.
type begonnen struct {
	lauf

	zeiger *lauf
}

func (s *Service) begonnene() map[string]begonnen {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := map[string]begonnen{}
	for id, l := range s.laufend {
		list[id] = begonnen{*l, l}
	}
	return list
}

// verbleib is what becomes of a transaction that was begun.
type verbleib int

const (
	bleibt    verbleib = iota // a record names it, or its cart is on the counter
	wartet                    // its cart is parked
	verlassen                 // its cart is empty, gone or elsewhere
)

func (s *Service) verbleib(rows journal.Rows, id string, alter time.Duration) (verbleib, error) {
	open, err := belege.Ungesichert(rows, s.kern.Till)
	if err != nil {
		return bleibt, err
	}
	for _, n := range open {
		if b, _, err := finden(rows, n); err != nil || n == id || b.Vorgang == id {
			return bleibt, err
		}
	}
	v, known, err := vorgaenge.Find(rows, id)
	switch here := known && v.Platz == s.kern.Platz && len(v.Positionen) > 0; {
	case here && v.Zustand == vorgang.Offen && alter == 0:
		return bleibt, err
	case here:
		return wartet, err
	}
	return verlassen, err
}

// ablegen books what a cart is when it is not paid, and has it signed.
func (s *Service) ablegen(ctx context.Context, id string, l begonnen, was verbleib, alter time.Duration) error {
	b := s.kopf(*l.beginn, bon.Abbruch, ausgesessen)
	if was == wartet {
		full, err := s.inhalt(ctx, id)
		if err != nil {
			return err
		}
		b.Art, b.Grund, b.Positionen, b.Katalog = bon.Bestellung, "wartet", full.Positionen, full.Katalog
	}
	if was == verlassen { // emptied line by line, it is still there: what was in it is recorded with this
		if empty, err := s.inhalt(ctx, id); err == nil && len(empty.Positionen) == 0 {
			b.Entfernt = empty.Entfernt
		}
	}
	b.Vorgang, b.Beginn = id, min(l.seit, b.Zeit)
	key := fmt.Sprintf("ablegen-%s-%.8s-%d", workflow.ID(workflow.Auftrag{Key: id + s.kern.Platz}),
		b.Transaktion.Seriennummer, b.Transaktion.Transaktion)
	a := workflow.Auftrag{Key: key, Actor: Actor}
	b, err := s.buchen(ctx, a, b.Vorgang, b, func(rows journal.Rows, nummer string) error {
		now, err := s.verbleib(rows, id, alter)
		if err == nil && (now != was || !s.nehmen(id, nummer, l.zeiger)) {
			err = workflow.ErrUnchanged
		}
		return err
	})
	switch {
	case err != nil:
		s.zuruecklegen(id, l.zeiger)
		return err
	case b.Nummer != "":
		s.Gebucht(ctx, b)
	}
	return nil
}

// nehmen takes a transaction away from its cart for the record of a number, so that no other
// record ever names it; false: it is not the cart's any more.
func (s *Service) nehmen(id, nummer string, l *lauf) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.laufend[id] != l {
		return false
	}
	delete(s.laufend, id)
	s.laufend[nummer] = l
	return true
}

// zuruecklegen gives a cart its transaction back, as nothing was booked.
func (s *Service) zuruecklegen(id string, l *lauf) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for nummer, x := range s.laufend {
		if x == l {
			delete(s.laufend, nummer)
		}
	}
	if s.laufend[id] == nil {
		s.laufend[id] = l
	}
}

// kopf is a record that is no sale, without number and lines.
func (s *Service) kopf(t tse.Beginn, art bon.Art, grund string) bon.Bon {
	now := s.kern.Clock.Now()
	return bon.Bon{
		Art: art, Grund: grund, Zeit: now.UnixNano(), Tag: clock.DayOf(now), Benutzer: Actor, Serie: s.serie,
		Platz: s.kern.Platz, Beginn: min(t.Zeit, now.UnixNano()), Transaktion: &t,
	}
}
