// Package rechner keeps the machines of the pharmacy: which there are, who takes them in and
// who takes them out, and the authority that vouches for them.
package rechner

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/rechner"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Rechner is a machine of the pharmacy.
type Rechner struct {
	Fingerabdruck string // SHA-256 of its public key, hex
	Platz         string
	Till          string // prefix of its receipt numbers
	Rang          int    // 1 is best; equal ones go by name
	Adresse       string // host:port under which others reach it
	Entfernt      bool
}

// MaxRang is the worst rank.
const MaxRang = 99

// Aussteller is the authority of the pharmacy, as stored.
type Aussteller struct {
	Epoche                 int
	Zertifikat, Schluessel []byte
}

// Service keeps the machines.
type Service struct {
	// Selbst is the fingerprint of this machine; empty: it is the one with its name and its prefix. The journal may have
	// another prefix for it, which it takes with its next start, and another machine the same.
	Selbst string

	kern *workflow.Kern
	neu  func(epoche int) (Aussteller, error)
}

// New returns the service. neu makes an authority of an epoch.
func New(k *workflow.Kern, neu func(epoche int) (Aussteller, error)) *Service {
	return &Service{kern: k, neu: neu}
}

// Alle returns all machines that were ever taken in, best first, removed ones last.
func (s *Service) Alle(ctx context.Context) ([]Rechner, error) {
	return workflow.View(ctx, s.kern, alle)
}

func alle(rows journal.Rows) ([]Rechner, error) {
	stored, err := rechner.Alle(rows)
	list := make([]Rechner, 0, len(stored))
	for _, e := range stored {
		list = append(list, Rechner{e.Fingerabdruck, e.Platz, e.Till, e.Rang, e.Adresse, e.Entfernt})
	}
	slices.SortFunc(list, func(a, b Rechner) int {
		last := map[bool]int{true: 1}
		return cmp.Or(last[a.Entfernt]-last[b.Entfernt], cmp.Compare(a.Rang, b.Rang), cmp.Compare(a.Platz, b.Platz),
			cmp.Compare(a.Fingerabdruck, b.Fingerabdruck))
	})
	return list, err
}

// Aussteller returns the present authority; false if the pharmacy has none yet. Its key is
// missing if the keys of this machine are locked.
func (s *Service) Aussteller(ctx context.Context) (Aussteller, bool, error) {
	found := false
	e, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (e event.AusstellerGesetzt, err error) {
		e, found, err = rechner.Aussteller(rows)
		return e, err
	})
	if err != nil || !found {
		return Aussteller{}, false, err
	}
	a := Aussteller{Epoche: e.Epoche, Zertifikat: e.Zertifikat}
	if a.Schluessel, err = s.kern.Store.Open(ctx, e.Schluessel); err != nil {
		return a, true, fmt.Errorf("open key of the authority: %w", err)
	}
	return a, true, nil
}

// Gruenden makes the authority and the first machine, which is this one. A pharmacy that
// has an authority stays as it is.
func (s *Service) Gruenden(ctx context.Context, a workflow.Auftrag, r Rechner) error {
	if err := check(r); err != nil {
		return err
	}
	authority, err := s.aussteller(ctx, 1)
	if err != nil {
		return err
	}
	_, err = s.kern.Do(ctx, a, []string{"gruenden", r.Fingerabdruck}, func(rows journal.Rows) ([]journal.Event, error) {
		if _, there, err := rechner.Aussteller(rows); err != nil || there {
			return nil, cmp.Or(err, workflow.ErrUnchanged)
		}
		return []journal.Event{authority, r.event()}, nil
	})
	return err
}

// aussteller makes an authority and seals its key: outside of any act.
func (s *Service) aussteller(ctx context.Context, epoche int) (e event.AusstellerGesetzt, err error) {
	a, err := s.neu(epoche)
	if err != nil {
		return e, err
	}
	// Under a name that nobody can guess: who is to be removed may have sent a key for it before.
	name := "aussteller-" + strconv.Itoa(epoche) + "-" + rand.Text()
	sealed, err := s.kern.Store.Seal(ctx, name, a.Schluessel)
	if err != nil {
		return e, fmt.Errorf("seal key of the authority: %w", err)
	}
	return event.AusstellerGesetzt{Epoche: epoche, Zertifikat: a.Zertifikat, Schluessel: sealed}, nil
}

