package anmeldung

import (
	"context"
	"fmt"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
)

// After five wrong tries somebody waits: half a minute, and twice as long each further
// time, a quarter of an hour at most. Only that user on that till waits: he can go to
// another till, and everybody else goes on here.
const (
	freie    = 5
	pause    = 30 * time.Second
	laengste = 15 * time.Minute
)

// versuche counts the wrong tries of a user on this till.
type versuche struct {
	n   int
	bis time.Duration // monotonic; until then every try is refused unseen
}

// erinnert is how many lines of the audit are looked at for tries before the start of the program.
const erinnert = 2000

// erinnere takes over the wrong tries from before the start: they stand in the audit, so that to
// start the program anew gives nobody more of them. Only the time since the last one is measured by
// the wall clock then.
func (s *Service) erinnere(ctx context.Context, wer string) error {
	s.mu.Lock()
	_, known := s.tries[wer]
	s.mu.Unlock()
	if known {
		return nil
	}
	v := &versuche{}
	last, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (last time.Time, err error) {
		v.n, last, err = anmeldung.Refused(rows, wer, s.kern.Platz, erinnert)
		return last, err
	})
	if err != nil {
		return err
	}
	if v.n >= freie {
		rest := min(v.pause(), v.pause()-s.kern.Clock.Now().Sub(last))
		v.bis = s.kern.Clock.Mono() + max(rest, 0)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.tries[wer]; !known {
		s.tries[wer] = v
	}
	return nil
}

// pause is how long somebody waits after so many wrong tries.
func (v *versuche) pause() time.Duration { return min(pause<<min(v.n-freie, 10), laengste) }

// beginne refuses a try while somebody has to wait, and counts it as wrong until it was
// right: many at once get no more tries than one after the other.
func (s *Service) beginne(wer string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.tries[wer]
	now := s.kern.Clock.Mono()
	if now < v.bis {
		return fault.New(fault.Denied, "G-121", fmt.Sprintf(
			"Zu viele falsche Versuche – warten Sie noch %d Sekunden; alle anderen können sich anmelden.",
			int((v.bis-now+time.Second-1)/time.Second)), nil)
	}
	v.n++
	if v.n >= freie {
		v.bis = now + v.pause()
	}
	return nil
}

func (s *Service) richtig(wer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries[wer] = &versuche{} // what stands in the audit is over, also before this is written there
}

// pruefe returns who the PIN belongs to.
func (s *Service) pruefe(ctx context.Context, kuerzel, pin string) (bekannt, error) {
	b, err := s.bekannt(ctx, kuerzel)
	if err != nil {
		return b, err
	}
	if !b.aktiv {
		return b, fault.New(fault.NotFound, "G-122",
			"Dieses Kürzel gehört zu niemandem, der hier arbeitet – wählen Sie eines aus der Liste.", nil)
	}
	if b.pin == "" {
		return b, fault.New(fault.Denied, "G-123",
			"Für dieses Kürzel ist keine PIN festgelegt – lassen Sie sie in den Einstellungen festlegen.", nil)
	}
	err = s.erinnere(ctx, b.kuerzel)
	if err == nil {
		err = s.beginne(b.kuerzel)
	}
	if err != nil {
		return b, err
	}
	if len(pin) != pinLen || !s.hasher.Stimmt(b.pin, pin) {
		return b, s.abgelehnt(ctx, b.kuerzel)
	}
	s.richtig(b.kuerzel)
	return b, nil
}

// abgelehnt writes the failure down and refuses.
func (s *Service) abgelehnt(ctx context.Context, kuerzel string) error {
	if err := s.vermerke(ctx, kuerzel, "abgelehnt", "PIN"); err != nil {
		return err
	}
	return fault.New(fault.Denied, "G-124", "Die PIN stimmt nicht – geben Sie Ihre sechs Ziffern noch einmal ein.", nil)
}

// traeger returns whose badge a code is. Codes have about 100 bit: nobody guesses one, so
// wrong ones block nobody.
func (s *Service) traeger(ctx context.Context, code string) (bekannt, error) {
	unknown := fault.New(fault.Denied, "G-125",
		"Dieser Ausweis ist nicht gültig – melden Sie sich mit der PIN an.", nil)
	if !IstAusweis(code) {
		return bekannt{}, unknown
	}
	hash := s.hasher.Nachschlag(code)
	b, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (bekannt, error) {
		staff, err := haus.Benutzer(rows)
		for _, x := range staff {
			if err != nil || !x.Aktiv {
				continue
			}
			var b bekannt
			if b, err = person(rows, x.Kuerzel); err == nil && b.ausweis == hash && b.pin != "" {
				return b, nil
			}
		}
		return bekannt{}, err
	})
	if err == nil && b.kuerzel == "" {
		err = unknown
	}
	return b, err
}
