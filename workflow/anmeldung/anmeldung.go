// Package anmeldung is who stands at a till: login with PIN or badge, the lock after a
// while without a key, step-up for sensitive acts, permits, the sealed code of the Inhaber,
// and the signature under a dispensing. Everything is decided on this machine alone.
package anmeldung

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/geheim"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// The times of a session, by the monotonic clock.
const (
	Sperre  = 90 * time.Second  // without a key, unless the settings say otherwise
	frisch  = 120 * time.Second // for which a step-up holds
	maxLive = 1000              // sessions of one till; the oldest ends first
)

// Service logs in.
type Service struct {
	kern   *workflow.Kern
	hasher geheim.Hasher

	mu       sync.Mutex
	sessions map[string]*sitzung // by token
	tries    map[string]*versuche
}

// sitzung is somebody at the screen.
type sitzung struct {
	kuerzel  string
	stand    string        // hash of the PIN at login: a new PIN ends the session
	zuletzt  time.Duration // monotonic
	frisch   time.Duration // last proof, monotonic
	notfall  bool          // opened by the sealed code
	bestaeti bool
}

// New returns the service.
func New(k *workflow.Kern) *Service {
	return &Service{kern: k, sessions: map[string]*sitzung{}, tries: map[string]*versuche{}}
}

// Anmelden opens a session with the PIN and returns its token.
func (s *Service) Anmelden(ctx context.Context, kuerzel, pin string) (string, error) {
	b, err := s.pruefe(ctx, kuerzel, pin)
	if err != nil {
		return "", err
	}
	return s.oeffne(b, false), s.vermerke(ctx, b.kuerzel, "angemeldet", "PIN")
}

// Ausweis opens a session with a badge and returns its token and whose it is.
func (s *Service) Ausweis(ctx context.Context, code string) (token, kuerzel string, err error) {
	b, err := s.traeger(ctx, code)
	if err != nil {
		return "", "", err
	}
	return s.oeffne(b, false), b.kuerzel, s.vermerke(ctx, b.kuerzel, "angemeldet", "Ausweis")
}

func (s *Service) oeffne(b bekannt, notfall bool) string {
	token, now := rand.Text(), s.kern.Clock.Mono()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sessions) >= maxLive {
		oldest := ""
		for t, x := range s.sessions {
			if oldest == "" || x.zuletzt < s.sessions[oldest].zuletzt {
				oldest = t
			}
		}
		delete(s.sessions, oldest)
	}
	s.sessions[token] = &sitzung{
		kuerzel: b.kuerzel, stand: b.pin, zuletzt: now, frisch: now, notfall: notfall, bestaeti: true,
	}
	return token
}

// Abmelden ends a session for ever; its token is of no use any more.
func (s *Service) Abmelden(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, token)
}

// Wer returns whose session a token is; empty: nobody's, or it is locked, or the PIN is
// another since, or the user no longer works here. Beruehrt says that somebody is at the keys.
func (s *Service) Wer(ctx context.Context, token string, beruehrt bool) string {
	if token == "" {
		return ""
	}
	idle, now := s.sperre(ctx), s.kern.Clock.Mono()
	s.mu.Lock()
	x, ok := s.sessions[token]
	if ok && now-x.zuletzt > idle {
		delete(s.sessions, token)
		ok = false
	}
	if !ok {
		s.mu.Unlock()
		return ""
	}
	if beruehrt {
		x.zuletzt = now
	}
	kuerzel, stand, notfall := x.kuerzel, x.stand, x.notfall
	s.mu.Unlock()
	b, err := s.bekannt(ctx, kuerzel)
	if err != nil || !b.aktiv || b.pin != stand && !notfall {
		return ""
	}
	return kuerzel
}

// sperre is how long nobody may touch a key.
func (s *Service) sperre(ctx context.Context) time.Duration {
	text, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (string, error) {
		return haus.Einstellung(rows, "sperre")
	})
	n, bad := strconv.Atoi(text)
	if err != nil || bad != nil || n < 60 || n > 120 {
		return Sperre
	}
	return time.Duration(n) * time.Second
}

// Bestaetigt reports whether the user of a session proved lately who he is.
func (s *Service) Bestaetigt(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.sessions[token]
	return ok && x.bestaeti && s.kern.Clock.Mono()-x.frisch <= frisch
}

// Bestaetigen is the step-up: the PIN again, for two minutes.
func (s *Service) Bestaetigen(ctx context.Context, token, pin string) error {
	kuerzel := s.Wer(ctx, token, true)
	if kuerzel == "" {
		return gesperrt()
	}
	if _, err := s.pruefe(ctx, kuerzel, pin); err != nil {
		return err
	}
	s.mu.Lock()
	if x, ok := s.sessions[token]; ok {
		x.frisch, x.bestaeti = s.kern.Clock.Mono(), true
	}
	s.mu.Unlock()
	return s.vermerke(ctx, kuerzel, "bestätigt", "PIN")
}