// Aufnehmen takes a machine in. Without a Platz it gets the next free one, without a rank the
// one behind the others; a Platz that is there already goes over to the new machine, and the old
// one is removed, as by Entfernen: a new authority vouches from then on. Its receipt numbers do
// not go on: what the old one sold last may be lost with it, and a number must not be given out
// twice. A machine that is known gets its new rank and address.
func (s *Service) Aufnehmen(ctx context.Context, a workflow.Auftrag, r Rechner) (Rechner, error) {
	authority, err := s.statt(ctx, r)
	if err != nil {
		return r, err
	}
	_, err = s.kern.Do(ctx, a, []any{"aufnehmen", r}, func(rows journal.Rows) (events []journal.Event, err error) {
		list, err := alle(rows)
		if err != nil {
			return nil, err
		}
		r, events, err = einordnen(list, r, s.kern.Till)
		return append(events, authority...), err
	})
	if err != nil {
		return r, err
	}
	list, err := s.Alle(ctx) // a repeated act has decided nothing
	for _, m := range list {
		if m.Fingerabdruck == r.Fingerabdruck {
			r = m
		}
	}
	return r, err
}

// statt makes the next authority if a machine takes the place of another. Also if it is this one with a new
// key: whoever has the old disk can make one, too. The others know the authority before, which has to have
// vouched for the new key already, and get both with this act. With locked keys it is made later (Einigen).
func (s *Service) statt(ctx context.Context, r Rechner) ([]journal.Event, error) {
	list, err := s.Alle(ctx)
	replaced := slices.ContainsFunc(list, func(m Rechner) bool { return m.Platz == r.Platz && !m.Entfernt })
	known := slices.ContainsFunc(list, func(m Rechner) bool { return m.Fingerabdruck == r.Fingerabdruck })
	if err != nil || !replaced || known {
		return nil, err
	}
	e, err := s.naechster(ctx)
	if r.Platz == s.kern.Platz && fault.KindOf(err) == fault.Unavailable {
		return nil, nil
	}
	return []journal.Event{e}, err
}

// einordnen finds the place of a machine among all there ever were; own is the prefix of the machine
// that takes it in.
func einordnen(list []Rechner, r Rechner, own string) (Rechner, []journal.Event, error) {
	var events []journal.Event
	for _, m := range list {
		switch {
		case m.Fingerabdruck == r.Fingerabdruck && m.Entfernt:
			return r, nil, removed()
		case m.Fingerabdruck == r.Fingerabdruck:
			m.Rang, m.Adresse = cmp.Or(r.Rang, m.Rang), r.Adresse
			if slices.Contains(list, m) {
				return m, nil, workflow.ErrUnchanged
			}
			return m, []journal.Event{m.event()}, check(m)
		case m.Platz == r.Platz && !m.Entfernt:
			events = append(events, event.RechnerEntfernt{Fingerabdruck: m.Fingerabdruck, Platz: m.Platz, Grund: "ersetzt"})
			r.Rang = cmp.Or(r.Rang, m.Rang)
		}
	}
	if r.Rang == 0 {
		for _, m := range list {
			r.Rang = max(r.Rang, m.Rang)
		}
		r.Rang = min(r.Rang+1, MaxRang)
	}
	if r.Platz == "" || r.Till == "" {
		n := next(list, own, r.Fingerabdruck)
		r.Platz, r.Till = cmp.Or(r.Platz, "platz-"+n), n
	}
	return r, append(events, r.event()), check(r)
}

// Entfernen takes a machine out for ever and makes a new authority, whose key it will never
// see. This machine cannot take itself out.
func (s *Service) Entfernen(ctx context.Context, a workflow.Auftrag, fingerabdruck, grund string) error {
	authority, err := s.naechster(ctx)
	if err != nil {
		return err
	}
	_, err = s.kern.Do(ctx, a, []string{"entfernen", fingerabdruck}, func(rows journal.Rows) ([]journal.Event, error) {
		list, err := alle(rows)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(m Rechner) bool { return m.Fingerabdruck == fingerabdruck })
		switch {
		case i < 0:
			return nil, unbekannt()
		case list[i].Entfernt:
			return nil, workflow.ErrUnchanged
		case s.selbst(list[i]):
			return nil, fault.New(fault.Conflict, "M-203",
				"Ein Rechner kann sich nicht selbst entfernen; bitte an einem anderen tun.", nil)
		}
		out := event.RechnerEntfernt{Fingerabdruck: fingerabdruck, Platz: list[i].Platz, Grund: grund}
		return []journal.Event{out, authority}, nil
	})
	return err
}

