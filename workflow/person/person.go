// Package person keeps customers and patients. Their data are sealed in the journal,
// each with a key of its own, and opened only in memory.
package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/workflow"
)

// Person is a customer or the patient of a prescription.
type Person struct {
	ID            string            `json:"-"`
	Stamm         bool              `json:"-"` // on file as a customer
	Name          string            `json:"name"`
	Vorname       string            `json:"vorname,omitempty"`
	Geburt        civil.Day         `json:"geburt,omitempty"`
	GeburtText    string            `json:"geburt_text,omitempty"` // as prescribed, may be partial
	KVNR          string            `json:"kvnr,omitempty"`
	Traeger       zuzahlung.Traeger `json:"traeger,omitempty"`
	IK            string            `json:"ik,omitempty"`
	Kostentraeger string            `json:"kostentraeger,omitempty"`
	BefreitBis    civil.Day         `json:"befreit_bis,omitempty"` // last day of the Befreiungsbescheid
	Strasse       string            `json:"strasse,omitempty"`
	PLZ           string            `json:"plz,omitempty"`
	Ort           string            `json:"ort,omitempty"`
	Telefon       string            `json:"telefon,omitempty"`
}

// Service keeps persons.
type Service struct {
	kern *workflow.Kern

	mu        sync.Mutex
	known     map[string]opened // opened persons, by id
	geloescht func()            // nil: nobody wants to know
}

type opened struct {
	stamp  projection.Stamp
	person Person
}

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{kern: k, known: map[string]opened{}} }

// Find returns a person; false if unknown or erased.
func (s *Service) Find(ctx context.Context, id string) (Person, bool, error) {
	found := false
	e, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (e personen.Eintrag, err error) {
		e, found, err = personen.Find(rows, id)
		return e, err
	})
	if err != nil || !found {
		return Person{}, false, err
	}
	return s.open(ctx, e)
}

// Suche returns the customers on file whose name, birth day or KVNR begin with the
// words of the text, in order of name; all of them if it is empty. At most 100. A
// birth day may be typed in any form: 3.5.1961, 03051961.
func (s *Service) Suche(ctx context.Context, text string) ([]Person, error) {
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words {
		if day, err := civil.ParseGerman(w); err == nil {
			words[i] = day.German()
		}
	}
	list, err := s.filter(ctx, func(p Person) bool { return p.Stamm && matches(p, words) })
	slices.SortFunc(list, func(a, b Person) int {
		return strings.Compare(strings.ToLower(a.Name+" "+a.Vorname), strings.ToLower(b.Name+" "+b.Vorname))
	})
	return list[:min(len(list), 100)], err
}

// FindKVNR returns the person with the KVNR, customers on file first.
func (s *Service) FindKVNR(ctx context.Context, kvnr string) (Person, bool, error) {
	if kvnr == "" {
		return Person{}, false, nil
	}
	list, err := s.filter(ctx, func(p Person) bool { return p.KVNR == kvnr })
	if err != nil || len(list) == 0 {
		return Person{}, false, err
	}
	for _, p := range list {
		if p.Stamm {
			return p, true, nil
		}
	}
	return list[0], true, nil
}

// Anlegen puts a new customer on file.
func (s *Service) Anlegen(ctx context.Context, a workflow.Auftrag, p Person) (Person, error) {
	p.ID, p.Stamm = "p-"+workflow.ID(a), true
	if err := s.born(p); err != nil {
		return Person{}, err
	}
	return p, s.set(ctx, a, p)
}

// Aendern replaces the data of a person and keeps it on file.
func (s *Service) Aendern(ctx context.Context, a workflow.Auftrag, p Person) error {
	_, ok, err := s.Find(ctx, p.ID)
	if err != nil {
		return err
	}
	if !ok {
		return unknown()
	}
	if err := s.born(p); err != nil {
		return err
	}
	p.Stamm = true
	return s.set(ctx, a, p)
}

