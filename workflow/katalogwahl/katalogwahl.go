// Package katalogwahl is choosing among the generations of the catalogue: another one, the
// one before, one that the gate held, and back again. The journal has the choice first; the
// file that the tills read is its effect and is settled again whenever the two differ.
package katalogwahl

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/katalogwahl"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// system is who chose by a command that did not say who calls it.
const system = "SYSTEM"

// Service chooses.
type Service struct {
	kern   *workflow.Kern
	ordner Ordner
	wirkt  atomic.Pointer[string] // what was settled last, as marke has it
}

// New returns the service.
func New(k *workflow.Kern, o Ordner) *Service { return &Service{kern: k, ordner: o} }

// Eingabe is a choice that somebody confirms.
type Eingabe struct {
	Art     catalogue.Wahlart
	Katalog string // at Aktiviert
	Bezug   string // ID of the choice to undo, at Rueckgaengig
	Grund   string
	Digest  string // of the Vorschau that was shown
}

// Vorschau is what a choice would do, as it is to be confirmed.
type Vorschau struct {
	catalogue.Wahl

	Alt, Neu *catalogue.Manifest // what holds on Tag without and with it
	Heute    bool                // Tag is today
}

// Vorschau says what a choice would do now. It changes nothing.
func (s *Service) Vorschau(ctx context.Context, e Eingabe) (v Vorschau, err error) {
	x, err := s.wunsch(ctx, e)
	if err != nil {
		return v, err
	}
	today := clock.Today(s.kern.Clock)
	err = s.ordner.Ansehen(func(a Auswahl) error {
		if v.Wahl, err = a.Plan(x, today); err != nil {
			return err
		}
		v.Alt, v.Neu = manifest(a, v.Vorher), manifest(a, v.Nachher)
		return nil
	})
	v.Heute = v.Tag <= today
	if err == nil && v.Leer() {
		err = nichts()
	}
	return v, err
}

func manifest(a Auswahl, id string) *catalogue.Manifest {
	if m, ok := a.Manifest(id); ok {
		return &m
	}
	return nil
}

func nichts() error {
	return fault.New(fault.Conflict, "A-732", "Dieser Katalog gilt schon, es ändert sich nichts; bitte die Liste der "+
		"Kataloge neu öffnen.", nil)
}

// wunsch finds the choice to undo.
func (s *Service) wunsch(ctx context.Context, e Eingabe) (catalogue.Vorhaben, error) {
	x := catalogue.Vorhaben{Art: e.Art, Katalog: e.Katalog}
	if e.Art != catalogue.Rueckgaengig {
		return x, nil
	}
	w, err := s.finde(ctx, e.Bezug)
	x.Bezug = &w
	return x, err
}

func (s *Service) finde(ctx context.Context, id string) (catalogue.Wahl, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (catalogue.Wahl, error) {
		row, ok, err := katalogwahl.Find(rows, id)
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "A-733", "Diese Wahl steht nicht im Journal; bitte die Liste der Wahlen neu "+
				"öffnen.", nil)
		}
		return vonZeile(row), err
	})
}

// Waehlen journals a confirmed choice and makes it effective. It refuses if it would do
// something else than what was shown. If it is in the journal and cannot be made
// effective, the error says so, and Abgleich does it later.
func (s *Service) Waehlen(ctx context.Context, a workflow.Auftrag, e Eingabe) (w catalogue.Wahl, err error) {
	e.Grund = strings.Join(strings.Fields(e.Grund), " ")
	if e.Grund == "" {
		return w, fault.New(fault.Invalid, "A-735", "Bitte einen Grund angeben: Er steht danach in der Liste der "+
			"Wahlen.", nil)
	}
	x, err := s.wunsch(ctx, e)
	if err != nil {
		return w, err
	}
	err = s.ordner.Waehlend(func(sel Auswahl) error {
		if err := s.gleiche(ctx, sel); err != nil {
			return err
		}
		plan, refused := sel.Plan(x, clock.Today(s.kern.Clock))
		plan.ID, plan.Grund = workflow.ID(a), e.Grund
		plan.Wer, plan.Zeit = a.Actor, s.kern.Clock.Now()
		if refused == nil {
			refused = bestaetigt(plan, e)
		}
		w = plan
		return s.buche(ctx, a, e, sel, &w, refused)
	})
	return w, err
}

