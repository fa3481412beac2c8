package epson_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/epson"
	"github.com/offizin/offizin/integration/tse/epson/sim"
	"github.com/offizin/offizin/integration/tse/pruefstand"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
)

// geraet is a driver before a simulated printer.
type geraet struct {
	*testing.T

	kern *simulator.Simulator
	host *sim.Host
	uhr  *clock.Manual
	tse  *epson.Treiber
}

func neu(t *testing.T) *geraet {
	t.Helper()
	g := &geraet{T: t, uhr: clock.NewManual(time.Date(2026, 11, 26, 9, 30, 15, 0, time.UTC))}
	var err error
	if g.kern, err = simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, g.uhr); err != nil {
		t.Fatal(err)
	}
	if g.host, err = sim.Open("127.0.0.1:0", g.kern); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.host.Close(); err != nil {
			t.Error(err)
		}
	})
	g.tse = g.treiber(epson.Optionen{AdminPIN: sim.AdminPIN, ZeitPIN: sim.ZeitPIN})
	return g
}

func (g *geraet) treiber(opt epson.Optionen) *epson.Treiber {
	opt.Adresse = g.host.Adresse()
	d := epson.Open(opt, g.uhr)
	g.Cleanup(func() { _ = d.Close() })
	return d
}

func (g *geraet) in(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(g.Context(), d)
	g.Cleanup(cancel)
	return ctx
}

func (g *geraet) must(err error) {
	g.Helper()
	if err != nil {
		g.Fatal(err)
	}
}

// verkauf is a whole transaction.
func (g *geraet) verkauf(ctx context.Context) error {
	b, err := g.tse.Beginnen(ctx, "OFFIZIN-1", "")
	if err != nil {
		return err
	}
	_, err = g.tse.Beenden(ctx, "OFFIZIN-1", b, "Kassenbeleg-V1", `Beleg^8.95_0.00_0.00_0.00_0.00^8.95:Bar & <"ä">`)
	return err
}

func art(err error) tse.Art {
	f, ok := errors.AsType[*tse.Fehler](err)
	if !ok {
		return ""
	}
	return f.Art
}

func TestPruefstand(t *testing.T) {
	for name, s := range map[string]sim.Stoerung{"glatt": {}, "Stuecke": {Stuecke: true}} {
		t.Run(name, func(t *testing.T) {
			pruefstand.Pruefen(t, func(t *testing.T) pruefstand.Aufbau {
				g := neu(t)
				g.host.Stoeren(s)
				return pruefstand.Aufbau{
					TSE: g.tse, Kern: g.kern, Uhr: g.uhr,
					Zweite: func(*testing.T) anschluss.TSE {
						return g.treiber(epson.Optionen{AdminPIN: sim.AdminPIN, ZeitPIN: sim.ZeitPIN})
					},
				}
			})
		})
	}
}

// An answer without the zero byte is none: the till goes on in time, and the next sale has a
// new connection.
func TestOhneEnde(t *testing.T) {
	g := neu(t)
	g.must(g.tse.Anmelden(g.in(time.Second), "OFFIZIN-1"))
	g.host.Stoeren(sim.Stoerung{OhneEnde: 1})
	if err := g.verkauf(g.in(100 * time.Millisecond)); art(err) != tse.Unabgeschickt && art(err) != tse.Ausfall {
		t.Errorf("%v", err)
	}
	g.must(g.verkauf(g.in(time.Second)))
}

// A wrong PIN is tried once, not until the device blocks it; the right one still works then.
func TestFalschePIN(t *testing.T) {
	g := neu(t)
	g.must(g.tse.Anmelden(g.in(time.Second), "OFFIZIN-1"))
	bad := g.treiber(epson.Optionen{AdminPIN: "99999", ZeitPIN: "99999"})
	for range 5 {
		_, err := bad.Beginnen(g.in(time.Second), "OFFIZIN-1", "")
		if art(err) != tse.Einrichtung || strings.Contains(err.Error(), "99999") {
			t.Errorf("%v", err)
		}
		if err := bad.Anmelden(g.in(time.Second), "OFFIZIN-2"); art(err) != tse.Einrichtung {
			t.Errorf("%v", err)
		}
	}
	if n := g.host.Fehlversuche(); n != 2 {
		t.Errorf("%d wrong PINs sent, want one of each", n)
	}
	g.must(g.verkauf(g.in(time.Second)))
}

