// Package geraete is who may see the pages of this machine on another device: whether it serves
// them at all, the code with which a device is let in once, and the end of a permission (ADR 0030).
package geraete

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/geheim"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/geraete"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// The limits of a code: one device, by the monotonic clock.
const (
	Dauer    = 10 * time.Minute
	ziffern  = 8
	versuche = 5
	maxName  = 40 // characters
	maxNahe  = 50 // devices of one machine
)

// Geraet is a device that may see the pages of this machine.
type Geraet = geraete.Geraet

// Seiten is whether this machine serves its pages to devices.
type Seiten struct {
	An   bool
	Port int
}

// Code lets one device in.
type Code struct {
	Code, Name string
	Noch       time.Duration
}

// Service keeps the devices of this machine.
type Service struct {
	kern    *workflow.Kern
	rechner string // fingerprint of this machine

	mu    sync.Mutex
	offen *offen
}

// offen is a code that is open, and who opened it.
type offen struct {
	code, name, wer string
	bis             time.Duration // monotonic
	noch            int           // tries
}

// New returns the service of the machine with a fingerprint.
func New(k *workflow.Kern, rechner string) *Service { return &Service{kern: k, rechner: rechner} }

// Seiten returns whether this machine serves its pages to devices.
func (s *Service) Seiten(ctx context.Context) (Seiten, error) {
	return workflow.View(ctx, s.kern, s.seiten)
}

func (s *Service) seiten(rows journal.Rows) (Seiten, error) {
	e, err := geraete.Seiten(rows, s.rechner)
	return Seiten{An: e.An, Port: e.Port}, err
}

// Schalten has this machine serve its pages to devices, or to none any more. Port is 1 to 65535.
func (s *Service) Schalten(ctx context.Context, a workflow.Auftrag, x Seiten) error {
	if x.An && (x.Port < 1 || x.Port > 65535) {
		return fault.New(fault.Invalid, "M-298", "Der Port liegt zwischen 1 und 65535 – nehmen Sie etwa 9443.", nil)
	}
	_, err := s.kern.Do(ctx, a, []any{"Seiten", s.rechner, x}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a.Actor); err != nil {
			return nil, err
		}
		was, err := s.seiten(rows)
		if err != nil || was == x {
			return nil, or(err, workflow.ErrUnchanged)
		}
		if x.An {
			err = scharf(rows)
		}
		return []journal.Event{event.SeitenGesetzt{Rechner: s.rechner, An: x.An, Port: x.Port}}, err
	})
	if err == nil && !x.An {
		s.schliesse()
	}
	return err
}

// Darf refuses who may not manage the devices.
func (s *Service) Darf(ctx context.Context, actor string) error {
	return s.kern.Store.View(ctx, func(rows journal.Rows) error { return s.darf(rows, actor) })
}

func (s *Service) darf(rows journal.Rows, actor string) error {
	return rechte.Fordern(rows, actor, berechtigung.Verwalten, 0, clock.Today(s.kern.Clock))
}

// scharf refuses devices where nobody has to log in.
func scharf(rows journal.Rows) error {
	armed, err := rechte.Scharf(rows)
	if err != nil || armed {
		return err
	}
	return fault.New(fault.Conflict, "M-292",
		"Solange kein Inhaber eine PIN hat, gibt es die Seiten nur hier – legen Sie zuerst seine PIN fest.", nil)
}

// Oeffnen makes a code for one device of a name; an earlier code ends.
func (s *Service) Oeffnen(ctx context.Context, actor, name string) error {
	name = strings.TrimSpace(name)
	bad := strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
	if n := len([]rune(name)); n == 0 || n > maxName || bad {
		return fault.New(fault.Invalid, "M-294",
			"Ein Gerät braucht einen Namen mit höchstens 40 Zeichen – nehmen Sie etwa „Laptop Büro“.", nil)
	}
	err := s.kern.Store.View(ctx, func(rows journal.Rows) error { return s.darfKoppeln(rows, actor, name) })
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offen = &offen{geheim.Ziffern(ziffern), name, actor, s.kern.Clock.Mono() + Dauer, versuche}
	return nil
}

