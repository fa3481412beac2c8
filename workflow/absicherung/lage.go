package absicherung

import (
	"context"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
)

// Lage is how the TSE of this till stands.
type Lage struct {
	Serie       string // KassenSeriennummer
	Geraet      tse.Geraet
	Grund       string           // why it signs nothing; empty: it signs
	Seit        int64            // since when it signs nothing, UTC nanoseconds
	Ungesichert int              // records that wait for it
	Ausfaelle   []belege.Ausfall // the first one first
}

// Lage says how the TSE stands.
func (s *Service) Lage(ctx context.Context) (Lage, error) {
	l := Lage{Serie: s.serie, Geraet: s.tse}
	if out := s.ausgefallen(); out != nil {
		l.Grund = out.grund
	}
	err := s.kern.Store.View(ctx, func(rows journal.Rows) (err error) {
		open, err := belege.Ungesichert(rows, s.kern.Till)
		if err != nil {
			return err
		}
		l.Ungesichert = len(open)
		l.Ausfaelle, err = belege.Ausfaelle(rows, s.kern.Till)
		return err
	})
	if n := len(l.Ausfaelle); n > 0 && l.Ausfaelle[n-1].Ende == 0 {
		l.Seit = l.Ausfaelle[n-1].Beginn
	}
	return l, err
}
