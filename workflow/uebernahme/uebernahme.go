// Package uebernahme is going on with the cart of another machine: when that is allowed, what
// is asked before, and what is left to settle if the other machine was only cut off.
package uebernahme

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Check refuses to take an open cart from a machine that answers. A parked one, and one of
// this machine, is free; of one that does not answer the user has said that it is off.
func Check(k *workflow.Kern, v vorgang.Vorgang) error {
	if v.Zustand != vorgang.Offen || v.Platz == k.Platz || k.Sicht == nil || !k.Sicht.Antwortet(v.Platz) {
		return nil
	}
	return fault.New(fault.Conflict, "V-420", fmt.Sprintf("Der Vorgang ist an %s offen, und %s läuft – "+
		"parken Sie ihn dort mit F8, dann holen Sie ihn hier.", v.Platz, v.Platz), nil)
}

// Service settles what take-overs leave behind.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Frage returns the machine of which a person must say that it is off before its cart can be
// gone on with here; empty: there is nothing to ask. V-420: the machine answers.
func (s *Service) Frage(ctx context.Context, id string) (string, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (string, error) {
		v, ok, err := vorgaenge.Find(rows, id)
		if err != nil || !ok || v.Zustand != vorgang.Offen || v.Platz == s.kern.Platz {
			return "", err // of a cart that is gone Fortsetzen tells
		}
		return v.Platz, Check(s.kern, v.Vorgang)
	})
}

// Doppelt is a cart that two machines have sold: both Bons stand until somebody cancels one,
// or says that both are right.
type Doppelt struct {
	Vorgang string
	Bons    []bon.Bon
}

// Rest is what a machine that was cut off did to a cart after another had gone on with it.
type Rest struct {
	vorgaenge.Rest
	Zeilen []Zeile // what it put on the cart or changed
	Wann   time.Time
}

// Zeile is a line of a Rest.
type Zeile struct {
	Menge int
	Name  string
}

// Aufgaben is what somebody has to settle.
type Aufgaben struct {
	Doppelt []Doppelt
	Reste   []Rest
}

// Anzahl is how many there are.
func (a Aufgaben) Anzahl() int { return len(a.Doppelt) + len(a.Reste) }

// Aufgaben returns what is to be settled.
func (s *Service) Aufgaben(ctx context.Context) (Aufgaben, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (a Aufgaben, err error) {
		twice, err := vorgaenge.DoppeltVerkauft(rows)
		if err != nil {
			return a, err
		}
		for _, d := range twice {
			list, err := receipts(rows, d)
			if err != nil {
				return a, err
			}
			a.Doppelt = append(a.Doppelt, Doppelt{d.Vorgang, list})
		}
		left, err := vorgaenge.Reste(rows)
		if err != nil {
			return a, err
		}
		gen, err := s.kern.KatalogIn(rows).Am(clock.Today(s.kern.Clock))
		if err != nil {
			gen = nil // the numbers say enough
		}
		for _, r := range left {
			a.Reste = append(a.Reste, Rest{r, zeilen(ctx, gen, r), time.Unix(0, r.Zeit).UTC()})
		}
		return a, nil
	})
}

func receipts(rows journal.Rows, d vorgaenge.Doppelt) (list []bon.Bon, err error) {
	for _, n := range d.Bons {
		b, ok, err := bons.Find(rows, n)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, func(a, b bon.Bon) int { return int(max(min(a.Zeit-b.Zeit, 1), -1)) })
	return list, nil
}

func zeilen(ctx context.Context, gen catalogue.Generation, r vorgaenge.Rest) (list []Zeile) {
	for _, p := range r.Positionen {
		z := Zeile{p.Menge, p.Bezeichnung}
		if p.PZN != "" {
			z.Name = "PZN " + string(p.PZN)
			if gen != nil {
				if a, ok, err := gen.Artikel(ctx, p.PZN); err == nil && ok {
					z.Name = a.Name + " " + a.Packung()
				}
			}
		}
		if z.Name == "" {
			z.Name = "SOK " + p.SOK
		}
		list = append(list, z)
	}
	return list
}

// Beide says that both Bons of a cart are right: two customers, or paid twice on purpose.
func (s *Service) Beide(ctx context.Context, a workflow.Auftrag, id string) error {
	_, err := s.kern.Do(ctx, a, []string{"beide", id}, func(rows journal.Rows) ([]journal.Event, error) {
		list, err := vorgaenge.DoppeltVerkauft(rows)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(list, func(d vorgaenge.Doppelt) bool { return d.Vorgang == id }) {
			return nil, workflow.ErrUnchanged
		}
		err = rechte.Fordern(rows, a.Actor, berechtigung.Storno, 0, clock.Today(s.kern.Clock))
		return []journal.Event{event.UebernahmeGeklaert{Vorgang: id, Wie: "beide"}}, err
	})
	return err
}

// Parken makes what a machine did besides a parked cart of its own. V-422: it is settled.
func (s *Service) Parken(ctx context.Context, a workflow.Auftrag, id, platz string, epoche int) error {
	return s.settle(ctx, a, "geparkt", id, platz, epoche, func(r vorgaenge.Rest) []journal.Event {
		if len(r.Positionen) == 0 {
			return nil
		}
		lines := slices.Clone(r.Positionen)
		for i := range lines { // the prescription is on the other cart, or in its Bon
			lines[i].Rezept, lines[i].Verordnung = "", 0
		}
		head := vorgang.Kopf{
			Platz: s.kern.Platz, Epoche: 1, Zustand: vorgang.Geparkt, Tag: clock.Today(s.kern.Clock), Notiz: "Rest von " + platz,
		}
		return []journal.Event{event.VorgangGeaendert{
			ID: "v-" + workflow.ID(a), Version: 1, Kopf: &head, Gesetzt: lines, Was: "Übernahme",
		}}
	})
}

// Verwerfen drops what a machine did besides. V-422: it is settled.
func (s *Service) Verwerfen(ctx context.Context, a workflow.Auftrag, id, platz string, epoche int) error {
	return s.settle(ctx, a, "verworfen", id, platz, epoche, func(vorgaenge.Rest) []journal.Event { return nil })
}

func (s *Service) settle(
	ctx context.Context, a workflow.Auftrag, wie, id, platz string, epoche int,
	also func(vorgaenge.Rest) []journal.Event,
) error {
	_, err := s.kern.Do(ctx, a, []any{wie, id, platz, epoche}, func(rows journal.Rows) ([]journal.Event, error) {
		list, err := vorgaenge.Reste(rows)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(r vorgaenge.Rest) bool {
			return r.Vorgang == id && r.Platz == platz && r.Epoche == epoche
		})
		if i < 0 {
			return nil, fault.New(fault.NotFound, "V-422", "Das ist schon erledigt – laden Sie die Seite neu.", nil)
		}
		done := event.UebernahmeGeklaert{Vorgang: id, Platz: platz, Epoche: epoche, Bis: list[i].Version, Wie: wie}
		return append(also(list[i]), done), nil
	})
	return err
}