func gesperrt() error {
	return fault.New(fault.Denied, "G-120", "Der Platz ist gesperrt – melden Sie sich mit PIN oder Ausweis an.", nil)
}

// bekannt is what the journal knows of somebody.
type bekannt struct {
	kuerzel, pin, ausweis string
	aktiv, inhaber        bool
}

func (s *Service) bekannt(ctx context.Context, kuerzel string) (bekannt, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (bekannt, error) { return person(rows, kuerzel) })
}

func person(rows journal.Rows, kuerzel string) (bekannt, error) {
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return bekannt{}, err
	}
	i := slices.IndexFunc(staff, func(b event.BenutzerGesetzt) bool { return strings.EqualFold(b.Kuerzel, kuerzel) })
	if i < 0 {
		return bekannt{}, nil
	}
	b := bekannt{kuerzel: staff[i].Kuerzel, aktiv: staff[i].Aktiv}
	b.inhaber = staff[i].Rolle == string(berechtigung.Inhaber)
	if b.pin, err = anmeldung.PIN(rows, b.kuerzel); err == nil {
		b.ausweis, err = anmeldung.Ausweis(rows, b.kuerzel)
	}
	return b, err
}

// vermerke writes a line of the audit.
func (s *Service) vermerke(ctx context.Context, kuerzel, was, womit string) error {
	e := event.AnmeldungVermerkt{Kuerzel: kuerzel, Was: was, Womit: womit, Platz: s.kern.Platz}
	a := workflow.Auftrag{Key: "anmeldung-" + rand.Text(), Actor: kuerzel}
	_, err := s.kern.Do(ctx, a, e, func(journal.Rows) ([]journal.Event, error) { return []journal.Event{e}, nil })
	return err
}

// Lage is what pages and Störungen say of logins.
type Lage struct {
	Scharf     bool     // rights are enforced
	OhnePIN    []string // active users
	OhneRolle  []string
	Offen      int  // dispensings that nobody has signed
	Notfall    bool // the sealed code was used and not replaced
	Notfehlend bool // there is none
	Produktiv  bool
}

// Lage looks.
func (s *Service) Lage(ctx context.Context) (Lage, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (l Lage, err error) {
		if l.Scharf, err = rechte.Scharf(rows); err != nil {
			return l, err
		}
		if l.OhnePIN, l.OhneRolle, err = mangel(rows); err != nil {
			return l, err
		}
		e, used, err := anmeldung.Notschluessel(rows)
		if err != nil {
			return l, err
		}
		l.Notfall, l.Notfehlend = used, e.Hash == ""
		open, err := anmeldung.Offen(rows, maxOffen)
		if err != nil {
			return l, err
		}
		l.Offen = len(open)
		live, err := haus.Einstellung(rows, "produktiv")
		l.Produktiv = live == "ja"
		return l, err
	})
}

// OhnePIN reports whether rights are enforced, and which active users have no PIN.
func (s *Service) OhnePIN(ctx context.Context) (armed bool, list []string, err error) {
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		if armed, err = rechte.Scharf(rows); err != nil {
			return err
		}
		list, _, err = mangel(rows)
		return err
	})
	return armed, list, err
}

// mangel names the active users without PIN and those without role.
func mangel(rows journal.Rows) (ohnePIN, ohneRolle []string, err error) {
	staff, err := haus.Benutzer(rows)
	for _, b := range staff {
		if err != nil || !b.Aktiv {
			continue
		}
		var pin string
		if pin, err = anmeldung.PIN(rows, b.Kuerzel); pin == "" {
			ohnePIN = append(ohnePIN, b.Kuerzel)
		}
		if b.Rolle == "" {
			ohneRolle = append(ohneRolle, b.Kuerzel)
		}
	}
	return ohnePIN, ohneRolle, err
}

// darfAn holds PIN and badge of others to those who may keep users; those of an Inhaber to
// an Inhaber.
func (s *Service) darfAn(rows journal.Rows, actor string, b bekannt) error {
	if b.inhaber {
		return rechte.Inhaber(rows, actor, clock.Today(s.kern.Clock))
	}
	return s.darf(rows, actor)
}

// darf holds the keeping of users to those who may.
func (s *Service) darf(rows journal.Rows, actor string) error {
	return rechte.Fordern(rows, actor, berechtigung.Verwalten, 0, clock.Today(s.kern.Clock))
}
