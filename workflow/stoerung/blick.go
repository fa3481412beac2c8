package stoerung

import (
	"context"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/wacht"
)

// How links are looked at.
const (
	geduld = 3 * time.Second  // for one that does not answer; after that nobody waits for it
	takt   = 15 * time.Second // while no page is open: the Ampel changes within a minute
)

// blick looks at a link, or at some that are known together. One look goes on at a time: a
// disk that hangs holds one goroutine, not one for every page.
type blick struct {
	id, name string
	sieh     func(context.Context) []Glied

	mu     sync.Mutex
	done   chan struct{} // closed at the end of the look that goes on; nil: none does
	began  time.Duration // when it began, by the monotonic clock
	letzte []Glied
}

func (*Service) eins(id, name string, f func(context.Context) Glied) *blick {
	return &blick{id: id, name: name, sieh: func(ctx context.Context) []Glied { return []Glied{f(ctx)} }}
}

// beginne looks, unless somebody does already.
func (b *blick) beginne(ctx context.Context, now time.Duration) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done != nil {
		return b.done
	}
	done := make(chan struct{})
	b.done, b.began = done, now
	go func() {
		list := b.haengt()
		defer func() {
			_ = recover() // a link that cannot even be looked at stops no sale; it is told of
			b.mu.Lock()
			b.letzte, b.done = list, nil
			b.mu.Unlock()
			close(done)
		}()
		list = b.sieh(ctx)
	}()
	return done
}

// lange reports whether a look has gone on for too long already.
func (b *blick) lange(now time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.done != nil && now-b.began > geduld
}

func (b *blick) haengt() []Glied {
	return []Glied{bad(b.id, b.name, Gestoert, "S-600", "Das Glied „"+b.name+"“ antwortet nicht – starten Sie Offizin "+
		"neu, wenn gerade niemand wartet.", "Alle anderen Glieder sind geprüft; antwortet es nach dem Neustart nicht, den "+
		"Rechner neu starten und solange an einem anderen verkaufen.")}
}

// ansehen looks at all links at once and waits for none longer than geduld.
func (s *Service) ansehen(ctx context.Context) (list []Glied) {
	ctx = context.WithoutCancel(ctx) // a page that was closed is no fault of a link
	wait, stop := context.WithTimeout(ctx, geduld)
	defer stop()
	now := s.kern.Clock.Mono()
	var ends []<-chan struct{}
	for _, b := range s.blicke {
		end := b.beginne(ctx, now)
		if b.lange(now) {
			end = nil
		}
		ends = append(ends, end)
	}
	for i, b := range s.blicke {
		list = append(list, b.warte(wait, ends[i])...)
	}
	return list
}

// warte returns what was seen; nil is the end of a look for which nobody waits.
func (b *blick) warte(wait context.Context, end <-chan struct{}) []Glied {
	if end == nil {
		return b.haengt()
	}
	select {
	case <-end:
	default:
		select {
		case <-end:
		case <-wait.Done():
			return b.haengt()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Glied(nil), b.letzte...)
}

// Laufen looks again and again until ctx ends, and keeps what was wrong.
func (s *Service) Laufen(ctx context.Context) {
	t := time.NewTicker(takt)
	defer t.Stop()
	for {
		wacht.Runde(ctx)
		s.Zustand(ctx)
		s.behalte()
		select {
		case <-t.C:
		case <-ctx.Done():
			s.behalte()
			return
		}
	}
}

// behalte writes the history if it has changed; what the disk does not take is tried again.
func (s *Service) behalte() {
	s.mu.Lock()
	list, changed := append([]Ausfall(nil), s.verlauf...), s.neu
	s.neu = false
	s.mu.Unlock()
	if s.opt.Verlauf == nil || !changed {
		return
	}
	if err := s.opt.Verlauf.Schreiben(list); err != nil { // the link of the disk tells of it
		s.mu.Lock()
		s.neu = true
		s.mu.Unlock()
	}
}
