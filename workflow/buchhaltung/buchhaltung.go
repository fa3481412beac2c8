// Package buchhaltung gives the closings of all tills to the bookkeeping: by accounts that the
// pharmacy sets.
package buchhaltung

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Einstellungen say for whom and to which accounts is booked.
type Einstellungen struct {
	Berater, Mandant int // numbers at the tax adviser's; 0: not set
	Rahmen           buchung.Rahmen
	Laenge           int            // of account numbers, 4 to 8
	Konten           buchung.Konten // what is not set is the Vorgabe
}

// Auszug is a period as bookings.
type Auszug struct {
	Einstellungen
	Apotheke    string
	Von, Bis    civil.Day
	Abschluesse int
	Buchungen   []buchung.Buchung
}

// Service reads closings.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

const konto = "datev_konto_"

// Einstellungen returns the settings.
func (s *Service) Einstellungen(ctx context.Context) (Einstellungen, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Einstellungen, error) {
		m, err := haus.Einstellungen(rows)
		return ausText(m), err
	})
}

func ausText(m map[string]string) Einstellungen {
	number := func(key string) int {
		n, _ := strconv.Atoi(m[key]) // unset is zero
		return n
	}
	e := Einstellungen{
		Berater: number("datev_berater"), Mandant: number("datev_mandant"),
		Rahmen: cmp.Or(buchung.Rahmen(m["datev_rahmen"]), buchung.SKR03),
		Laenge: cmp.Or(number("datev_laenge"), buchung.LaengeAb),
	}
	e.Konten = buchung.Vorgabe(e.Rahmen, e.Laenge)
	for z := range e.Konten {
		if n := m[konto+string(z)]; n != "" {
			e.Konten[z] = n
		}
	}
	return e
}

// text are the settings as they are stored: an account only where it is not the Vorgabe, so
// that another Kontenrahmen brings its own.
func (e Einstellungen) text() map[string]string {
	m := map[string]string{
		"datev_berater": strconv.Itoa(e.Berater), "datev_mandant": strconv.Itoa(e.Mandant),
		"datev_rahmen": string(e.Rahmen), "datev_laenge": strconv.Itoa(e.Laenge),
	}
	usual := buchung.Vorgabe(e.Rahmen, e.Laenge)
	for z, n := range e.Konten {
		if m[konto+string(z)] = n; n == usual[z] {
			m[konto+string(z)] = ""
		}
	}
	return m
}

// The numbers that a tax adviser and his clients may have at DATEV.
const (
	minBerater, maxBerater = 1001, 9_999_999
	minMandant, maxMandant = 1, 99_999
)

func (e Einstellungen) check() error {
	if e.Berater < minBerater || e.Berater > maxBerater || e.Mandant < minMandant || e.Mandant > maxMandant {
		return fault.New(fault.Invalid, "T-701",
			"Beraternummer und Mandantennummer fehlen oder stimmen nicht – der Steuerberater nennt sie Ihnen.", nil)
	}
	if e.Rahmen != buchung.SKR03 && e.Rahmen != buchung.SKR04 {
		return fault.New(fault.Invalid, "T-702",
			"Diesen Kontenrahmen gibt es hier nicht – wählen Sie SKR 03 oder SKR 04.", nil)
	}
	if err := e.Konten.Check(e.Laenge); err != nil {
		return fault.New(fault.Invalid, "T-703", "Ein Konto fehlt, hat eine andere Länge oder ist zugleich das Konto des "+
			"Bargelds – geben Sie jedes Konto mit genau der eingestellten Zahl von Ziffern ein.", err)
	}
	return nil
}

// Setzen stores the settings that changed.
func (s *Service) Setzen(ctx context.Context, a workflow.Auftrag, e Einstellungen) error {
	if err := e.check(); err != nil {
		return err
	}
	next := e.text()
	_, err := s.kern.Do(ctx, a, next, func(rows journal.Rows) (list []journal.Event, err error) {
		if err := rechte.Fordern(rows, a.Actor, berechtigung.Verwalten, 0, clock.Today(s.kern.Clock)); err != nil {
			return nil, err
		}
		old, err := haus.Einstellungen(rows)
		if err != nil {
			return nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(next)) {
			if old[key] != next[key] {
				list = append(list, event.EinstellungGesetzt{Schluessel: key, Wert: next[key]})
			}
		}
		if len(list) == 0 {
			return nil, workflow.ErrUnchanged
		}
		return list, nil
	})
	return err
}

// Auszug books the closings of all tills whose business day is in the period.
func (s *Service) Auszug(ctx context.Context, von, bis civil.Day) (Auszug, error) {
	if !von.Valid() || !bis.Valid() || von > bis || von.Year() != bis.Year() {
		return Auszug{}, fault.New(fault.Invalid, "T-704",
			"Der Zeitraum fehlt oder geht über ein Jahr hinaus – geben Sie Beginn und Ende im selben Kalenderjahr an.", nil)
	}
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (x Auszug, err error) {
		m, err := haus.Einstellungen(rows)
		if err != nil {
			return x, err
		}
		x = Auszug{Einstellungen: ausText(m), Apotheke: m["name"], Von: von, Bis: bis}
		if err := x.check(); err != nil {
			return x, err
		}
		list, err := kassenbuch.Zeitraum(rows, von, bis)
		if err != nil {
			return x, err
		}
		x.Abschluesse = len(list)
		for _, z := range list {
			booked, err := buchung.Buchen(z, x.Konten)
			if err != nil {
				return x, fmt.Errorf("book closing: %w", err)
			}
			x.Buchungen = append(x.Buchungen, booked...)
		}
		if len(x.Buchungen) == 0 {
			return x, fault.New(fault.NotFound, "T-705",
				"In diesem Zeitraum gibt es keinen Tagesabschluss mit Umsatz – wählen Sie einen anderen.", nil)
		}
		return x, nil
	})
}
