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
	p.life, p.stop = context.WithCancel(t.Context())
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

	uhr.Set(uhr.Now().Add(8 * time.Hour)) // asleep meanwhile
	tag(4)
	uhr.Advance(2 * frisch)

	// Who cannot wait any longer does not stop the check for others; the program does.
	before := p.pruefung
	over, stop := context.WithCancel(t.Context())
	p.behind = func() bool { stop(); <-p.life.Done(); return false }
	if err := p.desTages(over); !errors.Is(err, context.Canceled) {
		t.Errorf("not waited for: %v", err)
	}
	ended := make(chan error)
	go func() { ended <- p.desTages(t.Context()) }()
	p.stop()
	if err := <-ended; !errors.Is(err, errAbgebrochen) || p.pruefung != before || p.laeuft != nil {
		t.Errorf("broken off: %v, %+v", err, p.pruefung)
	}
}
