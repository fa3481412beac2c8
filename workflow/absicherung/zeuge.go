package absicherung

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
)

// rueckblick is how many numbers are looked back at for a transaction.
const rueckblick = 400

// Spur remembers transactions that no record names, or not yet: what the TSE has ended and the journal
// knows nothing of would else be taken for a sale that the journal has lost.
type Spur interface {
	// Kennt says whether a transaction was remembered; begun is false while none ever was, so that
	// nobody can say.
	Kennt(serie, seriennummer string, transaktion uint64) (known, begun bool)
	// Merken remembers one, also beyond a power cut.
	Merken(serie, seriennummer string, transaktion uint64) error
}

// Aelter asks the TSE whether it has ended something for this till that the journal knows nothing of: as
// every sale is booked before it is signed, the journal is then older than the till was. It has to be
// asked before the first sale. An error is that the TSE has not answered; it is asked again when it does.
func (s *Service) Aelter(ctx context.Context, patience time.Duration) (older bool, err error) {
	if s.spur == nil {
		return false, nil
	}
	err = s.frist(ctx, patience, func(ctx context.Context) error {
		older, err = s.aelter(ctx)
		return err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gefragt = err == nil
	return older && err == nil, err
}

func (s *Service) aelter(ctx context.Context) (bool, error) {
	last, found, err := s.geraet.Letzte(ctx, s.serie)
	if err != nil {
		return false, err
	}
	known, begun := s.spur.Kennt(s.serie, s.tse.Seriennummer, last)
	if known {
		return false, nil
	}
	newest := uint64(0)
	err = s.kern.Store.View(ctx, func(rows journal.Rows) (err error) {
		newest, err = s.hoechste(rows, last)
		return err
	})
	if err == nil && (!begun || !found || newest == 0) { // nobody can say: from now on somebody can
		s.merken(last)
	}
	if err != nil || !begun || newest == 0 || last <= newest {
		return false, err
	}
	open, err := s.geraet.Offene(ctx, s.serie)
	return err == nil && !slices.ContainsFunc(open, func(o tse.Offen) bool { return o.Transaktion == last }), err
}

// hoechste is the highest transaction of the last records of this till; it ends at the one that is
// looked for.
func (s *Service) hoechste(rows journal.Rows, last uint64) (highest uint64, err error) {
	next, err := bons.Next(rows, s.kern.Till)
	if err != nil {
		return 0, err
	}
	_, running, err := bons.Split(next)
	if err != nil {
		return 0, err
	}
	for n := running - 1; n > 0 && n >= running-rueckblick && highest < last; n-- {
		number := bons.Number(s.kern.Till, n)
		g, _, err := belege.Gesichert(rows, number)
		if err != nil {
			return 0, err
		}
		if g.Signatur != nil && g.Signatur.Seriennummer == s.tse.Seriennummer {
			highest = max(highest, g.Signatur.Transaktion)
		}
		b, found, err := finden(rows, number)
		if err != nil {
			return 0, err
		}
		if found && b.Transaktion != nil && b.Transaktion.Seriennummer == s.tse.Seriennummer {
			highest = max(highest, b.Transaktion.Transaktion)
		}
	}
	return highest, nil
}

// merken remembers a transaction. If that fails the next start may take it for a lost sale: new receipt
// numbers are the harm.
func (s *Service) merken(transaktion uint64) {
	if s.spur == nil {
		return
	}
	if err := s.spur.Merken(s.serie, s.tse.Seriennummer, transaktion); err != nil {
		s.log.Warn("transaction not remembered", slog.Any("error", err))
	}
}

// nachfragen asks the TSE that has not answered at the start, before it signs anything.
func (s *Service) nachfragen(ctx context.Context) {
	s.mu.Lock()
	asked := s.gefragt
	s.mu.Unlock()
	if asked {
		return
	}
	older, err := s.Aelter(ctx, geduld)
	if err != nil {
		s.log.Warn("TSE does not say what it has signed last", slog.Any("error", err))
	}
	if older && s.melder != nil {
		s.melder(ctx)
	}
}