func (s *Service) selbst(r Rechner) bool {
	if s.Selbst != "" {
		return r.Fingerabdruck == s.Selbst
	}
	return r.Platz == s.kern.Platz && r.Till == s.kern.Till
}

// Darf refuses who may not manage the machines.
func (s *Service) Darf(ctx context.Context, actor string) error {
	return s.kern.Store.View(ctx, func(rows journal.Rows) error { return s.darf(rows, actor) })
}

func (s *Service) darf(rows journal.Rows, actor string) error {
	return rechte.Fordern(rows, actor, berechtigung.Verwalten, 0, clock.Today(s.kern.Clock))
}

// teilnehmer is the machine with a fingerprint, if it is not removed: M-202.
func teilnehmer(list []Rechner, fingerabdruck string) (Rechner, error) {
	i := slices.IndexFunc(list, func(m Rechner) bool { return m.Fingerabdruck == fingerabdruck && !m.Entfernt })
	if i < 0 {
		return Rechner{}, unbekannt()
	}
	return list[i], nil
}

func unbekannt() error {
	return fault.New(fault.NotFound, "M-202", "Diesen Rechner gibt es nicht; bitte die Liste neu laden.", nil)
}

// RangSetzen gives a machine another rank; it follows as soon as it hears of it.
func (s *Service) RangSetzen(ctx context.Context, a workflow.Auftrag, fingerabdruck string, rang int) error {
	_, err := s.kern.Do(ctx, a, []any{"rang", fingerabdruck, rang}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a.Actor); err != nil {
			return nil, err
		}
		list, err := alle(rows)
		if err != nil {
			return nil, err
		}
		m, err := teilnehmer(list, fingerabdruck)
		if err != nil {
			return nil, err
		}
		if m.Rang == rang {
			return nil, workflow.ErrUnchanged
		}
		m.Rang = rang
		return []journal.Event{m.event()}, check(m)
	})
	return err
}

func (r Rechner) event() event.RechnerAufgenommen {
	return event.RechnerAufgenommen{
		Fingerabdruck: r.Fingerabdruck, Platz: r.Platz, Till: r.Till, Rang: r.Rang, Adresse: r.Adresse,
	}
}

// check refuses what cannot be a machine: names go into receipt numbers and addresses.
func check(r Rechner) error {
	word := func(s string, limit int, also string) bool {
		return s != "" && len(s) <= limit && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789"+also) == ""
	}
	switch {
	case len(r.Fingerabdruck) != 64 || !word(r.Fingerabdruck, 64, ""):
		return fault.New(fault.Invalid, "M-201",
			"Der neue Rechner hat keinen gültigen Schlüssel geschickt; bitte dort noch einmal versuchen.", nil)
	case !word(r.Platz, 32, "-"):
		return fault.New(fault.Invalid, "M-205",
			"Der Name eines Rechners hat höchstens 32 kleine Buchstaben, Ziffern und Striche, etwa platz-2.", nil)
	case r.Till != "" && !word(r.Till, maxTill, ""):
		return fault.New(fault.Invalid, "M-206",
			"Die Bonnummern eines Rechners beginnen mit höchstens 8 Buchstaben oder Ziffern.", nil)
	case r.Rang < 1 || r.Rang > MaxRang:
		return fault.New(fault.Invalid, "M-207",
			"Der Rang eines Rechners liegt zwischen 1 und 99.", nil)
	case len(r.Adresse) > 200:
		return fault.New(fault.Invalid, "M-208",
			"Die Adresse des Rechners ist zu lang; bitte in der Form 192.168.1.20:7443 angeben.", nil)
	}
	return nil
}

func removed() error {
	return fault.New(fault.Denied, "M-204",
		"Dieser Rechner wurde aus der Apotheke entfernt; bitte ihn mit einem leeren Datenordner neu aufnehmen.", nil)
}
