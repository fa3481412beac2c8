package wacht

import (
	"log/slog"
	"testing"

	"github.com/offizin/offizin/internal/clock"
)

// Only a process that computes for a whole minute is told of.
func TestRechenzeit(t *testing.T) {
	w := New(clock.NewReal(), slog.New(slog.DiscardHandler))
	for i, c := range []struct{ percent, want int }{
		{90, 0}, {90, 0}, {90, 0}, {90, 0}, {90, 0}, {95, 95}, {170, 170}, {80, 0}, {90, 0},
	} {
		w.rechenzeit(c.percent)
		if got := w.Lage().Anteil; got != c.want {
			t.Errorf("%d: %d, want %d", i, got, c.want)
		}
	}
	if d, ok := CPU(); ok && d <= 0 {
		t.Errorf("this process has computed %v", d)
	}
}
