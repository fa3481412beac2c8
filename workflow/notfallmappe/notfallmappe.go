// Package notfallmappe chooses what goes into the Notfallmappe: the articles sold most with
// their prices, and who waits for what. It changes nothing.
package notfallmappe

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/mappe"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// Service makes the contents of a Mappe.
type Service struct {
	kern       *workflow.Kern
	haus       *haus.Service
	personen   *person.Service
	vormerkung *vormerkung.Service
}

// New returns the service.
func New(k *workflow.Kern, p *person.Service) *Service {
	return &Service{k, haus.New(k), p, vormerkung.New(k, p)}
}

// Mappe returns what is printed today. Reservations that cannot be read are left out and
// named in the error beside a Mappe that is good for everything else; an error with an
// empty Mappe means that there is none.
func (s *Service) Mappe(ctx context.Context) (m mappe.Mappe, warnung, err error) {
	m = mappe.Mappe{Tag: clock.Today(s.kern.Clock), Zeit: s.kern.Clock.Now().UTC()}
	gen, err := s.kern.Katalog.Am(m.Tag)
	if err != nil {
		return mappe.Mappe{}, nil, err
	}
	m.Katalog = gen.Manifest().GueltigAb
	if err := s.kopf(ctx, &m); err != nil {
		return mappe.Mappe{}, nil, err
	}
	if err := s.artikel(ctx, gen, &m); err != nil {
		return mappe.Mappe{}, nil, err
	}
	if m.Vormerken, warnung = s.vormerkungen(ctx); warnung != nil {
		m.Vormerken, m.OhneVormerkungen = nil, true
	}
	return m, warnung, ctx.Err() //nolint:wrapcheck // it says itself that nobody waits any more
}

func (s *Service) kopf(ctx context.Context, m *mappe.Mappe) error {
	e, err := s.haus.Einstellungen(ctx)
	m.Apotheke = mappe.Apotheke{
		Name: e.Name, Inhaber: e.Inhaber, Strasse: e.Strasse, PLZ: e.PLZ, Ort: e.Ort, Telefon: e.Telefon, IK: e.IK,
	}
	return err
}

// artikel chooses the articles, prices them and puts them in the order of their names.
func (s *Service) artikel(ctx context.Context, gen catalogue.Generation, m *mappe.Mappe) error {
	m.Auswahl.Seit = vorEinemJahr(m.Tag)
	list, err := s.waehle(ctx, gen, m)
	if err != nil {
		return err
	}
	days, err := s.stichtage(ctx, gen, m.Tag)
	if err != nil {
		return err
	}
	m.Bis, m.Kataloge = days.bis(), days.kataloge()
	for _, w := range list {
		a, err := days.preise(ctx, w, &m.Bis)
		if err != nil {
			return err
		}
		m.Artikel = append(m.Artikel, a)
	}
	ordne(m.Artikel)
	return nil
}

// vormerkungen are the open reservations in the order of names; who is not named comes last.
func (s *Service) vormerkungen(ctx context.Context) ([]mappe.Vormerkung, error) {
	open, err := s.vormerkung.Liste(ctx)
	if err != nil {
		return nil, err
	}
	var list []mappe.Vormerkung
	for _, v := range open {
		x := mappe.Vormerkung{
			Nummer: v.Nummer, Kunde: v.Kunde, Name: v.Name, Menge: v.Menge, PZN: v.Artikel.PZN, Tag: v.Tag, Abholbar: v.Abholbar,
			Artikel: strings.TrimSpace(v.Artikel.Name + " " + strings.TrimSpace(v.Artikel.Packung())),
		}
		if v.Kunde != "" {
			p, ok, err := s.personen.Find(ctx, v.Kunde)
			if err != nil {
				return nil, err
			}
			x.Name, x.Telefon = "", p.Telefon
			if ok {
				x.Name = strings.Trim(p.Name+", "+p.Vorname, ", ")
			} else {
				x.Kunde = "" // erased in between
			}
		}
		list = append(list, x)
	}
	slices.SortStableFunc(list, func(a, b mappe.Vormerkung) int {
		return cmp.Or(leer(a.Name)-leer(b.Name), cmp.Compare(falten(a.Name), falten(b.Name)), a.Nummer-b.Nummer)
	})
	return list, nil
}

func leer(s string) int {
	if s == "" {
		return 1
	}
	return 0
}
