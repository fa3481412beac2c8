// Package bonsuche finds Bons again: by number, amount, article or day, the last one first.
package bonsuche

import (
	"context"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
)

// The limits of a search: what a screen shows, and what is looked at while somebody waits.
const (
	MaxTreffer = 100
	maxBlick   = 20_000 // Bons
	vorgabe    = 31     // days, if none are named
)

// Anfrage says what is looked for.
type Anfrage struct {
	// Text is one or several words, of which each must fit: a number ("1-000417", "417"), an amount
	// ("12,34"), a PZN, the beginning of a word of an article, the Kuerzel of who sold.
	Text     string
	Von, Bis civil.Day // 0: the last 31 days
}

// Ergebnis is what was found.
type Ergebnis struct {
	Von, Bis civil.Day
	Bons     []bon.Bon // the last one first
	Mehr     bool      // there may be more: the span is to be narrowed
}

// Service searches.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Suchen finds Bons. The fault is B-405.
func (s *Service) Suchen(ctx context.Context, a Anfrage) (Ergebnis, error) {
	e := Ergebnis{Von: a.Von, Bis: a.Bis}
	if e.Bis == 0 {
		e.Bis = clock.Today(s.kern.Clock)
	}
	if e.Von == 0 {
		e.Von = e.Bis.AddDays(1 - vorgabe)
	}
	if len(a.Text) > 200 || e.Von > e.Bis {
		return e, fault.New(fault.Invalid, "B-405",
			"So lässt sich nicht suchen – nehmen Sie wenige Worte und einen Zeitraum, der nach seinem Anfang endet.", nil)
	}
	words := strings.Fields(strings.ToLower(a.Text))
	err := s.kern.Store.View(ctx, func(rows journal.Rows) error { return e.suchen(rows, words) })
	return e, err
}

func (e *Ergebnis) suchen(rows journal.Rows, words []string) error {
	if len(words) == 1 { // a number is found whenever it was
		b, found, err := bons.Find(rows, words[0])
		if err != nil || found {
			e.Bons = append(e.Bons, b)
			return err
		}
	}
	looked := 0
	return bons.EachLast(rows, func(b bon.Bon) (bool, error) {
		if b.Tag > e.Bis {
			return true, nil
		}
		if b.Tag < e.Von {
			return false, nil
		}
		if looked++; looked > maxBlick || len(e.Bons) == MaxTreffer {
			e.Mehr = true
			return false, nil
		}
		if passt(b, words) {
			e.Bons = append(e.Bons, b)
		}
		return true, nil
	})
}

// passt says whether every word fits the Bon.
func passt(b bon.Bon, words []string) bool {
	for _, w := range words {
		if !wort(b, w) {
			return false
		}
	}
	return true
}

func wort(b bon.Bon, w string) bool {
	_, running, err := bons.Split(b.Nummer)
	if err == nil && w == strconv.Itoa(running) || w == strings.ToLower(b.Nummer) {
		return true
	}
	if c, err := money.Parse(w); err == nil && strings.Contains(w, ",") {
		sum := b.Summen()
		return c == sum.Patient || c == sum.Gesamt
	}
	if w == strings.ToLower(b.Benutzer) || w == strings.ToLower(b.Beleg) {
		return true
	}
	for _, p := range b.Positionen {
		if w == string(p.PZN) || beginnt(p.Bezeichnung, w) {
			return true
		}
	}
	return false
}

// beginnt says whether one of the words of a text begins with w.
func beginnt(text, w string) bool {
	for part := range strings.FieldsSeq(strings.ToLower(text)) {
		if strings.HasPrefix(part, w) {
			return true
		}
	}
	return false
}
