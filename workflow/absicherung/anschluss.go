package absicherung

import (
	"context"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/workflow"
)

// Anschluss is where the TSE of a till is plugged in. Without one the till sells all the same,
// and its Bons say so.
type Anschluss struct {
	mu      sync.Mutex
	service *Service
	neu     chan struct{} // closed when another one is plugged in
}

var _ workflow.Absicherung = (*Anschluss)(nil)

// NewAnschluss returns one with nothing plugged in.
func NewAnschluss() *Anschluss { return &Anschluss{neu: make(chan struct{})} }

// Einstecken plugs a TSE in, in place of the one before.
func (a *Anschluss) Einstecken(s *Service) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.service = s
	close(a.neu)
	a.neu = make(chan struct{})
}

func (a *Anschluss) jetzt() (*Service, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.service, a.neu
}

// Begonnen implements workflow.Absicherung.
func (a *Anschluss) Begonnen(vorgang string) {
	if s, _ := a.jetzt(); s != nil {
		s.Begonnen(vorgang)
	}
}

// Warten implements workflow.Absicherung.
func (a *Anschluss) Warten(ctx context.Context, vorgang string) {
	if s, _ := a.jetzt(); s != nil {
		s.Warten(ctx, vorgang)
	}
}

// Bon implements workflow.Absicherung.
func (a *Anschluss) Bon(b *bon.Bon) {
	if s, _ := a.jetzt(); s != nil {
		s.Bon(b)
	}
}

// Gebucht implements workflow.Absicherung.
func (a *Anschluss) Gebucht(ctx context.Context, b bon.Bon) {
	if s, _ := a.jetzt(); s != nil {
		s.Gebucht(ctx, b)
	}
}

// Nachher implements workflow.Absicherung.
func (a *Anschluss) Nachher(b bon.Bon) {
	if s, _ := a.jetzt(); s != nil {
		s.Nachher(b)
	}
}

// Lage says how the TSE stands; false: none is plugged in.
func (a *Anschluss) Lage(ctx context.Context) (Lage, bool, error) {
	s, _ := a.jetzt()
	if s == nil {
		return Lage{}, false, nil
	}
	l, err := s.Lage(ctx)
	return l, true, err
}

// Aelter asks the TSE whether the journal is older than the till was; false as well if none is plugged in.
func (a *Anschluss) Aelter(ctx context.Context, patience time.Duration) (bool, error) {
	if s, _ := a.jetzt(); s != nil {
		return s.Aelter(ctx, patience)
	}
	return false, nil
}

// Ordnen ends what is begun and not on the counter any more: before a day is closed.
func (a *Anschluss) Ordnen(ctx context.Context) error {
	if s, _ := a.jetzt(); s != nil {
		return s.Ordnen(ctx)
	}
	return nil
}

// Raeumen ends all that is begun, also of carts on the counter: before another TSE signs.
func (a *Anschluss) Raeumen(ctx context.Context) error {
	if s, _ := a.jetzt(); s != nil {
		return s.Raeumen(ctx)
	}
	return nil
}

// Laufen runs what goes on beside the sales, for whichever TSE is plugged in, until ctx ends.
func (a *Anschluss) Laufen(ctx context.Context) {
	for ctx.Err() == nil {
		s, next := a.jetzt()
		own, stop := context.WithCancel(ctx)
		var run sync.WaitGroup
		if s != nil {
			run.Go(func() { s.Laufen(own) })
		}
		select {
		case <-ctx.Done():
		case <-next:
		}
		stop()
		run.Wait()
		if s != nil {
			s.Close()
		}
	}
}
