// Package kartenterminal holds drivers for card terminals. The simulator is one without a device:
// it takes every card, and does what goes wrong with real ones.
package kartenterminal

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
)

// Fehler is what a simulator does wrong. The cents of the sum choose it, so that everybody can try
// it at the till: ,91 is declined, ,92 breaks off after the money was taken, ,93 before, and of
// ,94 it never knows.
type Fehler int

// The faults.
const (
	Keiner Fehler = iota
	Ablehnung
	AbbruchDanach
	AbbruchDavor
	Schweigen
)

// Nach is the fault that a sum chooses.
func Nach(betrag money.Cent) Fehler {
	switch int64(betrag) % 100 {
	case 91:
		return Ablehnung
	case 92:
		return AbbruchDanach
	case 93:
		return AbbruchDavor
	case 94:
		return Schweigen
	}
	return Keiner
}

var errLeitung = errors.New("line to the terminal broke")

// Simulator is a terminal without a device. It forgets nothing as long as the program runs.
type Simulator struct {
	mu      sync.Mutex
	answers map[string]karte.Antwort
}

// NewSimulator returns one.
func NewSimulator() *Simulator { return &Simulator{answers: map[string]karte.Antwort{}} }

// Zahlen implements kartenzahlung.Terminal. The same id takes the money once.
func (s *Simulator) Zahlen(_ context.Context, id string, betrag money.Cent) (karte.Antwort, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	art := karte.Girocard
	if betrag >= 10_000 { // larger sums are rather paid with a credit card
		art = karte.Kredit
	}
	return s.antworten(id, betrag, "Karte nicht gedeckt", bewilligt(art, "", betrag))
}

// Erstatten implements kartenzahlung.Terminal: a credit to a card of the kind that paid. The same id gives
// the money back once.
func (s *Simulator) Erstatten(_ context.Context, id, urspruenglich string, betrag money.Cent) (karte.Antwort, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	art := karte.Girocard
	if paid, known := s.answers[urspruenglich]; known && paid.Karte != "" {
		art = paid.Karte
	}
	return s.antworten(id, betrag, "Gutschrift nicht zugelassen", bewilligt(art, "Gutschrift ", betrag))
}

func bewilligt(art karte.Art, was string, betrag money.Cent) karte.Antwort {
	return karte.Antwort{Ausgang: karte.Bewilligt, Karte: art, Zeilen: []string{
		"* * Kundenbeleg * *", "SIMULATOR – keine Zahlung", fmt.Sprintf("%s%s %s EUR", was, art, betrag.Decimal()),
		"genehmigt",
	}}
}

// antworten answers as the fault that the sum chooses wants it.
func (s *Simulator) antworten(id string, betrag money.Cent, nein string, a karte.Antwort) (karte.Antwort, error) {
	if a, ok := s.answers[id]; ok {
		return a, nil
	}
	fault := Nach(betrag)
	switch fault {
	case Ablehnung:
		a = karte.Antwort{Ausgang: karte.Abgelehnt, Text: nein}
	case AbbruchDavor:
		return karte.Antwort{}, errLeitung
	case Schweigen:
		s.answers[id] = karte.Antwort{Ausgang: karte.Unklar}
		return karte.Antwort{}, errLeitung
	case Keiner, AbbruchDanach:
	}
	s.answers[id] = a
	if fault == AbbruchDanach {
		return karte.Antwort{}, errLeitung
	}
	return a, nil
}

// Stand implements kartenzahlung.Terminal.
func (s *Simulator) Stand(_ context.Context, id string) (karte.Antwort, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.answers[id]; ok {
		return a, nil
	}
	return karte.Antwort{Ausgang: karte.Abgelehnt, Text: "Terminal kennt die Zahlung nicht"}, nil
}
