// Package haus keeps the pharmacy's own data: its name and settings, its staff and
// the Inhaber's Festlegungen of law.
package haus

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Einstellungen are the settings of the pharmacy.
type Einstellungen struct {
	Name, Inhaber, Strasse, PLZ, Ort, Telefon string
	IK                                        string // of the pharmacy, nine digits
	Steuernummer                              string
	USTID                                     string // USt-IdNr., "DE123456789"
	Blindzaehlung                             bool   // who counts cash sees the balance only afterwards
	Bundesland                                string // "BY": decides the holidays
	ERezeptDatei                              bool   // E-Rezept files may be read, for practice
	Produktiv                                 bool   // real patients: practice is forbidden
	Muster16X                                 int    // offset of the print, tenths of a millimetre, −200 to 200
	Muster16Y                                 int
	Sperre                                    int    // seconds without a key until a PIN is asked again, 60 to 120; 0: 90
	NotfallStick                              string // folder of the stick for the Notfallmappe; empty: none

	// Bonseite is the address of the page on the web that shows digital receipts, https and without
	// query and fragment (ADR 0033); empty: there are none.
	Bonseite string
	// Kreditgrenze is the most that one customer may owe; 0: no credit.
	Kreditgrenze money.Cent
	// RezeptUnbar books what the insurer pays as a payment, not as a claim (ADR 0025).
	RezeptUnbar bool
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
			return Einstellungen{}, err
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
		if err := s.darf(rows, a); err != nil {
			return nil, err
		}
		old, err := haus.Einstellungen(rows)
		if err != nil {
			return nil, err
		}
		if err := eingefroren(rows, old, next); err != nil {
			return nil, err
		}
		var events []journal.Event
		for _, key := range keys() {
			if old[key] != next[key] {
				events = append(events, event.EinstellungGesetzt{Schluessel: key, Wert: next[key]})
			}
		}
		return events, none(events)
	})
	return err
}

// Benutzer returns the staff in order of Kuerzel.
func (s *Service) Benutzer(ctx context.Context) ([]Benutzer, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Benutzer, error) {
		stored, err := haus.Benutzer(rows)
		var list []Benutzer
		for _, b := range stored {
			list = append(list, Benutzer(b))
		}
		return list, err
	})
}

// BenutzerSetzen adds or changes a person of the staff. Nobody is ever deleted: what
// they did keeps their Kuerzel. Who left is set inactive; the last active one cannot be.
func (s *Service) BenutzerSetzen(ctx context.Context, a workflow.Auftrag, b Benutzer) error {
	b.Kuerzel, b.Name, b.Rolle = strings.TrimSpace(b.Kuerzel), strings.TrimSpace(b.Name), strings.TrimSpace(b.Rolle)
	if err := checkBenutzer(b); err != nil {
		return err
	}
	_, err := s.kern.Do(ctx, a, b, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a); err != nil {
			return nil, err
		}
		staff, err := haus.Benutzer(rows)
		if err != nil {
			return nil, err
		}
		if err := s.inhaber(rows, a, staff, b); err != nil {
			return nil, err
		}
		others := slices.ContainsFunc(staff, func(o event.BenutzerGesetzt) bool { return o.Aktiv && o.Kuerzel != b.Kuerzel })
		if !b.Aktiv && !others {
			return nil, fault.New(fault.Conflict, "N-308",
				"Eine Person muss aktiv bleiben – legen Sie zuerst eine andere an.", nil)
		}
		if slices.Contains(staff, event.BenutzerGesetzt(b)) {
			return nil, workflow.ErrUnchanged
		}
		return []journal.Event{event.BenutzerGesetzt(b)}, nil
	})
	return err
}

// darf holds settings and staff to those who may manage them.
func (s *Service) darf(rows journal.Rows, a workflow.Auftrag) error {
	return rechte.Fordern(rows, a.Actor, berechtigung.Verwalten, 0, clock.Today(s.kern.Clock))
}

// inhaber holds who is an Inhaber to an Inhaber, and keeps one who can log in.
func (s *Service) inhaber(rows journal.Rows, a workflow.Auftrag, staff []event.BenutzerGesetzt, b Benutzer) error {
	is := func(o event.BenutzerGesetzt) bool { return o.Rolle == string(berechtigung.Inhaber) && o.Aktiv }
	i := slices.IndexFunc(staff, func(o event.BenutzerGesetzt) bool { return o.Kuerzel == b.Kuerzel })
	was, will := i >= 0 && is(staff[i]), is(event.BenutzerGesetzt(b))
	if was == will {
		return nil
	}
	if err := rechte.Inhaber(rows, a.Actor, clock.Today(s.kern.Clock)); err != nil || will {
		return err
	}
	return rechte.Bleibt(rows, b.Kuerzel)
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
		"bundesland", "erezept_datei", "produktiv", "muster16_x", "muster16_y", "notfall_stick", "sperre",
		"ustid", "blindzaehlung",
		"kreditgrenze", "rezept_unbar", haus.Bonseite,
	}
}

func toMap(e Einstellungen) map[string]string {
	yes := map[bool]string{true: "ja", false: "nein"}
	lock, credit := "", ""
	if e.Kreditgrenze != 0 {
		credit = strconv.FormatInt(int64(e.Kreditgrenze), 10)
	}
	if e.Sperre != 0 {
		lock = strconv.Itoa(e.Sperre)
	}
	return map[string]string{
		"name": e.Name, "inhaber": e.Inhaber, "strasse": e.Strasse, "plz": e.PLZ, "ort": e.Ort, "telefon": e.Telefon,
		"ik": e.IK, "steuernummer": e.Steuernummer, "bundesland": e.Bundesland, "erezept_datei": yes[e.ERezeptDatei],
		"produktiv":  yes[e.Produktiv],
		"muster16_x": strconv.Itoa(e.Muster16X), "muster16_y": strconv.Itoa(e.Muster16Y),
		"notfall_stick": e.NotfallStick, "sperre": lock, "ustid": e.USTID,
		"blindzaehlung": map[bool]string{true: "ja"}[e.Blindzaehlung],
		"kreditgrenze":  credit,
		haus.Bonseite:   e.Bonseite,
		"rezept_unbar":  map[bool]string{true: "ja"}[e.RezeptUnbar],
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
		Produktiv: m["produktiv"] == "ja",
		Muster16X: number("muster16_x"), Muster16Y: number("muster16_y"), NotfallStick: m["notfall_stick"],
		Sperre: number("sperre"), USTID: m["ustid"], Blindzaehlung: m["blindzaehlung"] == "ja",
		Kreditgrenze: money.Cent(number("kreditgrenze")), RezeptUnbar: m["rezept_unbar"] == "ja",
		Bonseite: m[haus.Bonseite],
	}
}
