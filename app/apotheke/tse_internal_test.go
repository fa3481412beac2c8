package apotheke

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/epson/sim"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
)

// A wrong PIN in tse.json is tried once at the start, not until the device blocks it.
func TestErsteTSEFalschePIN(t *testing.T) {
	c := clock.NewReal()
	kern, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, c)
	if err != nil {
		t.Fatal(err)
	}
	host, err := sim.Open("127.0.0.1:0", kern)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	a, err := Open(t.Context(), Options{Dir: t.TempDir(), Clock: c, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	cfg := anschluss.Konfig{Treiber: "epson", Adresse: host.Adresse(), AdminPIN: "99999", ZeitPIN: sim.ZeitPIN}
	if err := cfg.Schreiben(a.dir); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	a.ersteTSE(ctx, slog.New(slog.DiscardHandler))
	if ctx.Err() != nil || host.Fehlversuche() != 1 {
		t.Errorf("%d wrong PINs sent, %v", host.Fehlversuche(), ctx.Err())
	}
}
