package simcmd_test

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/simcmd"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/geheim"
)

// What the command prints is enough to set a TSE up; it signs, and a program that starts again
// on its folder is the same device.
func TestTSE(t *testing.T) {
	for _, kind := range []string{"epson", "fiskaly"} {
		t.Run(kind, func(t *testing.T) {
			folder := t.TempDir()
			first := verkaufe(t, kind, folder)
			if again := verkaufe(t, kind, folder); again != first {
				t.Errorf("another device: %s, then %s", first, again)
			}
		})
	}
}

// verkaufe runs the command, signs one record and returns the serial number of the device.
func verkaufe(t *testing.T, kind, folder string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		c := simcmd.TSE{Art: kind, Listen: "127.0.0.1:0", Ordner: folder}
		done <- c.Run(&env.Env{Ctx: ctx, Stdout: w, Clock: clock.NewReal()})
	}()
	device, err := anschluss.Open(konfig(t, kind, r), clock.NewReal())
	if err != nil {
		t.Fatal(err)
	}
	if err := device.Anmelden(ctx, "OFFIZIN-1"); err != nil {
		t.Fatal(err)
	}
	b, err := device.Beginnen(ctx, "OFFIZIN-1", folder+time.Now().String())
	if err != nil {
		t.Fatal(err)
	}
	g, err := device.Beenden(ctx, "OFFIZIN-1", b, "Kassenbeleg-V1", "Beleg^8.95_0.00_0.00_0.00_0.00^8.95:Bar")
	if err != nil || device.Close() != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return g.Seriennummer
}

// konfig reads the settings from what was printed.
func konfig(t *testing.T, kind string, r io.Reader) anschluss.Konfig {
	t.Helper()
	s := bufio.NewScanner(r)
	if !s.Scan() || !strings.Contains(s.Text(), "nicht zertifiziert") || !s.Scan() {
		t.Fatalf("printed %q", s.Text())
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	f := strings.Split(s.Text(), "\t")
	last := func(i int) string { return f[i][strings.LastIndex(f[i], " ")+1:] }
	if kind == "epson" {
		return anschluss.Konfig{
			Treiber: kind, Adresse: f[1], AdminPIN: geheim.Wort(last(2)), ZeitPIN: geheim.Wort(last(3)), Secret: geheim.Wort(last(4)),
		}
	}
	return anschluss.Konfig{
		Treiber: kind, Adresse: f[1], Geraet: last(2), APIKey: geheim.Wort(last(3)), APISecret: geheim.Wort(last(4)), AdminPIN: geheim.Wort(last(5)),
	}
}