func TestOhnePIN(t *testing.T) {
	g := neu(t)
	_, err := g.treiber(epson.Optionen{}).Beginnen(g.in(time.Second), "OFFIZIN-1", "")
	if art(err) != tse.Einrichtung {
		t.Errorf("%v", err)
	}
}

// Another machine has the device open: it is waited for, but not longer than the deadline.
func TestBesetzt(t *testing.T) {
	g := neu(t)
	g.must(g.tse.Anmelden(g.in(time.Second), "OFFIZIN-1"))
	g.host.Stoeren(sim.Stoerung{Besetzt: 3})
	g.must(g.verkauf(g.in(3 * time.Second)))
	g.host.Stoeren(sim.Stoerung{Besetzt: 1 << 20})
	if err := g.verkauf(g.in(100 * time.Millisecond)); art(err) != tse.Unabgeschickt {
		t.Errorf("%v", err)
	}
}

// The connection breaks: that is an outage, and the next sale makes a new one.
func TestAbriss(t *testing.T) {
	g := neu(t)
	g.must(g.tse.Anmelden(g.in(time.Second), "OFFIZIN-1"))
	g.host.Stoeren(sim.Stoerung{Abriss: 1})
	if err := g.verkauf(g.in(time.Second)); art(err) != tse.Ausfall {
		t.Errorf("%v", err)
	}
	g.must(g.verkauf(g.in(time.Second)))
}

// A printer that was switched off and on between two sales costs none of them: nothing was
// asked when the dead connection was noticed, and the till logs in again.
func TestNeustart(t *testing.T) {
	g := neu(t)
	g.must(g.tse.Anmelden(g.in(time.Second), "OFFIZIN-1"))
	g.must(g.verkauf(g.in(time.Second)))
	g.host.Neustart()
	g.must(g.verkauf(g.in(time.Second)))
}

func TestStumm(t *testing.T) {
	g := neu(t)
	g.must(g.tse.Anmelden(g.in(time.Second), "OFFIZIN-1"))
	g.host.Stoeren(sim.Stoerung{Stumm: true})
	watch := clock.NewReal()
	if err := g.verkauf(g.in(100 * time.Millisecond)); art(err) != tse.Unabgeschickt {
		t.Errorf("%v", err)
	}
	if d := watch.Mono(); d > time.Second {
		t.Errorf("waited %v", d)
	}
	g.host.Stoeren(sim.Stoerung{})
	g.must(g.verkauf(g.in(time.Second)))
}

func TestNichtDa(t *testing.T) {
	g := neu(t)
	d := epson.Open(epson.Optionen{Adresse: "127.0.0.1:1"}, g.uhr)
	if _, err := d.Stand(g.in(time.Second)); art(err) != tse.Unabgeschickt {
		t.Errorf("%v", err)
	}
}

// It is known for practice, whatever speaks in front of it: no receipt of it shows a QR code.
func TestUebung(t *testing.T) {
	g := neu(t)
	if s, err := g.tse.Stand(g.in(time.Second)); err != nil || !s.Uebung || s.Treiber != "epson" {
		t.Errorf("%+v %v", s, err)
	}
}

// An export that cannot be written is broken off at the device: it signs again.
func TestExportAbbruch(t *testing.T) {
	g := neu(t)
	g.must(g.tse.Anmelden(g.in(time.Second), "OFFIZIN-1"))
	g.must(g.verkauf(g.in(time.Second)))
	if err := g.tse.Export(g.in(time.Second), 0, 0, voll{}); art(err) != tse.Einrichtung {
		t.Errorf("%v", err)
	}
	g.must(g.verkauf(g.in(time.Second)))
	var buf bytes.Buffer
	g.must(g.tse.Export(g.in(time.Second), 0, 0, &buf))
}

// voll is a disk without room.
type voll struct{}

func (voll) Write([]byte) (int, error) { return 0, errors.New("no room") }
