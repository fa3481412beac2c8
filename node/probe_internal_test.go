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

// neueUhr stands at eight in the morning.
func neueUhr() *clock.Manual { return clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)) }

// optionen are those of a machine that knows no other, and reaches none.
func optionen(t *testing.T, uhr *clock.Manual, self rang.Name) Options {
	t.Helper()
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Store: memory.New(memory.Options{Node: self.Platz, Clock: uhr}), Self: self,
		Admission: &identity.Admission{Identity: id}, Clock: clock.NewGuarded(uhr, clock.Merk{}),
		Log: slog.New(slog.DiscardHandler), Mitglieder: func() []Mitglied { return nil },
		Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nobody there") },
	}
}
