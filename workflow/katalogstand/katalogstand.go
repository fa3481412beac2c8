// Package katalogstand says how the catalogue stands: which generations there are, what
// the gate said of each, and what the next one changes for the own stock. It changes
// nothing.
package katalogstand

import (
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow"
)

// Ordner is what only the disk knows of the generations; the composition root supplies it.
type Ordner interface {
	Ausgelassen() []catalogue.Manifest // taken out by a person, newest first
	Quarantaene() []catalogue.Manifest // held by the gate, newest first
	Stoerungen() []error               // damaged, and in no list
	// Bericht returns the report of the gate; a fault of kind NotFound if there is none.
	Bericht(id string) (text string, haelt bool, err error)
}

// Zustand is what a generation means today.
type Zustand string

// The states.
const (
	Gilt          Zustand = "gilt"
	Kommt         Zustand = "kommt"
	Abgeloest     Zustand = "abgelöst"
	Ausgelassen   Zustand = "zurückgenommen"
	InQuarantaene Zustand = "Quarantäne"
)

// Generation is one generation and what it means today.
type Generation struct {
	catalogue.Manifest

	Zustand Zustand
	Gebaut  time.Time // UTC; zero: not known
}

// Stand is every generation, newest first, and how many others are damaged.
type Stand struct {
	Generationen []Generation
	Damaged      int
}

// Find returns a generation; false if there is none with the ID.
func (s Stand) Find(id string) (Generation, bool) {
	i := slices.IndexFunc(s.Generationen, func(g Generation) bool { return g.ID == id })
	if i < 0 {
		return Generation{}, false
	}
	return s.Generationen[i], true
}

// Zahl counts the generations in a state.
func (s Stand) Zahl(z Zustand) int {
	n := 0
	for _, g := range s.Generationen {
		if g.Zustand == z {
			n++
		}
	}
	return n
}

// Auskunft is one generation with the report of the gate.
type Auskunft struct {
	Generation

	Bericht string // empty: there is none
}

// Service looks at the catalogue.
type Service struct {
	kern   *workflow.Kern
	ordner Ordner
}

// New returns the service.
func New(k *workflow.Kern, a Ordner) *Service { return &Service{k, a} }

// Stand lists every generation, also those that no sale uses.
func (s *Service) Stand() Stand { return Ordne(s.kern.Katalog, s.ordner, clock.Today(s.kern.Clock)) }

// Ordne lists every generation of a catalogue and its folder as of a day.
func Ordne(k catalogue.Catalogue, o Ordner, today civil.Day) Stand {
	list := k.Generationen()
	active, err := catalogue.Waehle(list, today)
	var out Stand
	add := func(m catalogue.Manifest, z Zustand) {
		built, _ := time.Parse(time.RFC3339, m.Gebaut) // zero if it cannot be read
		out.Generationen = append(out.Generationen, Generation{m, z, built})
	}
	for i, m := range list {
		switch {
		case err == nil && i == active:
			add(m, Gilt)
		case m.GueltigAb > today:
			add(m, Kommt)
		default:
			add(m, Abgeloest)
		}
	}
	for _, m := range o.Ausgelassen() {
		add(m, Ausgelassen)
	}
	for _, m := range o.Quarantaene() {
		add(m, InQuarantaene)
	}
	slices.SortStableFunc(out.Generationen, func(a, b Generation) int { return catalogue.Neuere(a.Manifest, b.Manifest) })
	out.Damaged = len(o.Stoerungen())
	return out
}

// Generation returns one generation with its report.
func (s *Service) Generation(id string) (Auskunft, error) {
	g, ok := s.Stand().Find(id)
	if !ok {
		return Auskunft{}, fault.New(fault.NotFound, "A-629",
			"Diesen Katalog gibt es hier nicht (mehr) – öffnen Sie die Liste der Kataloge neu.", nil)
	}
	text, _, err := s.ordner.Bericht(id)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		text, err = "", nil
	}
	return Auskunft{g, text}, err
}
