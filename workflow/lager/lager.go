// Package lager keeps the stock: one count for each article, with every movement.
// Sales move it by themselves; goods received, corrections and the opening stock
// are booked here.
package lager

import (
	"context"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/workflow"
)

// The limits of a count, a text and a page.
const (
	MaxMenge = 99_999
	maxText  = 200
	maxSeite = 500
)

// Service keeps the stock.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Nur selects articles by their count.
type Nur string

// The selections.
const (
	Alle    Nur = ""
	Da      Nur = "da"      // more than none
	Leer    Nur = "leer"    // none
	Negativ Nur = "negativ" // sold more than was booked in: to be counted
)

// Filter selects articles that were ever moved.
type Filter struct {
	Text  string      // beginning of the PZN, or words of name, ingredient, maker
	Nur   Nur         // by count
	Nach  kennung.PZN // page: only what comes after this PZN
	Limit int         // 0: 50; at most 500
}

// Zeile is one article in stock.
type Zeile struct {
	Artikel             artikel.Artikel // only the PZN if the catalogue does not know it
	Bekannt             bool            // the catalogue knows it
	Bestand, Vorgemerkt int
	Wert                money.Cent // Bestand × AEP, net; 0 if the AEP is not known
}

// Seite is a page of the list, in order of PZN.
type Seite struct {
	Zeilen []Zeile
	Weiter kennung.PZN // Nach for the next page; empty: this is the last
}

// Wert is the value of the whole stock at purchase prices (AEP, net).
type Wert struct {
	Artikel, Packungen int
	AEP                money.Cent
	OhneAEP            int // articles in stock whose AEP the catalogue does not state
}

// Auskunft is one article with its last movements, newest first.
type Auskunft struct {
	Zeile
	Bewegungen []bestand.Bewegung
}

// Liste returns a page of the articles that were ever moved.
func (s *Service) Liste(ctx context.Context, f Filter) (Seite, error) {
	gen, err := s.katalog()
	if err != nil {
		return Seite{}, err
	}
	limit := min(max(f.Limit, 1), maxSeite)
	if f.Limit == 0 {
		limit = 50
	}
	words := strings.Fields(strings.ToLower(f.Text))
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Seite, error) {
		var out Seite
		err := bestand.Each(rows, func(pzn kennung.PZN, count int) (bool, error) {
			if pzn <= f.Nach || !f.Nur.passt(count) {
				return true, nil
			}
			z, err := zeile(ctx, gen, rows, pzn, count)
			if err != nil || !matches(z.Artikel, words) {
				return true, err
			}
			if len(out.Zeilen) == limit {
				out.Weiter = out.Zeilen[limit-1].Artikel.PZN
				return false, nil
			}
			out.Zeilen = append(out.Zeilen, z)
			return true, nil
		})
		return out, err
	})
}

func (n Nur) passt(count int) bool {
	switch n {
	case Da:
		return count > 0
	case Leer:
		return count == 0
	case Negativ:
		return count < 0
	case Alle:
	}
	return true
}

func matches(a artikel.Artikel, words []string) bool {
	text := strings.ToLower(a.Name + " " + a.Wirkstoff + " " + a.Hersteller)
	for _, w := range words {
		if !strings.HasPrefix(string(a.PZN), w) && !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Artikel returns one article with its last movements.
func (s *Service) Artikel(ctx context.Context, pzn kennung.PZN) (Auskunft, error) {
	gen, err := s.katalog()
	if err != nil {
		return Auskunft{}, err
	}
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Auskunft, error) {
		count, err := bestand.Menge(rows, pzn)
		if err != nil {
			return Auskunft{}, err
		}
		z, err := zeile(ctx, gen, rows, pzn, count)
		if err != nil {
			return Auskunft{}, err
		}
		moves, err := bestand.Bewegungen(rows, pzn, 100)
		if err == nil && !z.Bekannt && len(moves) == 0 {
			err = unbekannt()
		}
		return Auskunft{z, moves}, err
	})
}

