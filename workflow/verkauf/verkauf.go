// Package verkauf is selling: the cart from the first scan to the Bon, parking,
// undoing, cancelling and returns. Every change of a cart is journalled, so that the
// same cart is there after any crash; prices are computed anew whenever it is shown.
package verkauf

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rechnung"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// The limits of a cart: what no sale over a counter exceeds.
const (
	MaxZeilen = 60
	MaxMenge  = 999
)

// Service sells.
type Service struct {
	kern     *workflow.Kern
	personen *person.Service
	rechnung *rechnung.Service
}

// New returns the service.
func New(k *workflow.Kern, p *person.Service, r *rezeptannahme.Service) *Service {
	return &Service{kern: k, personen: p, rechnung: rechnung.New(k, p, r)}
}

// Ansicht is a cart as it stands on the counter: with prices, reasons and stock.
type Ansicht = rechnung.Ansicht

// Zeile is one line of the cart, computed.
type Zeile = rechnung.Zeile

// Kurz is a cart in a list.
type Kurz struct {
	ID        string
	Platz     string // machine that owns it
	Zustand   vorgang.Zustand
	Benutzer  string
	Notiz     string
	Kunde     string
	Zeilen    int
	Patient   money.Cent
	Geaendert time.Time
}

// Beginnen opens an empty cart.
func (s *Service) Beginnen(ctx context.Context, a workflow.Auftrag) (Ansicht, error) {
	id := "v-" + workflow.ID(a)
	kopf := vorgang.Kopf{Platz: s.kern.Platz, Epoche: 1, Zustand: vorgang.Offen, Tag: clock.Today(s.kern.Clock)}
	res, err := s.kern.Do(ctx, a, "beginnen", func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.VorgangGeaendert{ID: id, Version: 1, Kopf: &kopf, Was: "Beginn"}}, nil
	})
	if err != nil {
		return Ansicht{}, err
	}
	return s.danach(ctx, id, res)
}

// danach is the cart after an act. If the act is a repeated one and the cart finished
// since, there is nothing to show, but what was asked for has been done.
func (s *Service) danach(ctx context.Context, id string, res journal.Result) (Ansicht, error) {
	v, err := s.Ansicht(ctx, id)
	if res.Repeated && errors.Is(err, errKeinVorgang) {
		err = fault.New(fault.Conflict, "V-141",
			"Das ist schon geschehen, und der Vorgang ist seitdem bezahlt oder verworfen – beginnen Sie einen neuen.", err)
	}
	if err == nil && len(v.Zeilen) > 0 && s.kern.Absicherung != nil {
		s.kern.Absicherung.Begonnen(id)
	}
	return v, err
}

// Aktuell returns the open cart of this machine that was changed last; a zero
// Ansicht if there is none.
func (s *Service) Aktuell(ctx context.Context) (Ansicht, error) {
	return s.sehen(ctx, func(rows journal.Rows) (vorgaenge.Eintrag, bool, error) {
		return vorgaenge.Current(rows, s.kern.Platz)
	})
}

// Ansicht returns a cart.
func (s *Service) Ansicht(ctx context.Context, id string) (Ansicht, error) {
	return s.sehen(ctx, func(rows journal.Rows) (vorgaenge.Eintrag, bool, error) {
		v, err := find(rows, id)
		return v, true, err
	})
}

// sehen prices the cart that find finds.
func (s *Service) sehen(
	ctx context.Context, find func(journal.Rows) (vorgaenge.Eintrag, bool, error),
) (Ansicht, error) {
	var out Ansicht
	now := s.kern.Clock.Now()
	err := s.rechnung.Opened(ctx, func() error {
		return s.kern.Store.View(ctx, func(rows journal.Rows) error {
			v, ok, err := find(rows)
			if err != nil || !ok {
				return err
			}
			if out, err = s.rechnung.Ansicht(ctx, rows, v, now); err != nil {
				return err
			}
			return rechnung.Lager(rows, out.Zeilen)
		})
	})
	return out, err
}

// Warum returns one line of a cart with its steps.
func (s *Service) Warum(ctx context.Context, id string, nr int) (Zeile, error) {
	v, err := s.Ansicht(ctx, id)
	if err != nil {
		return Zeile{}, err
	}
	for _, z := range v.Zeilen {
		if z.Position.Nr == nr {
			return z, nil
		}
	}
	return Zeile{}, keineZeile()
}

// Offene lists open and parked carts of all machines, the last changed first; those
// without lines only if they are parked.
func (s *Service) Offene(ctx context.Context) ([]Kurz, error) {
	var out []Kurz
	now := s.kern.Clock.Now()
	err := s.rechnung.Opened(ctx, func() error {
		return s.kern.Store.View(ctx, func(rows journal.Rows) (err error) {
			out, err = s.offene(ctx, rows, now)
			return err
		})
	})
	return out, err
}

// offene reads the open carts. What is not opened yet is collected over all of them.
func (s *Service) offene(ctx context.Context, rows journal.Rows, now time.Time) ([]Kurz, error) {
	var out []Kurz
	var missing rechnung.Missing
	list, err := vorgaenge.List(rows)
	if err != nil {
		return nil, err
	}
	for _, v := range list {
		if len(v.Positionen) == 0 && v.Zustand != vorgang.Geparkt {
			continue
		}
		k, err := s.kurz(ctx, rows, v, now)
		if m, ok := errors.AsType[*rechnung.Missing](err); ok {
			missing.Und(m)
		} else if err != nil {
			return nil, err
		}
		if out = append(out, k); len(out) == rechnung.MaxOffene {
			break
		}
	}
	if !missing.Leer() {
		return nil, &missing
	}
	return out, nil
}

