package apotheke

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite"
)

// The check of the journal waits while many records come in, and no longer; it is not held up
// where a machine is alone, or for ever, or when the program ends.
func TestPruefungWartetAufNachzuegler(t *testing.T) {
	asked := 0
	p := &probe{clock: clock.NewReal()}
	p.warte(t.Context())
	p.behind = func() bool {
		asked++
		return asked < 3
	}
	if p.warte(t.Context()); asked != 3 {
		t.Errorf("asked %d times", asked)
	}
	uhr := clock.NewManual(clock.NewReal().Now())
	p.clock, p.behind = uhr, func() bool {
		uhr.Advance(nachzuegler)
		return true
	}
	p.warte(t.Context())
	over, stop := context.WithCancel(t.Context())
	stop()
	p.clock, p.behind = clock.NewReal(), func() bool { return true }
	p.warte(over)
}

// After a start both Störungen and the day want the journal checked: it is read once for both. A
// check that is an hour old, has failed, or was broken off counts for nothing on the day.
func TestPruefungEinmalFuerAlle(t *testing.T) {
	store, err := sqlite.Open(t.Context(), sqlite.Options{Dir: t.TempDir(), Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	uhr, checks := clock.NewManual(clock.NewReal().Now()), 0
	p := &probe{clock: uhr, store: store, behind: func() bool { checks++; return false }}
	tag := func(want int) {
		t.Helper()
		if err := p.desTages(t.Context()); err != nil || checks != want {
			t.Errorf("%d checks, want %d: %v", checks, want, err)
		}
	}
	if st, err := p.Journal(t.Context()); err != nil || !st.Running {
		t.Errorf("check not begun: %+v, %v", st, err)
	}
	tag(1)
	if st, err := p.Journal(t.Context()); err != nil || st.Running || st.Zeit.IsZero() || st.Fehler != nil {
		t.Errorf("check not kept: %+v, %v", st, err)
	}
	uhr.Advance(frisch + time.Minute)
	tag(2)
	p.pruefung.Fehler = errFunde
	tag(3)

	uhr.Advance(2 * frisch)
	before := p.pruefung
	over, stop := context.WithCancel(t.Context())
	p.behind = func() bool { stop(); return true }
	if err := p.desTages(over); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	p.behind = nil
	if ends := p.wartend(); ends != nil {
		<-ends
	}
	if p.pruefung != before {
		t.Errorf("what was broken off was kept: %+v", p.pruefung)
	}
}

func (p *probe) wartend() chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.laeuft
}
