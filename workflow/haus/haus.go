// Package haus keeps the pharmacy's own data: its name and settings, its staff and
// the Inhaber's Festlegungen of law.
package haus

import (
	"context"
	"strconv"
	"strings"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
)

// Einstellungen are the settings of the pharmacy.
type Einstellungen struct {
	Name, Inhaber, Strasse, PLZ, Ort, Telefon string
	IK                                        string // of the pharmacy, nine digits
	Steuernummer                              string
	Bundesland                                string // "BY": decides the holidays
	ERezeptDatei                              bool   // E-Rezept files may be read, for practice
	Muster16X                                 int    // offset of the print, tenths of a millimetre, −200 to 200
	Muster16Y                                 int
}

// Benutzer is a person of the staff.
type Benutzer struct {
	Kuerzel, Name, Rolle string
	Aktiv                bool
}

// Service keeps the house.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Einstellungen returns the settings.
func (s *Service) Einstellungen(ctx context.Context) (Einstellungen, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Einstellungen, error) {
		m, err := haus.Einstellungen(rows)
		if err != nil {
			return Einstellungen{}, err //nolint:wrapcheck // projections name themselves
		}
		return fromMap(m), nil
	})
}

// Setzen stores the settings that changed.
func (s *Service) Setzen(ctx context.Context, a workflow.Auftrag, e Einstellungen) error {
	if err := check(e); err != nil {
		return err
	}
	next := toMap(e)
	_, err := s.kern.Do(ctx, a, next, func(rows journal.Rows) ([]journal.Event, error) {
		old, err := haus.Einstellungen(rows)
		if err != nil {
			return nil, err //nolint:wrapcheck // as above
		}
		var events []journal.Event
		for _, key := range keys() {
			if old[key] != next[key] {
				events = append(events, event.EinstellungGesetzt{Schluessel: key, Wert: next[key]})
			}
		}
		return events, none(events)
	})
	return err //nolint:wrapcheck // for the user as it is
}

// Benutzer returns the staff in order of Kuerzel.
func (s *Service) Benutzer(ctx context.Context) ([]Benutzer, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Benutzer, error) {
		stored, err := haus.Benutzer(rows)
		var list []Benutzer
		for _, b := range stored {
			list = append(list, Benutzer(b))
		}
		return list, err //nolint:wrapcheck // as above
	})
}

// BenutzerSetzen adds or changes a person of the staff.
func (s *Service) BenutzerSetzen(ctx context.Context, a workflow.Auftrag, b Benutzer) error {
	b.Kuerzel, b.Name = strings.TrimSpace(b.Kuerzel), strings.TrimSpace(b.Name)
	if b.Kuerzel == "" || len(b.Kuerzel) > 8 || b.Name == "" || len(b.Name) > 100 {
		return fault.New(fault.Invalid, "N-301",
			"Kürzel (höchstens 8 Zeichen) und Name müssen ausgefüllt sein.", nil)
	}
	_, err := s.kern.Do(ctx, a, b, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BenutzerGesetzt(b)}, nil
	})
	return err //nolint:wrapcheck // for the user as it is
}

func none(events []journal.Event) error {
	if len(events) == 0 {
		return workflow.ErrUnchanged
	}
	return nil
}

func keys() []string {
	return []string{
		"name", "inhaber", "strasse", "plz", "ort", "telefon", "ik", "steuernummer",
		"bundesland", "erezept_datei", "muster16_x", "muster16_y",
	}
}

func toMap(e Einstellungen) map[string]string {
	yes := map[bool]string{true: "ja", false: "nein"}
	return map[string]string{
		"name": e.Name, "inhaber": e.Inhaber, "strasse": e.Strasse, "plz": e.PLZ, "ort": e.Ort, "telefon": e.Telefon,
		"ik": e.IK, "steuernummer": e.Steuernummer, "bundesland": e.Bundesland, "erezept_datei": yes[e.ERezeptDatei],
		"muster16_x": strconv.Itoa(e.Muster16X), "muster16_y": strconv.Itoa(e.Muster16Y),
	}
}

func fromMap(m map[string]string) Einstellungen {
	number := func(key string) int {
		n, _ := strconv.Atoi(m[key]) // unset is zero
		return n
	}
	return Einstellungen{
		Name: m["name"], Inhaber: m["inhaber"], Strasse: m["strasse"], PLZ: m["plz"], Ort: m["ort"], Telefon: m["telefon"],
		IK: m["ik"], Steuernummer: m["steuernummer"], Bundesland: m["bundesland"], ERezeptDatei: m["erezept_datei"] == "ja",
		Muster16X: number("muster16_x"), Muster16Y: number("muster16_y"),
	}
}

func check(e Einstellungen) error {
	for _, v := range toMap(e) {
		if len(v) > 200 || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' }) {
			return fault.New(fault.Invalid, "N-302",
				"Eine Angabe ist zu lang oder enthält Steuerzeichen – höchstens 200 Zeichen.", nil)
		}
	}
	if strings.TrimSpace(e.Name) == "" {
		return fault.New(fault.Invalid, "N-303", "Der Name der Apotheke fehlt – er steht auf jedem Bon.", nil)
	}
	if max(e.Muster16X, -e.Muster16X, e.Muster16Y, -e.Muster16Y) > 200 {
		return fault.New(fault.Invalid, "N-304", "Der Versatz des Drucks darf höchstens 20,0 mm sein.", nil)
	}
	return nil
}