func (s *Service) kurz(ctx context.Context, rows journal.Rows, v vorgaenge.Eintrag, now time.Time) (Kurz, error) {
	a, err := s.rechnung.Ansicht(ctx, rows, v, now)
	if err != nil {
		return Kurz{}, err
	}
	k := Kurz{
		ID: v.ID, Platz: v.Platz, Zustand: v.Zustand, Benutzer: v.Benutzer, Notiz: v.Notiz, Zeilen: len(v.Positionen),
		Patient: a.Summen.Patient, Geaendert: time.Unix(0, v.Geaendert).UTC(),
	}
	switch {
	case a.Kunde != nil:
		k.Kunde = a.Kunde.Name
	case len(a.Rezepte) > 0: // erased: empty
		k.Kunde = a.Rezepte[0].Rezept.Patient.Name
	}
	return k, nil
}

var errKeinVorgang = errors.New("cart is finished or unknown")

func find(rows journal.Rows, id string) (vorgaenge.Eintrag, error) {
	v, ok, err := vorgaenge.Find(rows, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "V-101",
			"Dieser Vorgang ist abgeschlossen oder verworfen – beginnen Sie einen neuen.", errKeinVorgang)
	}
	return v, err
}

// edit changes a cart: f alters a copy, what differs is journalled as one event.
func (s *Service) edit(
	ctx context.Context, a workflow.Auftrag, id, was string, input any, f func(*vorgang.Vorgang) error,
) (Ansicht, error) {
	return s.editRows(ctx, a, id, was, input, func(_ journal.Rows, v *vorgang.Vorgang) error { return f(v) })
}

// editRows is edit with the projections at hand.
func (s *Service) editRows(
	ctx context.Context, a workflow.Auftrag, id, was string, input any, f func(journal.Rows, *vorgang.Vorgang) error,
) (Ansicht, error) {
	res, err := s.mitSpur(ctx, a, []any{was, id, input}, func(rows journal.Rows, spur spur) ([]journal.Event, error) {
		old, err := find(rows, id)
		if err != nil {
			return nil, err
		}
		if err := s.editable(old.Vorgang); err != nil {
			return nil, err
		}
		next := old.Vorgang
		next.Positionen = slices.Clone(old.Positionen)
		next.Rezepte = slices.Clone(old.Rezepte)
		if err := f(rows, &next); err != nil {
			return nil, err
		}
		if len(old.Positionen) == 0 && next.Geschehen == 0 {
			next.Tag = clock.Today(s.kern.Clock) // an empty cart has no prices that could change
		}
		e, changed := diff(old.Vorgang, next)
		if !changed {
			return nil, workflow.ErrUnchanged
		}
		e.Was = was
		e.Storniert, err = spur(rows, old, next)
		return []journal.Event{e}, err
	})
	if err != nil {
		return Ansicht{}, err
	}
	return s.danach(ctx, id, res)
}

// editable refuses carts that are parked or belong to another machine.
func (s *Service) editable(v vorgang.Vorgang) error {
	switch {
	case v.Zustand != vorgang.Offen:
		return fault.New(fault.Conflict, "V-102", "Der Vorgang ist geparkt – holen Sie ihn mit F8 zurück.", nil)
	case v.Platz != s.kern.Platz:
		return elsewhere()
	}
	return nil
}

func elsewhere() error {
	return fault.New(fault.Conflict, "V-117",
		"Der Vorgang ist an einem anderen Platz offen – übernehmen Sie ihn mit F8.", nil)
}

// diff is the event that turns old into next.
func diff(old, next vorgang.Vorgang) (event.VorgangGeaendert, bool) {
	e := event.VorgangGeaendert{ID: old.ID, Version: old.Version + 1}
	if !equalKopf(old.Kopf, next.Kopf) {
		e.Kopf = &next.Kopf
	}
	for _, p := range next.Positionen {
		if was := old.Find(p.Nr); was == nil || !equal(*was, p) {
			e.Gesetzt = append(e.Gesetzt, p)
		}
	}
	for _, p := range old.Positionen {
		if next.Find(p.Nr) == nil {
			e.Entfernt = append(e.Entfernt, p.Nr)
		}
	}
	return e, e.Kopf != nil || len(e.Gesetzt)+len(e.Entfernt) > 0
}

func equal(a, b vorgang.Position) bool {
	if a.Preis != nil && b.Preis != nil && *a.Preis == *b.Preis {
		b.Preis = a.Preis
	}
	if a.Zubereitung.Equal(b.Zubereitung) {
		b.Zubereitung = a.Zubereitung
	}
	return a == b
}

func equalKopf(a, b vorgang.Kopf) bool {
	same := slices.Equal(a.Rezepte, b.Rezepte)
	a.Rezepte, b.Rezepte = nil, nil
	return same && a.Platz == b.Platz && a.Epoche == b.Epoche && a.Zustand == b.Zustand && a.Kunde == b.Kunde &&
		a.Befreit == b.Befreit && a.Schwanger == b.Schwanger && a.Notiz == b.Notiz && a.Geschehen == b.Geschehen &&
		a.Beleg == b.Beleg && a.Tag == b.Tag
}

func keineZeile() error {
	return fault.New(fault.NotFound, "V-103", "Diese Zeile gibt es nicht mehr – wählen Sie eine andere.", nil)
}
