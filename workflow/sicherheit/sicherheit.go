// Package sicherheit says which sales lie on one machine only: they are booked, and not safe
// yet.
package sicherheit

import (
	"context"
	"slices"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
)

// limit is how many Bons are counted.
const limit = 1000

// Service looks at the Bons of this till.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Stand is how safe the sales of this till are.
type Stand struct {
	Allein bool     // no other machine belongs to the pharmacy
	Bons   []string // that lie here only, the last one first, at most 1,000
}

// Sicher reports whether a Bon lies on another machine as well.
func (s Stand) Sicher(nummer string) bool { return !slices.Contains(s.Bons, nummer) }

// The words of Schild.
const (
	Gesichert = "sicher"  // on another machine as well
	Gebucht   = "gebucht" // here only, so far
	Allein    = "allein"  // here only, and there is no other machine
)

// Schild is the word for one Bon; empty if nobody can say.
func (s *Service) Schild(ctx context.Context, nummer string) string {
	if s == nil {
		return ""
	}
	if s.allein() { // nothing is counted while somebody waits for the receipt
		return Allein
	}
	st, err := s.Stand(ctx)
	switch {
	case err != nil:
		return ""
	case st.Sicher(nummer):
		return Gesichert
	}
	return Gebucht
}

func (s *Service) allein() bool { return s.kern.Nachbarn == nil || s.kern.Nachbarn.Anzahl() == 0 }

// Stand looks now.
func (s *Service) Stand(ctx context.Context) (Stand, error) {
	st := Stand{Allein: s.allein()}
	self, after := s.kern.Store.Self(), uint64(0)
	if s.kern.Nachbarn != nil {
		if seq := s.kern.Nachbarn.Gesichert(self); seq > 0 {
			err := s.kern.Store.Records(ctx, self, seq-1, func(r journal.Record) (bool, error) {
				after = r.Lamport
				return false, nil
			})
			if err != nil {
				return st, err
			}
		}
	}
	var err error
	st.Bons, err = workflow.View(ctx, s.kern, func(rows journal.Rows) ([]string, error) {
		return bons.Ungesichert(rows, s.kern.Till, self.String(), after, limit)
	})
	return st, err
}
