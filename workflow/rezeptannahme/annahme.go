// Package rezeptannahme takes prescriptions in: from an E-Rezept file, typed from
// Muster 16, or private. What is in them is sealed with the key of the patient.
package rezeptannahme

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/rezepte"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
)

// Zustand is how far a prescription is supplied.
type Zustand string

// The states.
const (
	Offen          Zustand = "offen"
	Teilweise      Zustand = "teilweise"
	Beliefert      Zustand = "beliefert"
	Zurueckgegeben Zustand = "zurueckgegeben"
)

// Eintrag is a prescription on file.
type Eintrag struct {
	ID         string
	Rezept     rezept.Rezept // zero if the patient was erased
	Geloescht  bool
	Person     string // id of the patient
	Uebung     bool   // read from a file: practice
	Angenommen time.Time
	Abgegeben  []int // packs dispensed per Verordnung
	Bons       []string
	Zustand    Zustand
	Grund      string // why it was given back
	Befunde    []befund.Befund
}

// Lesen reads an E-Rezept bundle; the composition root supplies the parser.
type Lesen func(xml []byte) (rezept.Rezept, []befund.Befund, error)

// Service takes prescriptions in.
type Service struct {
	kern     *workflow.Kern
	personen *person.Service
	lesen    Lesen
	vorrat   vorrat
}

// New returns the service.
func New(k *workflow.Kern, p *person.Service, lesen Lesen) *Service {
	return &Service{kern: k, personen: p, lesen: lesen}
}

// Datei takes an E-Rezept in from a file, for practice; the setting "erezept_datei"
// must allow it.
func (s *Service) Datei(ctx context.Context, a workflow.Auftrag, xml []byte) (Eintrag, error) {
	allowed, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (bool, error) {
		m, err := haus.Einstellungen(rows)
		return m["erezept_datei"] == "ja", err
	})
	if err != nil {
		return Eintrag{}, err
	}
	if !allowed {
		return Eintrag{}, fault.New(fault.Denied, "R-401",
			"E-Rezepte aus Dateien sind hier nicht erlaubt – der Inhaber kann sie in den Einstellungen zum Üben freigeben.", nil)
	}
	r, befunde, err := s.lesen(xml)
	if err != nil {
		return Eintrag{}, err
	}
	if befund.Hindert(befunde) {
		return Eintrag{}, first(befunde)
	}
	r.Befunde = befunde
	return s.Annehmen(ctx, a, r, true)
}

// Annehmen puts a prescription on file with its patient. An E-Rezept that is
// already there is returned as it is.
func (s *Service) Annehmen(ctx context.Context, a workflow.Auftrag, r rezept.Rezept, uebung bool) (Eintrag, error) {
	if r.ID == "" {
		r.ID = "m-" + workflow.ID(a)
	}
	if err := check(r); err != nil {
		return Eintrag{}, err
	}
	if old, ok, err := s.Find(ctx, r.ID); err != nil || ok {
		return old, erased(old, err)
	}
	events, err := s.events(ctx, a, r, uebung)
	if err != nil {
		return Eintrag{}, err
	}
	_, err = s.kern.Do(ctx, a, []string{"rezept", r.ID}, func(rows journal.Rows) ([]journal.Event, error) {
		_, known, err := rezepte.Find(rows, r.ID)
		if err == nil && known {
			err = workflow.ErrUnchanged
		}
		return events, err
	})
	if err != nil {
		return Eintrag{}, err
	}
	e, _, err := s.Find(ctx, r.ID)
	return e, erased(e, err)
}

// erased refuses a prescription whose patient had the data deleted.
func erased(e Eintrag, err error) error {
	if err == nil && e.Geloescht {
		return fault.New(fault.Conflict, "R-407",
			"Dieses Rezept war schon da, die Daten des Patienten sind gelöscht – lassen Sie es neu ausstellen.", nil)
	}
	return err
}

// events are the patient, if new, and the prescription, both sealed.
func (s *Service) events(
	ctx context.Context, a workflow.Auftrag, r rezept.Rezept, uebung bool,
) ([]journal.Event, error) {
	p, known, err := s.personen.FindKVNR(ctx, r.Patient.KVNR)
	if err != nil {
		return nil, err
	}
	var events []journal.Event
	if !known {
		p = patient(r, "p-"+workflow.ID(a))
		e, err := s.personen.Event(ctx, p)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode prescription: %w", err)
	}
	sealed, err := s.kern.Store.Seal(ctx, p.ID, plain)
	if err != nil {
		return nil, fmt.Errorf("seal prescription: %w", err)
	}
	return append(events, event.RezeptAngenommen{
		ID: r.ID, Person: p.ID, Herkunft: r.Herkunft, Uebung: uebung, Ausgestellt: r.Ausgestellt,
		Kostentraeger: r.Kostentraeger, Zeilen: len(r.Verordnungen), Daten: sealed,
	}), nil
}

func patient(r rezept.Rezept, id string) person.Person {
	p := r.Patient
	if r.Sprechstundenbedarf && p.Name == "" {
		p.Name = "Sprechstundenbedarf"
	}
	return person.Person{
		ID: id, Name: p.Name, Vorname: p.Vorname, Geburt: p.Geburt, GeburtText: p.GeburtText, KVNR: p.KVNR,
		Traeger: r.Kostentraeger.Art, IK: r.Kostentraeger.IK, Kostentraeger: r.Kostentraeger.Name,
		Strasse: p.Strasse, PLZ: p.PLZ, Ort: p.Ort,
	}
}

// Zurueckgeben gives a prescription back that was not supplied.
func (s *Service) Zurueckgeben(ctx context.Context, a workflow.Auftrag, id, grund string) error {
	if grund = strings.TrimSpace(grund); grund == "" || len(grund) > maxText {
		return fault.New(fault.Invalid, "R-411", "Der Grund der Rückgabe fehlt oder ist zu lang – nennen Sie ihn kurz.", nil)
	}
	_, err := s.kern.Do(ctx, a, []string{"zurueckgeben", id, grund}, func(rows journal.Rows) ([]journal.Event, error) {
		x, ok, err := rezepte.Find(rows, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, unbekannt()
		}
		if zustand(x) != Offen {
			return nil, fault.New(fault.Conflict, "R-402",
				"Das Rezept ist schon beliefert oder zurückgegeben – stornieren Sie zuerst den Bon.", nil)
		}
		return []journal.Event{event.RezeptZurueckgegeben{ID: id, Grund: grund}}, nil
	})
	return err
}

func unbekannt() error {
	return fault.New(fault.NotFound, "R-406", "Dieses Rezept gibt es nicht – suchen Sie es in der Liste.", nil)
}
