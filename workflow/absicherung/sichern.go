package absicherung

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow"
)

// Gebucht implements workflow.Absicherung: after it the receipt may be issued. What could not be
// journalled is written with the next record, or caught up on at the next start.
func (s *Service) Gebucht(ctx context.Context, b bon.Bon) {
	if b.Serie != s.serie {
		return // booked before this TSE was set up
	}
	free := s.einzeln(b.Nummer)
	defer free()
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), geduld)
	defer stop()
	done, err := s.schon(ctx, b.Nummer)
	var g kassenbeleg.Gesichert
	if err == nil && !done {
		g = s.sichern(ctx, b)
	}
	s.vergessen(b) // before the note: whoever puts in order sees the one or the other
	if err == nil && !done {
		err = s.nachtragen(ctx, g)
	}
	if err != nil {
		s.log.Error("record not secured", slog.String("nummer", b.Nummer), slog.Any("error", err))
	}
}

// nachtragen journals what was signed, with what could not be before.
func (s *Service) nachtragen(ctx context.Context, neu ...kassenbeleg.Gesichert) error {
	s.mu.Lock()
	list := slices.Concat(s.offen, neu)
	s.offen = nil
	s.mu.Unlock()
	for i, g := range list {
		if err := s.notieren(ctx, g); err != nil {
			s.mu.Lock()
			s.offen = append(s.offen, list[i:]...)
			s.mu.Unlock()
			return err
		}
	}
	return nil
}

// einzeln waits until nobody else signs the record of a number: an act that is sent twice at once
// is signed once.
func (s *Service) einzeln(nummer string) (free func()) {
	own := make(chan struct{})
	for {
		s.mu.Lock()
		other := s.dabei[nummer]
		if other == nil {
			s.dabei[nummer] = own
			s.mu.Unlock()
			break
		}
		s.mu.Unlock()
		<-other // at most geduld
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.dabei, nummer)
		close(own)
	}
}

// Nachher implements workflow.Absicherung.
func (s *Service) Nachher(b bon.Bon) {
	s.alle.Go(func() { s.Gebucht(context.Background(), b) })
}

// schon reports whether it is known already what was signed: the act is a repeated one.
func (s *Service) schon(ctx context.Context, nummer string) (done bool, err error) {
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		_, done, err = belege.Gesichert(rows, nummer)
		return err
	})
	return done, err
}

// sichern has a record signed, or says why it is not.
func (s *Service) sichern(ctx context.Context, b bon.Bon) kassenbeleg.Gesichert {
	k := kassenbeleg.Aus(b)
	g := kassenbeleg.Gesichert{Nummer: b.Nummer, Serie: b.Serie, Prozess: k.Prozess(), Daten: k.Daten()}
	if out := s.ausgefallen(); out != nil {
		<-out.steht // first the outage is on record, then the records that it marks
		g.Ausfall = out.grund
		return g
	}
	if b.Transaktion != nil && b.Transaktion.Seriennummer != s.tse.Seriennummer {
		g.Ausfall = gewechselt // its number may be that of another one here
		return g
	}
	sig, err := s.beenden(ctx, b, g)
	if err != nil {
		g.Ausfall = s.faellt(context.WithoutCancel(ctx), err)
		return g
	}
	g.Signatur = &sig
	return g
}

// beenden finishes the transaction of a record; begins it first if that has not happened.
func (s *Service) beenden(ctx context.Context, b bon.Bon, g kassenbeleg.Gesichert) (sig tse.Signatur, err error) {
	begin, err := s.begonnen(ctx, b)
	if err != nil {
		return sig, err
	}
	err = s.allein(ctx, func() error {
		if b.Transaktion == nil { // the record does not name it, and the answer may be lost
			s.merken(begin.Transaktion)
		}
		sig, err = s.geraet.Beenden(ctx, s.serie, begin, g.Prozess, g.Daten)
		if unklar(ctx, err) {
			sig, err = s.nochmal(ctx, begin, g)
		}
		return err
	})
	return sig, err
}

// unklar reports whether the TSE may have signed although it did not say so, and there is time to
// ask.
func unklar(ctx context.Context, err error) bool {
	f, ok := errors.AsType[*tse.Fehler](err)
	return ok && ctx.Err() == nil && (f.Art == tse.Wiederholbar || f.Art == tse.Ausfall)
}

// nochmal asks first whether the TSE has signed and only the answer was lost.
func (s *Service) nochmal(ctx context.Context, b tse.Beginn, g kassenbeleg.Gesichert) (tse.Signatur, error) {
	sig, done, err := s.geraet.Beendet(ctx, s.serie, b.Transaktion)
	if err != nil || done {
		return sig, err
	}
	return s.geraet.Beenden(ctx, s.serie, b, g.Prozess, g.Daten)
}

// begonnen is the transaction of a record.
func (s *Service) begonnen(ctx context.Context, b bon.Bon) (tse.Beginn, error) {
	if b.Transaktion != nil {
		return *b.Transaktion, nil
	}
	s.mu.Lock()
	l := s.laufend[b.Vorgang]
	if l == nil { // nobody may take it for abandoned meanwhile
		l = &lauf{seit: b.Beginn}
		s.laufend[b.Nummer] = l
	}
	s.mu.Unlock()
	if l.fertig == nil {
		return s.beginnen(ctx, b.Nummer, l)
	}
	select {
	case <-l.fertig:
	case <-ctx.Done():
		return tse.Beginn{}, &tse.Fehler{Art: tse.Ausfall, Text: "Gerät antwortet nicht", Err: ctx.Err()}
	}
	s.mu.Lock()
	begin := l.beginn
	s.mu.Unlock()
	if out := s.ausgefallen(); begin == nil && out != nil { // nobody waits twice
		return tse.Beginn{}, &tse.Fehler{Art: tse.Ausfall, Text: out.grund}
	}
	if begin == nil { // it failed at the first line and is back since
		return s.beginnen(ctx, b.Nummer, l)
	}
	return *begin, nil
}

// vergessen ends the transaction of a record; a next line of its Vorgang begins a new one, which
// may have happened already.
func (s *Service) vergessen(b bon.Bon) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.laufend, b.Nummer)
	l, t := s.laufend[b.Vorgang], b.Transaktion
	if t == nil || l != nil && l.beginn != nil && l.beginn.Transaktion == t.Transaktion {
		delete(s.laufend, b.Vorgang)
	}
}

// notieren journals what was signed. The key makes it once for each record.
func (s *Service) notieren(ctx context.Context, g kassenbeleg.Gesichert) error {
	a := workflow.Auftrag{Key: "gesichert-" + g.Nummer, Actor: Actor}
	_, err := s.kern.Do(context.WithoutCancel(ctx), a, g.Nummer, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BelegGesichert{Gesichert: g}}, nil
	})
	return err
}
