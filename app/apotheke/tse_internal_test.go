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
	tseseite "github.com/offizin/offizin/web/tse"
	"github.com/offizin/offizin/workflow"
)

// A wrong PIN in tse.json is tried once at the start, not until the device blocks it.
func TestErsteTSEFalschePIN(t *testing.T) {
	c := clock.NewReal()
	kern, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, c)
	if err != nil {
		t.Fatal(err)
	}
	defer kern.Close()
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

// What the page of the TSE does not ask for stays as tse.json has it; another kind of TSE begins anew.
func TestEinrichtenLaesstUebriges(t *testing.T) {
	a, err := Open(t.Context(), Options{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	want := anschluss.Konfig{
		Treiber: simulator.Name, Ordner: t.TempDir(), Zeitformat: "unixTime", Stoerung: simulator.Stoerung{Verzug: time.Millisecond},
	}
	if err := want.Schreiben(a.dir); err != nil {
		t.Fatal(err)
	}
	in := tseseite.Eingabe{Treiber: simulator.Name, Zertifizierung: "BSI-K-TR-0000-0000"}
	d := tsedienst{a, slog.New(slog.DiscardHandler)}
	if err := d.Einrichten(t.Context(), workflow.Auftrag{Key: "k1", Actor: "AB"}, in); err != nil {
		t.Fatal(err)
	}
	want.Zertifizierung = in.Zertifizierung
	if got, _, err := anschluss.Lesen(a.dir); err != nil || got != want {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
	in.Treiber, in.AdminPIN = "epson", "1"
	_ = d.Einrichten(t.Context(), workflow.Auftrag{Key: "k2", Actor: "AB"}, in) // there is none: refused
	if got, _, err := anschluss.Lesen(a.dir); err != nil || got != want {
		t.Errorf("after a refusal: %+v %v", got, err)
	}
}