// darfKoppeln refuses a device of a name.
func (s *Service) darfKoppeln(rows journal.Rows, actor, name string) error {
	if err := s.darf(rows, actor); err != nil {
		return err
	}
	if err := scharf(rows); err != nil {
		return err
	}
	if x, err := s.seiten(rows); err != nil || !x.An {
		return or(err, fault.New(fault.Conflict, "M-299",
			"Dieser Rechner zeigt seine Seiten keinem anderen Gerät – schalten Sie das zuerst ein.", nil))
	}
	list, err := geraete.Alle(rows, s.rechner)
	switch {
	case err != nil:
		return err
	case len(list) >= maxNahe:
		return fault.New(fault.Conflict, "M-289", "Mehr als 50 Geräte gehen nicht – entziehen Sie zuerst eines.", nil)
	case slices.ContainsFunc(list, func(g Geraet) bool { return strings.EqualFold(g.Name, name) }):
		return fault.New(fault.Conflict, "M-288",
			"Ein Gerät mit diesem Namen gibt es schon – entziehen Sie es zuerst oder nehmen Sie einen anderen.", nil)
	}
	return nil
}

// Offen returns the code that is open; nil: none.
func (s *Service) Offen() *Code {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.lebt()
	if o == nil {
		return nil
	}
	return &Code{o.code, o.name, o.bis - s.kern.Clock.Mono()}
}

// lebt forgets a code that is over.
func (s *Service) lebt() *offen {
	if s.offen != nil && (s.offen.noch <= 0 || s.kern.Clock.Mono() >= s.offen.bis) {
		s.offen = nil
	}
	return s.offen
}

// Schliessen ends the code.
func (s *Service) Schliessen(ctx context.Context, actor string) error {
	if err := s.Darf(ctx, actor); err != nil {
		return err
	}
	s.schliesse()
	return nil
}

func (s *Service) schliesse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offen = nil
}

// Koppeln lets the device in that knows the code, and returns what its browser keeps: 130 random
// bits, of which the journal holds a hash. The code is used up, also if that fails.
func (s *Service) Koppeln(ctx context.Context, code string) (string, error) {
	o, err := s.nimm(code)
	if err != nil {
		return "", err
	}
	token := rand.Text()
	a := workflow.Auftrag{Key: "geraet-" + rand.Text(), Actor: o.wer}
	_, err = s.kern.Do(ctx, a, []string{"Gerät", o.name}, func(rows journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.GeraetErlaubt{
			ID: workflow.ID(a), Rechner: s.rechner, Name: o.name, Hash: hash(token),
		}}, s.darfKoppeln(rows, o.wer, o.name)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// nimm takes one try, and the code if it is right.
func (s *Service) nimm(code string) (offen, error) {
	code = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, code)
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.lebt()
	if o == nil {
		return offen{}, fault.New(fault.Denied, "M-290",
			"Gerade ist kein Code offen – lassen Sie sich am Rechner unter „Geräte“ einen neuen zeigen.", nil)
	}
	if subtle.ConstantTimeCompare([]byte(code), []byte(o.code)) != 1 {
		o.noch--
		return offen{}, falsch(o.noch)
	}
	s.offen = nil
	return *o, nil
}

func falsch(noch int) error {
	return fault.New(fault.Denied, "M-291", fmt.Sprintf(
		"Der Code stimmt nicht – geben Sie die acht Ziffern vom Rechner ein (übrige Versuche: %d).", noch), nil)
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Wer returns the device that keeps a token; false: none that may see the pages now.
func (s *Service) Wer(ctx context.Context, token string) (g Geraet, ok bool, err error) {
	if token == "" || len(token) > 64 {
		return g, false, nil
	}
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		x, err := s.seiten(rows)
		if err == nil && x.An {
			g, ok, err = geraete.Find(rows, s.rechner, hash(token))
		}
		return err
	})
	return g, ok && err == nil, err
}

// Liste returns the devices that may see the pages, by name.
func (s *Service) Liste(ctx context.Context) ([]Geraet, error) {
	list, err := workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Geraet, error) {
		return geraete.Alle(rows, s.rechner)
	})
	slices.SortFunc(list, func(a, b Geraet) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
	return list, err
}

// Entziehen ends the permission of a device: its next request is refused.
func (s *Service) Entziehen(ctx context.Context, a workflow.Auftrag, id string) error {
	_, err := s.kern.Do(ctx, a, []string{"Gerät weg", id}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a.Actor); err != nil {
			return nil, err
		}
		list, err := geraete.Alle(rows, s.rechner)
		if err == nil && !slices.ContainsFunc(list, func(g Geraet) bool { return g.ID == id }) {
			err = fault.New(fault.NotFound, "M-297", "Dieses Gerät gibt es nicht mehr – laden Sie die Seite neu.", nil)
		}
		return []journal.Event{event.GeraetEntzogen{ID: id}}, err
	})
	return err
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
