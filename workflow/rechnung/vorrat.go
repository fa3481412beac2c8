package rechnung

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/projection/rezepte"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// vorrat holds opened personal data, because sealed data cannot be opened inside the
// transaction that books: there it is only asked whether what was opened still is
// what is stored.
type vorrat struct {
	mu       sync.Mutex
	personen map[string]offenePerson
	rezepte  map[string]offenesRezept
}

// maxVorrat bounds the persons and prescriptions that stay open in memory: all that the
// list of open carts can need at once fits.
const maxVorrat = MaxOffene * (2*MaxRezepte + 1)

type offenePerson struct {
	raw    []byte // row it was opened from
	person person.Person
}

type offenesRezept struct {
	raw     []byte // rows it was opened from
	eintrag rezeptannahme.Eintrag
}

// Missing ends a reading for which data must first be opened.
type Missing struct{ personen, rezepte []string }

// Error implements error.
func (f *Missing) Error() string {
	return fmt.Sprintf("%d persons and %d prescriptions are not opened", len(f.personen), len(f.rezepte))
}

// Und joins what two readings found missing.
func (f *Missing) Und(more *Missing) {
	f.personen = append(f.personen, more.personen...)
	f.rezepte = append(f.rezepte, more.rezepte...)
}

// Leer says whether nothing is missing.
func (f *Missing) Leer() bool { return len(f.personen)+len(f.rezepte) == 0 }

// ids are all that is missing, each once.
func (f *Missing) ids() []string {
	list := slices.Concat(f.personen, f.rezepte)
	slices.Sort(list)
	return slices.Compact(list)
}

// runden is how often one person or prescription may change between opening and
// booking.
const runden = 5

// Opened calls f, and again after opening what it found missing, as long as that is
// something new: a prescription opened names a patient not opened yet.
func (s *Service) Opened(ctx context.Context, f func() error) error {
	opened := map[string]int{}
	for {
		err := f()
		missing, ok := errors.AsType[*Missing](err)
		if !ok {
			return err
		}
		for _, id := range missing.ids() {
			if opened[id]++; opened[id] > runden {
				return fmt.Errorf("personal data keep changing: %w", err)
			}
		}
		if err := s.oeffne(ctx, missing); err != nil {
			return err
		}
	}
}

// oeffne opens what is missing. What is stored is read before it is opened: if it
// changes in between, the next reading finds it missing again.
func (s *Service) oeffne(ctx context.Context, m *Missing) error {
	for _, id := range m.personen {
		raw, err := s.raw(ctx, personen.Raw, id)
		if err != nil {
			return err
		}
		p, _, err := s.personen.Find(ctx, id)
		if err != nil {
			return err
		}
		s.vorrat.merke(func(v *vorrat) { v.personen[id] = offenePerson{raw, p} })
	}
	for _, id := range m.rezepte {
		raw, err := s.raw(ctx, rezepte.Raw, id)
		if err != nil {
			return err
		}
		e, _, err := s.rezepte.Find(ctx, id)
		if err != nil {
			return err
		}
		s.vorrat.merke(func(v *vorrat) { v.rezepte[id] = offenesRezept{raw, e} })
	}
	return nil
}

func (s *Service) raw(
	ctx context.Context, read func(journal.Rows, string) ([]byte, error), id string,
) ([]byte, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]byte, error) { return read(rows, id) })
}

func (v *vorrat) merke(f func(*vorrat)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.personen == nil || len(v.personen)+len(v.rezepte) >= maxVorrat {
		v.personen, v.rezepte = map[string]offenePerson{}, map[string]offenesRezept{}
	}
	f(v)
}

// vergiss drops what is open of an erased person, with all prescriptions.
func (v *vorrat) vergiss(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.personen, id)
	for key, r := range v.rezepte {
		if r.eintrag.Person == id {
			delete(v.rezepte, key)
		}
	}
}

// person returns an opened person; nil if unknown or erased.
func (v *vorrat) person(rows journal.Rows, id string, m *Missing) (*person.Person, error) {
	raw, err := personen.Raw(rows, id)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	open, ok := v.personen[id]
	v.mu.Unlock()
	if ok && raw != nil && bytes.Equal(open.raw, raw) {
		return &open.person, nil
	}
	if _, ok, err := personen.Find(rows, id); err != nil || !ok {
		v.vergiss(id)
		return nil, err
	}
	m.personen = append(m.personen, id)
	return nil, nil
}

// rezept returns an opened prescription; nil if unknown. That of an erased patient
// has no content.
func (v *vorrat) rezept(rows journal.Rows, id string, m *Missing) (*rezeptannahme.Eintrag, error) {
	raw, err := rezepte.Raw(rows, id)
	if err != nil || raw == nil {
		return nil, err
	}
	v.mu.Lock()
	open, ok := v.rezepte[id]
	v.mu.Unlock()
	if ok && bytes.Equal(open.raw, raw) {
		return &open.eintrag, nil
	}
	m.rezepte = append(m.rezepte, id)
	return nil, nil
}

// Rezept returns an opened prescription; nil if unknown. What is not opened yet is added to m.
func (s *Service) Rezept(rows journal.Rows, id string, m *Missing) (*rezeptannahme.Eintrag, error) {
	return s.vorrat.rezept(rows, id, m)
}
