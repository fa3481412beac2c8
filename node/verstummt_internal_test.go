package node

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/node/rang"
)

// Whoever waits for news of the other machines hears that one has ceased to answer, also if nobody follows it.
func TestVerstummt(t *testing.T) {
	uhr := clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC))
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	k := New(Options{
		Store: memory.New(memory.Options{Node: "platz-1", Clock: uhr}), Self: rang.Name{Rang: 1, Platz: "platz-1"},
		Admission: &identity.Admission{Identity: id}, Clock: clock.NewGuarded(uhr, clock.Merk{}), Log: slog.New(slog.DiscardHandler),
		Mitglieder: func() []Mitglied { return []Mitglied{{Name: rang.Name{Rang: 2, Platz: "platz-2"}, Adresse: "h:1"}} },
		Dial:       func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nobody there") },
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	uhr.Advance(rang.Stable)
	k.meet(ctx)
	k.mu.Lock()
	k.sights["platz-2"].heard(wer{Platz: "platz-2"}, k.moment(), uhr.Mono())
	k.mu.Unlock()
	k.order(ctx)
	news := k.tell.Changed()
	for range 3 * rang.Lost / step {
		uhr.Advance(step)
		k.order(ctx)
	}
	select {
	case <-news:
	default:
		t.Error("nobody was told")
	}
	news = k.tell.Changed()
	uhr.Advance(time.Minute)
	k.order(ctx)
	select {
	case <-news:
		t.Error("told again")
	default:
	}
}
