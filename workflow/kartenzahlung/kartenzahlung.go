// Package kartenzahlung takes money with a card terminal. That it is asked is journalled before,
// what it answered afterwards: when a program ends or a line breaks in between, the payment is
// unclear, and nothing goes on before it is settled.
package kartenzahlung

import (
	"context"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Terminal is a card terminal.
type Terminal interface {
	// Zahlen asks for a payment and waits for the customer; an error says as much as Unklar.
	Zahlen(ctx context.Context, id string, betrag money.Cent) (karte.Antwort, error)
	// Erstatten asks to give back what was paid, on the card that the customer holds against it; urspruenglich
	// is the id of the payment, empty if it was not made here. An error says as much as Unklar.
	Erstatten(ctx context.Context, id, urspruenglich string, betrag money.Cent) (karte.Antwort, error)
	// Stand says what became of a payment; of one it does not know: Abgelehnt.
	Stand(ctx context.Context, id string) (karte.Antwort, error)
}

// How long a customer may take at the terminal, and how long it may take to answer a question.
const (
	geduldKunde    = 45 * time.Second
	geduldTerminal = 10 * time.Second
)

// Service takes payments at the terminal of one till.
type Service struct {
	kern     *workflow.Kern
	terminal Terminal

	mu     sync.Mutex
	laeuft map[string]bool // what the terminal is being asked for just now
}

// New returns the service.
func New(k *workflow.Kern, t Terminal) *Service {
	return &Service{kern: k, terminal: t, laeuft: map[string]bool{}}
}

// beginnen marks that the terminal is being asked; V-541 if it is already. Until the mark goes, nobody else
// settles it: a terminal that was not reached yet would say that it knows nothing, and take the money then.
func (s *Service) beginnen(id string) (ende func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.laeuft[id] {
		return nil, unklar()
	}
	s.laeuft[id] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.laeuft, id)
	}, nil
}

// Zahlen takes a sum for a cart. What was taken for it and stands on no Bon yet counts; the same
// act does not take it twice.
func (s *Service) Zahlen(ctx context.Context, a workflow.Auftrag, vorgang string, betrag money.Cent) error {
	id := "k-" + workflow.ID(a)
	ende, err := s.beginnen(id)
	if err != nil {
		return err
	}
	defer ende()
	done := false
	res, err := s.kern.Do(ctx, a, []any{"Karte", vorgang, betrag}, func(rows journal.Rows) ([]journal.Event, error) {
		open, err := kartenzahlungen.Offen(rows, s.kern.Till)
		if err == nil && len(open) > 0 {
			err = unklar()
		}
		if err != nil {
			return nil, err
		}
		_, paid, err := kartenzahlungen.Vorgang(rows, vorgang)
		if err != nil {
			return nil, err
		}
		if paid > 0 {
			done = paid == betrag
			return nil, schon(paid, betrag)
		}
		return []journal.Event{event.KartenzahlungBegonnen{
			ID: id, Vorgang: vorgang, Till: s.kern.Till, Betrag: betrag, Zeit: s.kern.Clock.Now().UnixNano(),
		}}, nil
	})
	if err != nil || done {
		return err
	}
	if res.Repeated {
		return s.klaeren(ctx, a, id)
	}
	within, stop := context.WithTimeout(context.WithoutCancel(ctx), geduldKunde)
	defer stop()
	answer, err := s.terminal.Zahlen(within, id, betrag)
	return s.beenden(ctx, a, id, answer, err)
}

func schon(paid, betrag money.Cent) error {
	if paid == betrag {
		return workflow.ErrUnchanged
	}
	return fault.New(fault.Conflict, "V-542",
		"Mit Karte sind für diesen Vorgang schon "+paid.String()+" bezahlt – "+
			"geben Sie genau diesen Betrag bei Karte ein.", nil)
}

// Klaeren asks the terminal what became of a payment. As long as it is asked for it: V-541; of what another
// till began only its own terminal knows: V-541.
func (s *Service) Klaeren(ctx context.Context, a workflow.Auftrag, id string) error {
	ende, err := s.beginnen(id)
	if err != nil {
		return err
	}
	defer ende()
	return s.klaeren(ctx, a, id)
}

