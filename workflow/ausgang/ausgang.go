// Package ausgang is the outbox: errands to the outside are written into the journal with the
// act that needs them, and done by the machine that leads, once, however often it is tried and
// whoever leads meanwhile.
//
// Nobody waits for the outside. An errand has an id made with its act; before each try the
// messenger asks whether the outside knows it already, so that a lost answer, a new lead or two
// leads at once do nothing twice.
package ausgang

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/besorgungen"
	"github.com/offizin/offizin/workflow"
)

// The hard caps.
const (
	MaxOffen  = 10_000   // errands that are not done
	MaxInhalt = 64 << 10 // bytes of one
)

// Besorgung is an errand.
type Besorgung = besorgungen.Besorgung

// Bote does errands of one kind. Both calls end with their context; an error means that nobody
// knows what became of it, unless it is Endgueltig.
type Bote interface {
	// Fragen asks the outside whether an errand was done already. A protocol that takes the same
	// id twice without doing anything twice may always say no.
	Fragen(ctx context.Context, b Besorgung) (ergebnis string, erledigt bool, err error)
	// Zustellen does it.
	Zustellen(ctx context.Context, b Besorgung) (ergebnis string, err error)
}

// Regel is how errands of one kind are tried.
type Regel struct {
	Bote      Bote
	Dauer     time.Duration // of one try at most; 0: 30 s
	Pause     time.Duration // after the first try that failed, then twice as long each time; 0: 5 s
	MaxPause  time.Duration // 0: 4 min, so that five minutes after the last trouble nothing waits
	MaxFehler int           // tries that fail before a person must decide; 0: 500, more than a day
}

func (r Regel) filled() Regel {
	if r.Dauer == 0 {
		r.Dauer = 30 * time.Second
	}
	if r.Pause == 0 {
		r.Pause = 5 * time.Second
	}
	if r.MaxPause == 0 {
		r.MaxPause = 4 * time.Minute
	}
	if r.MaxFehler == 0 {
		r.MaxFehler = 500
	}
	return r
}

// pause is how long to wait after so many tries that failed.
func (r Regel) pause(fehler int) time.Duration {
	wait := r.Pause
	for ; fehler > 1 && wait < r.MaxPause; fehler-- { // shifted by as many bits it would soon be below zero
		wait *= 2
	}
	return min(wait, r.MaxPause)
}

// Endgueltig is an answer of the outside that no repetition changes.
type Endgueltig struct{ Code, Text string }

// Error gives the sentence and code.
func (e *Endgueltig) Error() string { return e.Text + " (" + e.Code + ")" }

// Service is the outbox.
type Service struct {
	kern   *workflow.Kern
	regeln map[string]Regel // by kind

	mu    sync.Mutex
	tries map[string]*versuch // by errand
	busy  map[string]bool     // places where one is being tried
}

// New returns the outbox. regeln says how errands of each kind are done; a kind that is not
// there waits until a version knows it.
func New(k *workflow.Kern, regeln map[string]Regel) *Service {
	s := &Service{kern: k, regeln: map[string]Regel{}, tries: map[string]*versuch{}, busy: map[string]bool{}}
	for art, r := range regeln {
		s.regeln[art] = r.filled()
	}
	return s
}

// Aufgeben returns the event of an errand for the act that needs it; n counts the errands of
// the act. M-260 if too many wait, M-261 if it is too large: the act then says so, and is not
// held up by anything else.
func (s *Service) Aufgeben(
	rows journal.Rows, a workflow.Auftrag, n int, art, ziel string, inhalt []byte, bis time.Time,
) (journal.Event, error) {
	if len(inhalt) > MaxInhalt || art == "" || ziel == "" {
		return nil, fault.New(fault.Invalid, "M-261", "Dieser Auftrag nach außen ist zu groß; bitte in mehrere teilen.", nil)
	}
	open := 0
	err := besorgungen.Offene(rows, func(Besorgung) (bool, error) { open++; return open < MaxOffen, nil })
	if err != nil {
		return nil, err
	}
	if open == MaxOffen {
		return nil, fault.New(fault.Unavailable, "M-260", "Es warten schon 10.000 Aufträge nach außen; "+
			"bitte unter Störungen nachsehen, warum sie nicht hinausgehen.", nil)
	}
	return event.BesorgungAufgegeben{
		ID: workflow.ID(a) + "-" + strconv.Itoa(n), Art: art, Ziel: ziel, Inhalt: slices.Clone(inhalt), Bis: bis.UnixNano(),
	}, nil
}

// Offene returns the errands that are not done, oldest first, at most limit.
func (s *Service) Offene(ctx context.Context, limit int) ([]Besorgung, error) {
	return s.offene(ctx, limit, func(Besorgung) bool { return true })
}

func (s *Service) offene(ctx context.Context, limit int, keep func(Besorgung) bool) ([]Besorgung, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []Besorgung, err error) {
		err = besorgungen.Offene(rows, func(b Besorgung) (bool, error) {
			if keep(b) {
				list = append(list, b)
			}
			return len(list) < limit, nil
		})
		return list, err
	})
}

// Wiederholen lets an errand that failed be tried again.
func (s *Service) Wiederholen(ctx context.Context, a workflow.Auftrag, id string) error {
	return s.entscheide(ctx, a, event.BesorgungEntschieden{ID: id, Was: "wiederholen"})
}

// Verwerfen drops an errand for a reason. One that the outside has done all the same stays done.
func (s *Service) Verwerfen(ctx context.Context, a workflow.Auftrag, id, grund string) error {
	if grund == "" {
		return fault.New(fault.Invalid, "M-262", "Bitte angeben, warum der Auftrag verworfen wird.", nil)
	}
	return s.entscheide(ctx, a, event.BesorgungEntschieden{ID: id, Was: "verwerfen", Grund: grund})
}

func (s *Service) entscheide(ctx context.Context, a workflow.Auftrag, e event.BesorgungEntschieden) error {
	_, err := s.kern.Do(ctx, a, e, func(rows journal.Rows) ([]journal.Event, error) {
		b, ok, err := besorgungen.Find(rows, e.ID)
		if err != nil {
			return nil, err
		}
		if !ok || !b.Stand.Offen() || e.Was == "wiederholen" && b.Stand.Wartet() {
			return nil, fault.New(fault.Conflict, "M-263",
				"Dieser Auftrag ist schon erledigt oder wird gerade versucht; bitte die Seite neu laden.", nil)
		}
		return []journal.Event{e}, nil
	})
	return err
}
