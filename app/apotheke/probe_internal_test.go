package apotheke

import (
	"context"
	"testing"

	"github.com/offizin/offizin/internal/clock"
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