// Loeschen erases a person for ever: the key is deleted, the journal stays whole. Who owes something is
// not erased: the claim needs a name (Art. 17 (3) e DSGVO). Fault V-606.
func (s *Service) Loeschen(ctx context.Context, a workflow.Auftrag, id, grund string) error {
	_, err := s.kern.Do(ctx, a, []string{"loeschen", id}, func(rows journal.Rows) ([]journal.Event, error) {
		_, ok, err := personen.Find(rows, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, unknown()
		}
		if err := schuldenfrei(rows, id); err != nil {
			return nil, err
		}
		return []journal.Event{event.PersonGeloescht{ID: id, Grund: grund}}, nil
	})
	if err == nil {
		s.mu.Lock()
		delete(s.known, id)
		tell := s.geloescht
		s.mu.Unlock()
		if tell != nil {
			tell()
		}
	}
	return err
}

// schuldenfrei refuses to erase who owes something.
func schuldenfrei(rows journal.Rows, id string) error {
	sum, err := offeneposten.Kredit(rows, id)
	if err == nil && sum > 0 {
		err = fault.New(fault.Conflict, "V-606", fmt.Sprintf("Dieser Kunde schuldet noch %s – lassen Sie bezahlen oder "+
			"stornieren Sie, was offen ist, dann löschen Sie ihn.", sum), nil)
	}
	return err
}

// NachLoeschen has f called whenever a person was erased here: what was printed about
// persons can be cleared away at once. f must not wait.
func (s *Service) NachLoeschen(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.geloescht = f
}

// Event seals a person into an event, for workflows that write it with others.
func (s *Service) Event(ctx context.Context, p Person) (journal.Event, error) {
	if err := Check(p); err != nil {
		return nil, err
	}
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode person: %w", err)
	}
	sealed, err := s.kern.Store.Seal(ctx, p.ID, plain)
	if err != nil {
		return nil, fmt.Errorf("seal person: %w", err)
	}
	return event.PersonGesetzt{ID: p.ID, Daten: sealed, Stamm: p.Stamm}, nil
}

func (s *Service) set(ctx context.Context, a workflow.Auftrag, p Person) error {
	e, err := s.Event(ctx, p)
	if err != nil {
		return err
	}
	_, err = s.kern.Do(ctx, a, []string{"person", p.ID}, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{e}, nil
	})
	return err
}

// filter opens everybody outside the view: keys are no business of the projections.
func (s *Service) filter(ctx context.Context, keep func(Person) bool) ([]Person, error) {
	stored, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (list []personen.Eintrag, err error) {
		err = personen.Each(rows, func(e personen.Eintrag) (bool, error) {
			list = append(list, e)
			return true, nil
		})
		return list, err
	})
	if err != nil {
		return nil, err
	}
	var list []Person
	for _, e := range stored {
		p, ok, err := s.open(ctx, e)
		if err != nil {
			return nil, err
		}
		if ok && keep(p) {
			list = append(list, p)
		}
	}
	return list, nil
}

// open decrypts an entry, once per change.
func (s *Service) open(ctx context.Context, e personen.Eintrag) (Person, bool, error) {
	s.mu.Lock()
	known, ok := s.known[e.ID]
	s.mu.Unlock()
	if ok && known.stamp == e.Stamp {
		return known.person, true, nil
	}
	plain, err := s.kern.Store.Open(ctx, e.Daten)
	if errors.Is(err, journal.ErrErased) {
		return Person{}, false, nil
	}
	if err != nil {
		return Person{}, false, fmt.Errorf("open person %s: %w", e.ID, err)
	}
	var p Person
	if err := json.Unmarshal(plain, &p); err != nil {
		return Person{}, false, fmt.Errorf("decode person %s: %w", e.ID, err)
	}
	p.ID, p.Stamm = e.ID, e.Stamm
	s.mu.Lock()
	s.known[e.ID] = opened{e.Stamp, p}
	s.mu.Unlock()
	return p, true, nil
}

func matches(p Person, words []string) bool {
	fields := strings.Fields(strings.ToLower(p.Name + " " + p.Vorname + " " + p.Geburt.German() + " " + p.KVNR))
	for _, w := range words {
		if !slices.ContainsFunc(fields, func(f string) bool { return strings.HasPrefix(f, w) }) {
			return false
		}
	}
	return true
}

func unknown() error {
	return fault.New(fault.NotFound, "N-101", "Diese Person gibt es nicht (mehr) – suchen Sie sie neu.", nil)
}
