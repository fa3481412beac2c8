// Package inbetriebnahme says what a till has and what it lacks before it may sell: data of the
// pharmacy, TSE, printer, money in the drawer, people with PINs, the Mitteilung. Each step is
// decided from what there is; only what somebody puts off on purpose is kept, as a setting of the
// till. Nothing of it ever stops a sale.
package inbetriebnahme

import (
	"context"
	"slices"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/rechte"
)

// Schritt is a step.
type Schritt string

// The steps, in the order in which they are best done.
const (
	Apotheke       Schritt = "apotheke"       // name, address, Steuernummer: every receipt and export needs them
	Platz          Schritt = "platz"          // name, prefix and KassenSeriennummer of this till
	TSE            Schritt = "tse"            // signs (§ 146a (1) AO)
	Bondrucker     Schritt = "bondrucker"     // prints
	Kartenterminal Schritt = "kartenterminal" // takes cards
	Anfangsbestand Schritt = "anfangsbestand" // change money, counted
	Personal       Schritt = "personal"       // everybody has a PIN
	Mitteilung     Schritt = "mitteilung"     // to the tax office (§ 146a (4) AO)
	Katalog        Schritt = "katalog"        // articles to sell
	Probe          Schritt = "probe"          // a first Bon, in practice
)

// Schritte are all steps in their order.
func Schritte() []Schritt {
	return []Schritt{
		Apotheke, Platz, TSE, Bondrucker, Kartenterminal, Anfangsbestand, Personal, Mitteilung, Katalog,
		Probe,
	}
}

// Pflicht reports whether the law asks for a step: that one cannot be put off.
func (s Schritt) Pflicht() bool { return s == Apotheke || s == TSE || s == Mitteilung }

// Aufschiebbar reports whether a step may be put off.
func (s Schritt) Aufschiebbar() bool {
	return !s.Pflicht() && s != Platz && slices.Contains(Schritte(), s)
}

// Zustand is how a step stands.
type Zustand string

// The states.
const (
	Erledigt        Zustand = "erledigt"
	Fehlt           Zustand = "fehlt"
	Zurueckgestellt Zustand = "zurueckgestellt" // put off by somebody
	Entfaellt       Zustand = "entfaellt"       // there is nothing to do
)

// Dienste is what the steps are read from.
type Dienste struct {
	// TSE says how the TSE of this till stands; false: none is set up.
	TSE            func(context.Context) (absicherung.Lage, bool, error)
	Drucker        *drucker.Service
	Kassenmeldung  *kassenmeldung.Service
	Kartenterminal bool // one is connected
}

// Service looks.
type Service struct {
	kern *workflow.Kern
	d    Dienste
}

// New returns the service.
func New(k *workflow.Kern, d Dienste) *Service { return &Service{k, d} }

// schluessel is the setting that keeps that a step of a till was put off.
func schluessel(till string, s Schritt) string { return "inbetriebnahme/" + till + "/" + string(s) }

// Zurueckstellen puts a step off, or takes that back. The fault is T-950 for a step that cannot be
// put off, and one of G-1xx for who may not manage.
func (s *Service) Zurueckstellen(ctx context.Context, a workflow.Auftrag, step Schritt, ja bool) error {
	if !step.Aufschiebbar() {
		return fault.New(fault.Invalid, "T-950",
			"Dieser Schritt lässt sich nicht zurückstellen – erledigen Sie ihn; verkaufen geht trotzdem.", nil)
	}
	key := schluessel(s.kern.Till, step)
	value := map[bool]string{true: "zurueckgestellt"}[ja]
	_, err := s.kern.Do(ctx, a, []any{"Inbetriebnahme", key, ja}, func(rows journal.Rows) ([]journal.Event, error) {
		today := clock.Today(s.kern.Clock)
		if err := rechte.Fordern(rows, a.Actor, berechtigung.Verwalten, 0, today); err != nil {
			return nil, err
		}
		old, err := haus.Einstellung(rows, key)
		if err == nil && old == value {
			err = workflow.ErrUnchanged
		}
		return []journal.Event{event.EinstellungGesetzt{Schluessel: key, Wert: value}}, err
	})
	return err
}

// Offen reports whether something that the law asks for before the first sale is missing: the data
// of the pharmacy, or a TSE that may sign. It is cheap: every page asks.
func (s *Service) Offen(ctx context.Context) (bool, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (bool, error) {
		m, err := haus.Einstellungen(rows)
		if err != nil {
			return false, err
		}
		set, found, err := belege.TSE(rows, s.kern.Till)
		practice := set.Geraet.Uebung && m["produktiv"] == "ja"
		return len(fehlende(m)) > 0 || !found || practice, err
	})
}

// fehlende are the names of the data that every closing freezes (DSFinV-K 2.4, cashpointclosing)
// and the Mitteilung names, and that nobody has entered.
func fehlende(m map[string]string) (list []string) {
	for _, key := range []string{"name", "inhaber", "strasse", "plz", "ort"} {
		if m[key] == "" {
			list = append(list, key)
		}
	}
	if m["steuernummer"]+m["ustid"] == "" {
		list = append(list, "steuernummer")
	}
	return list
}