// bestaetigt refuses what is not what was shown.
func bestaetigt(w catalogue.Wahl, e Eingabe) error {
	switch {
	case w.Leer():
		return nichts()
	case w.Digest() != e.Digest:
		return fault.New(fault.Conflict, "A-734", "Inzwischen hat sich geändert, was diese Wahl bewirkt; bitte noch "+
			"einmal ansehen und bestätigen.", nil)
	}
	return nil
}

// buche writes the choice into the journal, then makes it effective. A repeated act has been
// made effective by gleiche, and is answered as the first time.
func (s *Service) buche(
	ctx context.Context, a workflow.Auftrag, e Eingabe, sel Auswahl, w *catalogue.Wahl, refused error,
) error {
	input := []any{e.Art, e.Katalog, e.Bezug, e.Grund}
	r, err := s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
		err := rechte.Fordern(rows, a.Actor, berechtigung.Katalog, 0, clock.Today(s.kern.Clock))
		if err != nil {
			return nil, err
		}
		if refused != nil {
			return nil, refused
		}
		return []journal.Event{inJournal(*w)}, nil
	})
	if err == nil && r.Repeated {
		*w, err = s.finde(ctx, w.ID)
		return err
	}
	if err != nil {
		return err
	}
	return s.wirke(sel, *w)
}

// wirke makes effective what the journal has.
func (s *Service) wirke(sel Auswahl, w catalogue.Wahl) error {
	if err := sel.Wirke(w); err != nil {
		s.wirkt.Store(nil) // Abgleich looks again, whatever the file is like then
		return fault.New(fault.Unavailable, "A-736", "Die Wahl steht im Journal und wirkt noch nicht; sie wird "+
			"nachgeholt, sobald der Ordner der Kataloge wieder zu beschreiben ist.", err)
	}
	return nil
}

// Abgleich settles journal and file: what a command has chosen is journalled, and what the
// journal has is made effective, also what another machine has written into it. It does nothing
// as long as the file is as it was left and the journal has no later choice.
func (s *Service) Abgleich(ctx context.Context) error {
	mark, err := s.ordner.Mark()
	if err != nil {
		return err
	}
	last, err := s.letzte(ctx)
	if err != nil {
		return err
	}
	if known := s.wirkt.Load(); known != nil && *known == marke(mark, last) {
		return nil
	}
	due := false
	err = s.ordner.Ansehen(func(a Auswahl) error {
		due = len(a.Offen()) > 0 || last != nil && last.ID != a.Stand()
		return nil
	})
	if err == nil && due { // that it is settled, the next look finds out
		return s.ordner.Waehlend(func(a Auswahl) error { return s.gleiche(ctx, a) })
	}
	if err == nil {
		settled := marke(mark, last)
		s.wirkt.Store(&settled)
	}
	return err
}

// marke is what was settled: the file, and the latest choice of the journal.
func marke(file string, last *catalogue.Wahl) string {
	if last == nil {
		return file
	}
	return last.ID + "\n" + file
}

func (s *Service) gleiche(ctx context.Context, sel Auswahl) error {
	open := sel.Offen()
	for _, w := range open {
		actor := w.Wer
		if actor == "" {
			actor = system
		}
		_, err := s.kern.Do(ctx, workflow.Auftrag{Key: "katalog-" + w.ID, Actor: actor}, w.ID,
			func(journal.Rows) ([]journal.Event, error) { return []journal.Event{inJournal(w)}, nil })
		if err != nil {
			return err
		}
		if err := sel.Gebucht(); err != nil {
			return err
		}
	}
	if len(open) > 0 {
		return nil // what a command chose last is effective, whatever was before
	}
	last, err := s.letzte(ctx)
	if err != nil || last == nil || last.ID == sel.Stand() {
		return err
	}
	return s.wirke(sel, *last)
}

// letzte is the choice in force; nil if there never was one.
func (s *Service) letzte(ctx context.Context) (*catalogue.Wahl, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (*catalogue.Wahl, error) {
		row, ok, err := katalogwahl.Last(rows)
		if err != nil || !ok {
			return nil, err
		}
		w := vonZeile(row)
		return &w, nil
	})
}