func (s *Service) klaeren(ctx context.Context, a workflow.Auftrag, id string) error {
	z, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	if z.Ende != nil {
		return s.ergebnis(ctx, z.Ende.KartenzahlungBeendet)
	}
	if z.Till != s.kern.Till {
		return unklar()
	}
	within, stop := context.WithTimeout(ctx, geduldTerminal)
	defer stop()
	answer, err := s.terminal.Stand(within, id)
	return s.beenden(ctx, a, id, answer, err)
}

// Entscheiden settles by hand what the terminal cannot say: its paper receipt tells. As long as it is asked, and of
// what another till began: V-541; that is done by a Klaerung.
func (s *Service) Entscheiden(ctx context.Context, a workflow.Auftrag, id string, bewilligt bool) error {
	ende, err := s.beginnen(id)
	if err != nil {
		return err
	}
	defer ende()
	z, err := s.find(ctx, id)
	if err != nil || z.Ende != nil {
		return err
	}
	if z.Till != s.kern.Till {
		return unklar()
	}
	e := event.KartenzahlungBeendet{ID: id, Bewilligt: bewilligt, VonHand: true}
	input := []any{"Karte entschieden", id, bewilligt}
	_, err = s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
		return []journal.Event{e}, rechte.Fordern(rows, a.Actor, berechtigung.Storno, z.Betrag, clock.Today(s.kern.Clock))
	})
	return err
}

func (s *Service) find(ctx context.Context, id string) (kartenzahlungen.Zahlung, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (kartenzahlungen.Zahlung, error) {
		z, ok, err := kartenzahlungen.Find(rows, id)
		if err == nil && !ok {
			err = nirgends()
		}
		return z, err
	})
}

// Offen returns the payments of this till that must be settled.
func (s *Service) Offen(ctx context.Context) ([]kartenzahlungen.Zahlung, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]kartenzahlungen.Zahlung, error) {
		return kartenzahlungen.Offen(rows, s.kern.Till)
	})
}

// Bewilligt is what was taken by card for a cart and stands on no Bon yet.
func (s *Service) Bewilligt(ctx context.Context, vorgang string) (money.Cent, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (money.Cent, error) {
		_, paid, err := kartenzahlungen.Vorgang(rows, vorgang)
		return paid, err
	})
}

// beenden journals what the terminal answered, unless that is unclear.
func (s *Service) beenden(
	ctx context.Context, a workflow.Auftrag, id string, answer karte.Antwort, failed error,
) error {
	if failed != nil || answer.Ausgang != karte.Bewilligt && answer.Ausgang != karte.Abgelehnt {
		return unklar()
	}
	e := event.KartenzahlungBeendet{
		ID: id, Bewilligt: answer.Ausgang == karte.Bewilligt, Karte: answer.Karte, Zeilen: answer.Zeilen, Text: answer.Text,
	}
	_, err := s.kern.Do(context.WithoutCancel(ctx), workflow.Auftrag{Key: "karte-" + id, Actor: a.Actor}, id,
		func(journal.Rows) ([]journal.Event, error) { return []journal.Event{e}, nil })
	if err != nil {
		return err
	}
	return s.ergebnis(ctx, e)
}

// ergebnis is a fault if the terminal has declined.
func (s *Service) ergebnis(ctx context.Context, e event.KartenzahlungBeendet) error {
	if e.Bewilligt {
		return nil
	}
	z, err := s.find(ctx, e.ID)
	if err != nil {
		return err
	}
	if z.Erstattung != "" {
		return verweigert(e)
	}
	text := "Die Karte wurde abgelehnt"
	if e.Text != "" {
		text += " (" + e.Text + ")"
	}
	return fault.New(fault.Denied, "V-544", text+" – lassen Sie bar oder mit einer anderen Karte zahlen.", nil)
}

func nirgends() error {
	return fault.New(fault.NotFound, "V-545", "Diese Kartenzahlung gibt es nicht – laden Sie die Seite neu.", nil)
}

func unklar() error {
	return fault.New(fault.Conflict, "V-541",
		"Ob die Kartenzahlung geklappt hat, ist unklar – fragen Sie das Terminal (F11), bevor Sie weitermachen.", nil)
}