// Wert returns the value of the stock.
func (s *Service) Wert(ctx context.Context) (Wert, error) {
	gen, err := s.katalog()
	if err != nil {
		return Wert{}, err
	}
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Wert, error) {
		var w Wert
		err := bestand.Each(rows, func(pzn kennung.PZN, count int) (bool, error) {
			if count <= 0 {
				return true, nil
			}
			a, ok, err := gen.Artikel(ctx, pzn)
			w.Artikel++
			w.Packungen += count
			w.AEP += a.AEP * money.Cent(count)
			if !ok || a.AEP == 0 {
				w.OhneAEP++
			}
			return true, err
		})
		return w, err
	})
}

func (s *Service) katalog() (catalogue.Generation, error) {
	return s.kern.Katalog.Am(clock.Today(s.kern.Clock))
}

func zeile(
	ctx context.Context, gen catalogue.Generation, rows journal.Rows, pzn kennung.PZN, count int,
) (Zeile, error) {
	a, ok, err := gen.Artikel(ctx, pzn)
	if err != nil {
		return Zeile{}, err
	}
	a.PZN = pzn
	reserved, err := vormerkungen.Menge(rows, pzn)
	return Zeile{a, ok, count, reserved, a.AEP * money.Cent(max(count, 0))}, err
}

// Zugang books goods received. Beleg is the number of the delivery note, if any.
func (s *Service) Zugang(ctx context.Context, a workflow.Auftrag, pzn kennung.PZN, menge int, beleg string) error {
	if menge < 1 || menge > MaxMenge {
		return fault.New(fault.Invalid, "B-101", "Die Menge muss zwischen 1 und 99.999 liegen.", nil)
	}
	if err := text(beleg); err != nil {
		return err
	}
	if err := s.known(ctx, pzn); err != nil {
		return err
	}
	_, err := s.kern.Do(ctx, a, []any{"zugang", pzn, menge, beleg}, func(journal.Rows) ([]journal.Event, error) {
		e := event.BestandGeaendert{PZN: pzn, Delta: menge, Art: "zugang", Beleg: strings.TrimSpace(beleg)}
		return []journal.Event{e}, nil
	})
	return err
}

// Korrektur sets the count of an article to what was found, with the reason.
func (s *Service) Korrektur(
	ctx context.Context, a workflow.Auftrag, pzn kennung.PZN, gezaehlt int, grund string,
) error {
	grund = strings.TrimSpace(grund)
	if gezaehlt < 0 || gezaehlt > MaxMenge {
		return fault.New(fault.Invalid, "B-102", "Der gezählte Bestand muss zwischen 0 und 99.999 liegen.", nil)
	}
	if grund == "" {
		return fault.New(fault.Invalid, "B-103",
			"Der Grund fehlt – schreiben Sie kurz dazu, warum der Bestand abweicht.", nil)
	}
	if err := text(grund); err != nil {
		return err
	}
	if err := s.known(ctx, pzn); err != nil {
		return err
	}
	input := []any{"korrektur", pzn, gezaehlt, grund}
	_, err := s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
		count, err := bestand.Menge(rows, pzn)
		if err != nil {
			return nil, err
		}
		if count == gezaehlt {
			return nil, workflow.ErrUnchanged
		}
		return []journal.Event{event.BestandGeaendert{PZN: pzn, Delta: gezaehlt - count, Art: "korrektur", Grund: grund}}, nil
	})
	return err
}

// known refuses a PZN that neither the catalogue nor the stock knows.
func (s *Service) known(ctx context.Context, pzn kennung.PZN) error {
	_, err := s.Artikel(ctx, pzn)
	return err
}

func text(s string) error {
	if len(s) > maxText || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) {
		return fault.New(fault.Invalid, "B-104",
			"Der Text ist zu lang oder enthält Steuerzeichen – kürzen Sie ihn auf 200 Zeichen.", nil)
	}
	return nil
}

func unbekannt() error {
	return fault.New(fault.NotFound, "B-105",
		"Diese PZN steht weder im Katalog noch im Lager – prüfen Sie die Ziffern.", nil)
}
