package ausgang_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow/ausgang"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// orte is the outside as places, of which some never answer.
type orte struct {
	mu     sync.Mutex
	haengt map[string]bool
	now    int // calls that hang
	most   int
	getan  map[string]int
}

func (o *orte) Fragen(ctx context.Context, b ausgang.Besorgung) (string, bool, error) {
	o.mu.Lock()
	hangs := o.haengt[b.Ziel]
	if hangs {
		o.now++
		o.most = max(o.most, o.now)
	}
	o.mu.Unlock()
	if hangs {
		<-ctx.Done()
		o.mu.Lock()
		o.now--
		o.mu.Unlock()
		return "", false, ctx.Err()
	}
	return "", false, nil
}

func (o *orte) Zustellen(_ context.Context, b ausgang.Besorgung) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.getan[b.Ziel]++
	return "", nil
}

func (o *orte) done(ziel string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.getan[ziel]
}

// A place that does not answer, and that many errands wait for, holds up no other; at no more than 16
// places something is tried at once.
func TestOrteWartenNichtAufeinander(t *testing.T) {
	s := workflowtest.New(t, nil)
	o := &orte{haengt: map[string]bool{}, getan: map[string]int{}}
	out := ausgang.New(s.Kern, map[string]ausgang.Regel{"bestellung": {Bote: o, Dauer: time.Hour}})
	give := func(ziel string, n int) {
		for range n {
			a := s.A()
			_, err := s.Kern.Do(s.Ctx, a, "bestellen", func(rows journal.Rows) ([]journal.Event, error) {
				e, err := out.Aufgeben(rows, a, 0, "bestellung", ziel, []byte("x"), bis())
				return []journal.Event{e}, err
			})
			s.Must(err)
		}
	}
	o.haengt["tot"] = true
	give("tot", 600)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		out.Laufen(ctx, func() bool { return true }, slog.New(slog.DiscardHandler))
		close(ended)
	}()
	for i := range 2 {
		give("schnell", 1)
		for end := time.Now().Add(5 * time.Second); o.done("schnell") <= i; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the place that answers waits for the one that does not")
			}
		}
	}
	for i := range 40 {
		o.mu.Lock()
		o.haengt[fmt.Sprint("tot", i)] = true
		o.mu.Unlock()
		give(fmt.Sprint("tot", i), 1)
	}
	time.Sleep(2500 * time.Millisecond)
	stop()
	<-ended
	if o.most != 16 {
		t.Errorf("%d places at once", o.most)
	}
}
