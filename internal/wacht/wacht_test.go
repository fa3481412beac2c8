package wacht_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/wacht"
)

func neu(t *testing.T) (context.Context, *wacht.Waechter) {
	w := wacht.New(clock.NewReal(), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() { cancel(); synctest.Wait() })
	go w.Wachen(ctx)
	return ctx, w
}

// schleife goes round with a pause, as the loops of the program do.
func schleife(ctx context.Context, pause time.Duration) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		wacht.Runde(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// A part that spins is stopped and started anew; beside it the sane ones run on.
func TestSpinnerWirdNeuGestartet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w := neu(t)
		var starts, sane atomic.Int64
		go w.Laufen(ctx, "kreis", func(ctx context.Context) {
			if starts.Add(1) == 1 {
				schleife(ctx, time.Millisecond)
				return
			}
			schleife(ctx, time.Second)
		})
		go w.Laufen(ctx, "sekunde", func(ctx context.Context) { sane.Add(1); schleife(ctx, time.Second) })
		time.Sleep(time.Minute)
		l := w.Lage()
		if starts.Load() != 2 || sane.Load() != 1 || len(l.Teile) != 1 || l.Teile[0].Name != "kreis" ||
			l.Teile[0].Neustarts != 1 || l.Teile[0].Haengt {
			t.Errorf("%d and %d starts, %+v", starts.Load(), sane.Load(), l)
		}
	})
}

// One that spins again and again is started ever more rarely.
func TestImmerWieder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w := neu(t)
		var starts atomic.Int64
		go w.Laufen(ctx, "kreis", func(ctx context.Context) { starts.Add(1); schleife(ctx, time.Millisecond) })
		time.Sleep(time.Hour)
		if n := starts.Load(); n < 8 || n > 16 {
			t.Errorf("%d starts in an hour", n)
		}
	})
}

// One that does not end when it is asked to is told of, and never runs twice.
func TestHaengt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w := neu(t)
		free := make(chan struct{})
		var starts atomic.Int64
		go w.Laufen(ctx, "taub", func(ctx context.Context) {
			starts.Add(1)
			for range 1000 {
				wacht.Runde(ctx)
			}
			<-free
		})
		time.Sleep(time.Minute)
		if l := w.Lage(); starts.Load() != 1 || len(l.Teile) != 1 || !l.Teile[0].Haengt {
			t.Errorf("%d starts, %+v", starts.Load(), l)
		}
		close(free)
	})
}

// A part that has done its work is not started again, and the end of the program ends all.
func TestEnde(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w := neu(t)
		w.Laufen(ctx, "einmal", func(context.Context) {})
		ctx, cancel := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() { w.Laufen(ctx, "lange", func(ctx context.Context) { schleife(ctx, time.Second) }); close(ended) }()
		time.Sleep(time.Minute)
		cancel()
		<-ended
		if l := w.Lage(); len(l.Teile) != 0 || l.Anteil != 0 {
			t.Errorf("%+v", l)
		}
		wacht.Runde(t.Context()) // of no part: nothing happens
	})
}
