// Package offeneposten says what is open between the pharmacy and its customers: vouchers,
// credits, prepayments, and those from which more was taken than was on them.
package offeneposten

import (
	"context"
	"strings"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
)

// Posten is an open item as it is shown.
type Posten struct {
	offeneposten.Posten
	Name       string // of the customer; empty: nobody, or erased
	Bewegungen []offeneposten.Bewegung
}

// Ueberzogen says whether more was taken from it than was on it: it was redeemed on two
// machines that did not see each other.
func (p Posten) Ueberzogen() bool { return p.Offen < 0 }

// Service reads open items.
type Service struct {
	kern     *workflow.Kern
	personen *person.Service
}

// New returns the service.
func New(k *workflow.Kern, p *person.Service) *Service { return &Service{k, p} }

// Liste returns the items that a business case began, in order of number: the open and the
// overdrawn ones, or all.
func (s *Service) Liste(ctx context.Context, g bon.Geschaeft, alle bool) ([]Posten, error) {
	list, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (list []Posten, err error) {
		items, err := offeneposten.List(rows, g)
		for _, x := range items {
			if err != nil || x.Offen == 0 && !alle {
				continue
			}
			p := Posten{Posten: x}
			p.Bewegungen, err = offeneposten.Bewegungen(rows, g, x.Nummer)
			list = append(list, p)
		}
		return list, err
	})
	for i := range list {
		if err == nil && list[i].Kunde != "" {
			list[i].Name, err = s.name(ctx, list[i].Kunde)
		}
	}
	return list, err
}

func (s *Service) name(ctx context.Context, id string) (string, error) {
	p, _, err := s.personen.Find(ctx, id)
	return strings.TrimSpace(p.Vorname + " " + p.Name), err
}

// Kredit returns what a customer still owes, by Bon, and the sum of it.
func (s *Service) Kredit(ctx context.Context, kunde string) (list []offeneposten.Posten, sum money.Cent, err error) {
	all, err := workflow.View(ctx, s.kern, func(rows journal.Rows) ([]offeneposten.Posten, error) {
		return offeneposten.Kunde(rows, kunde, bon.Forderung)
	})
	for _, p := range all {
		if p.Offen != 0 {
			list, sum = append(list, p), sum+p.Offen
		}
	}
	return list, sum, err
}
