package kartenzahlung

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// maxGrund is the most characters of a reason.
const maxGrund = 200

// Klaerung settles what card payments of any till leave behind, also where there is no terminal: the till
// that asked for them may be dead.
type Klaerung struct {
	kern *workflow.Kern
	hier *Service // the terminal of this till; nil: there is none
}

// NewKlaerung returns it.
func NewKlaerung(k *workflow.Kern, s *Service) *Klaerung { return &Klaerung{k, s} }

// Fall is a payment that somebody has to settle: unclear, or given back and on no Bon.
type Fall struct {
	kartenzahlungen.Zahlung
	Platz   string   // machine of the till; empty: it has booked nothing yet
	Hier    bool     // it is of this till, whose terminal can be asked
	Laeuft  bool     // its machine answers: it is settled there
	Undoing []string // Bons that undid the one whose payment went back: it can stand on none any more
}

// Faellig reports whether somebody can settle it here, and only so: no terminal that can be asked is at work on
// it, and no Bon will take it.
func (f Fall) Faellig() bool {
	if f.Ende == nil {
		return !f.Hier && !f.Laeuft
	}
	return len(f.Undoing) > 0
}

// Offen are the payments of all tills that somebody has to settle.
func (s *Klaerung) Offen(ctx context.Context) ([]Fall, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []Fall, err error) {
		open, err := kartenzahlungen.Ungeklaert(rows)
		if err != nil {
			return nil, err
		}
		for _, z := range open {
			f, err := s.fall(rows, z)
			if err != nil {
				return nil, err
			}
			list = append(list, f)
		}
		return list, nil
	})
}

func (s *Klaerung) fall(rows journal.Rows, z kartenzahlungen.Zahlung) (Fall, error) {
	f := Fall{Zahlung: z, Hier: s.hier != nil && z.Till == s.kern.Till}
	l, err := kassenbuch.Lade(rows, z.Till)
	if err != nil {
		return f, err
	}
	f.Platz = l.Platz
	f.Laeuft = z.Till != s.kern.Till && s.kern.Sicht != nil && f.Platz != "" && s.kern.Sicht.Antwortet(f.Platz)
	if z.Erstattung == "" {
		return f, nil
	}
	undoing, err := bons.Undoing(rows, z.Erstattung)
	for _, b := range undoing {
		f.Undoing = append(f.Undoing, b.Nummer)
	}
	return f, err
}

// Entscheiden settles by hand, for a reason, of which the terminal cannot be asked: its machine is off.
// Faults: T-971 the machine answers, T-972 no reason, V-541 it is asked just now, V-545, G-1xx.
func (s *Klaerung) Entscheiden(ctx context.Context, a workflow.Auftrag, id string, bewilligt bool, grund string) error {
	if s.hier != nil {
		ende, err := s.hier.beginnen(id)
		if err != nil {
			return err
		}
		defer ende()
	}
	e := event.KartenzahlungBeendet{ID: id, Bewilligt: bewilligt, VonHand: true}
	input := []any{"Karte entschieden", id, bewilligt, grund}
	return s.klaeren(ctx, a, input, id, grund, func(f Fall, g string) (journal.Event, error) {
		if f.Ende != nil {
			return nil, workflow.ErrUnchanged
		}
		e.Text = g
		return e, nil
	})
}

// Abhaken says for a reason that what a terminal gave back stands on no Bon and never will: the Bon was
// undone otherwise meanwhile. Faults: T-972, T-973 it can still be booked, V-545, G-1xx.
func (s *Klaerung) Abhaken(ctx context.Context, a workflow.Auftrag, id, grund string) error {
	input := []any{"Rückgabe abgehakt", id, grund}
	return s.klaeren(ctx, a, input, id, grund, func(f Fall, g string) (journal.Event, error) {
		switch {
		case f.Geklaert != nil || f.Bon != "":
			return nil, workflow.ErrUnchanged
		case f.Ende == nil || !f.Ende.Bewilligt || len(f.Undoing) == 0:
			return nil, fault.New(fault.Conflict, "T-973",
				"Diese Rückgabe lässt sich noch buchen – nehmen Sie auf der Seite des Bons zurück, wofür sie war.", nil)
		}
		return event.KartenzahlungGeklaert{ID: id, Grund: g}, nil
	})
}

// klaeren writes what decides a case, by somebody who may undo a sale of that amount.
func (s *Klaerung) klaeren(
	ctx context.Context, a workflow.Auftrag, input any, id, grund string, decide func(Fall, string) (journal.Event, error),
) error {
	if grund = strings.Join(strings.Fields(grund), " "); grund == "" || utf8.RuneCountInString(grund) > maxGrund {
		return fault.New(fault.Invalid, "T-972",
			"Der Grund fehlt oder ist zu lang – schreiben Sie mit höchstens 200 Zeichen, woher Sie es wissen.", nil)
	}
	_, err := s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
		z, found, err := kartenzahlungen.Find(rows, id)
		if err == nil && (!found || z.Till == "") {
			err = nirgends()
		}
		if err != nil {
			return nil, err
		}
		if err := rechte.Fordern(rows, a.Actor, berechtigung.Storno, z.Betrag, clock.Today(s.kern.Clock)); err != nil {
			return nil, err
		}
		f, err := s.fall(rows, z)
		if err != nil {
			return nil, err
		}
		if f.Ende == nil && f.Laeuft {
			return nil, fault.New(fault.Conflict, "T-971", fmt.Sprintf("%s läuft und kann sein Terminal fragen – klären Sie "+
				"die Kartenzahlung dort im Verkauf mit F11.", f.Platz), nil)
		}
		e, err := decide(f, grund)
		return []journal.Event{e}, err
	})
	return err
}
