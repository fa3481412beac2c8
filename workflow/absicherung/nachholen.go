package absicherung

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
)

// unbeantwortet marks a record that was booked when the TSE had not answered to its begin: a
// kill came between, and nothing is signed later.
const unbeantwortet = "beendet, bevor die TSE geantwortet hat"

// gewechselt marks a record that was begun at another TSE than the one that signs now.
const gewechselt = "TSE gewechselt, bevor signiert war"

// nachholen settles what a kill or an outage has left: each record gets what was signed for it,
// and each transaction that no record and no cart on the counter names is abandoned.
func (s *Service) nachholen(ctx context.Context) error {
	for ; len(s.alt) > 0; s.alt = s.alt[1:] {
		if err := s.einholen(ctx, s.alt[0]); err != nil {
			return err
		}
	}
	var open []tse.Offen
	err := s.frist(ctx, geduld, func(ctx context.Context) (err error) {
		if open, err = s.geraet.Offene(ctx, s.serie); err != nil {
			return err
		}
		open = s.herrenlos(open)
		return nil
	})
	for _, o := range open {
		if err == nil {
			err = s.abbrechen(ctx, o)
		}
	}
	return err
}

// frist has a turn at the TSE within a time.
func (s *Service) frist(ctx context.Context, d time.Duration, f func(context.Context) error) error {
	ctx, stop := context.WithTimeout(ctx, d)
	defer stop()
	return s.allein(ctx, func() error { return f(ctx) })
}

// ungesichert are the records of this machine for which nobody has said yet what was signed.
func (s *Service) ungesichert(ctx context.Context) (list []bon.Bon, err error) {
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		numbers, err := belege.Ungesichert(rows, s.kern.Till)
		if err != nil {
			return err
		}
		for _, n := range numbers {
			b, found, err := finden(rows, n)
			if err != nil {
				return err
			}
			if found && b.Platz == s.kern.Platz {
				list = append(list, b)
			}
		}
		return nil
	})
	return list, err
}

func finden(rows journal.Rows, nummer string) (bon.Bon, bool, error) {
	b, found, err := bons.Find(rows, nummer)
	if err == nil && !found {
		b, found, err = belege.Find(rows, nummer)
	}
	return b, found, err
}

// einholen gets what was signed for a record, or has it signed if its transaction is still open. If
// the TSE answers that it has neither, the record is marked: asking again would not help.
func (s *Service) einholen(ctx context.Context, b bon.Bon) error {
	k := kassenbeleg.Aus(b)
	g := kassenbeleg.Gesichert{Nummer: b.Nummer, Serie: b.Serie, Prozess: k.Prozess(), Daten: k.Daten()}
	if b.Transaktion == nil || b.Transaktion.Seriennummer != s.tse.Seriennummer {
		g.Ausfall = unbeantwortet
		return s.notieren(ctx, g)
	}
	err := s.frist(ctx, geduld, func(ctx context.Context) error {
		sig, done, err := s.geraet.Beendet(ctx, s.serie, b.Transaktion.Transaktion)
		if err == nil && !done {
			sig, err = s.geraet.Beenden(ctx, s.serie, *b.Transaktion, g.Prozess, g.Daten)
			if f, ok := errors.AsType[*tse.Fehler](err); ok && f.Art == tse.Einrichtung {
				g.Ausfall = f.Text
				return nil
			}
		}
		g.Signatur = &sig
		return err
	})
	if err != nil {
		return err
	}
	return s.notieren(ctx, g)
}

// herrenlos leaves out what a cart on the counter has begun.
func (s *Service) herrenlos(open []tse.Offen) (list []tse.Offen) {
	s.mu.Lock()
	defer s.mu.Unlock()
	begun := map[uint64]bool{}
	for _, l := range s.laufend {
		if l.beginn != nil {
			begun[l.beginn.Transaktion] = true
		}
	}
	for _, o := range open {
		if !begun[o.Transaktion] {
			list = append(list, o)
		}
	}
	return list
}

// abbrechen finishes a transaction that nobody owns as what it is, and books it: a number of the
// till, with the lines of its cart if that is known and not paid. The cart goes on and begins anew.
func (s *Service) abbrechen(ctx context.Context, o tse.Offen) error {
	b := s.kopf(tse.Beginn{Transaktion: o.Transaktion, Zeit: o.Beginn, Seriennummer: s.tse.Seriennummer}, bon.Abbruch,
		"Programm oder TSE unterbrochen")
	s.zeilen(ctx, &b)
	key := fmt.Sprintf("abbruch-%.16s-%s", s.tse.Seriennummer, strconv.FormatUint(o.Transaktion, 10))
	// the cart may be paid when it is tried again: it is not what the act is about
	b, err := s.buchen(ctx, workflow.Auftrag{Key: key, Actor: Actor}, "", b, nil)
	if err != nil {
		return err
	}
	return s.einholen(ctx, b)
}

// zeilen puts the lines of the cart onto an abandoned record, as the cart is now: the tax office wants what
// was entered, although nothing of it counts (DSFinV-K 2.4, AVBelegabbruch). What was taken out of it
// stands on the record that ends it.
func (s *Service) zeilen(ctx context.Context, b *bon.Bon) {
	if s.zettel == nil {
		return
	}
	id, known := s.zettel.Vorgang(b.Transaktion.Seriennummer, b.Transaktion.Transaktion)
	if !known {
		return
	}
	open := false
	err := s.kern.Store.View(ctx, func(rows journal.Rows) error {
		v, found, err := vorgaenge.Find(rows, id)
		open = found && len(v.Positionen) > 0 && (v.Zustand == vorgang.Offen || v.Zustand == vorgang.Geparkt)
		return err
	})
	if err == nil && open {
		var cart bon.Bon
		if cart, err = s.inhalt(ctx, id); err == nil {
			b.Vorgang, b.Positionen, b.Katalog = id, cart.Positionen, cart.Katalog
		}
	}
	if err != nil {
		s.log.Error("lines of an abandoned transaction not known", slog.Any("error", err))
	}
}

// buchen books a record that is no sale, with the next number of the till. What it is about has to be
// the same whenever the act is tried again. If darf returns workflow.ErrUnchanged nothing is booked,
// and the record has no number.
func (s *Service) buchen(
	ctx context.Context, a workflow.Auftrag, wovon string, b bon.Bon, darf func(rows journal.Rows, nummer string) error,
) (bon.Bon, error) {
	res, err := s.kern.Do(ctx, a, []any{b.Art, wovon}, func(rows journal.Rows) ([]journal.Event, error) {
		next, err := bons.Next(rows, s.kern.Till)
		if err == nil && darf != nil {
			err = darf(rows, next)
		}
		if err != nil {
			return nil, err
		}
		b.Nummer = next
		return []journal.Event{event.BelegGebucht{Bon: b}}, nil
	})
	if err != nil || !res.Repeated {
		return b, err
	}
	e, err := event.Decode(res.Records[0].Type, res.Records[0].Payload)
	if booked, ok := e.(event.BelegGebucht); ok {
		b = booked.Bon
	}
	return b, err
}
