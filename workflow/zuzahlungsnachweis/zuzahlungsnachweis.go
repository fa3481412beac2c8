// Package zuzahlungsnachweis makes the yearly statement of a patient's Zuzahlungen.
package zuzahlungsnachweis

import (
	"context"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/nachweis"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/zuzahlungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
)

// Service makes statements.
type Service struct {
	kern     *workflow.Kern
	personen *person.Service
}

// New returns the service.
func New(k *workflow.Kern, p *person.Service) *Service { return &Service{k, p} }

// ErstesJahr is the first year a statement may be asked for: § 61 SGB V as it is holds since.
const ErstesJahr = 2004

// Nachweis is the statement of a year; 0: the present one.
func (s *Service) Nachweis(ctx context.Context, id string, jahr int) (nachweis.Nachweis, error) {
	today := clock.Today(s.kern.Clock)
	if jahr == 0 {
		jahr = today.Year()
	}
	if jahr < ErstesJahr || jahr > today.Year() {
		return nachweis.Nachweis{}, fault.New(fault.Invalid, "T-791",
			"Für dieses Jahr gibt es keinen Nachweis – geben Sie ein vergangenes oder das laufende Jahr ein.", nil)
	}
	p, ok, err := s.personen.Find(ctx, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "T-792", "Diese Person gibt es nicht (mehr) – suchen Sie sie neu.", nil)
	}
	if err != nil {
		return nachweis.Nachweis{}, err
	}
	n := nachweis.Nachweis{
		Name: strings.TrimSpace(p.Vorname + " " + p.Name), Geburt: p.Geburt, KVNR: p.KVNR, Jahr: jahr, Erstellt: today,
		Anschrift: strings.Trim(p.Strasse+", "+strings.TrimSpace(p.PLZ+" "+p.Ort), ", "),
	}
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		m, err := haus.Einstellungen(rows)
		if err != nil {
			return err
		}
		n.Apotheke = quittung.Apotheke{
			Name: m["name"], Inhaber: m["inhaber"], Strasse: m["strasse"], PLZ: m["plz"], Ort: m["ort"],
			Telefon: m["telefon"], IK: m["ik"],
		}
		from, to := civil.Must(jahr, 1, 1), civil.Must(jahr, 12, 31)
		return zuzahlungen.Each(rows, id, from, to, func(z nachweis.Zeile) (bool, error) {
			n.Zeilen = append(n.Zeilen, z)
			return true, nil
		})
	})
	return n, err
}
