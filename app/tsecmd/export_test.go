package tsecmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/tsecmd"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// export runs the command with the code that it must end with.
func export(t *testing.T, daten, nach string, code int) string {
	t.Helper()
	var out bytes.Buffer
	err := (&tsecmd.Export{Daten: daten, Nach: nach}).Run(&env.Env{
		Ctx: t.Context(), Stdout: &out, Stderr: &out, Clock: clock.NewReal(),
	})
	if env.CodeOf(err) != code {
		t.Errorf("ends with %v, want %d", err, code)
	}
	if err != nil {
		return err.Error()
	}
	return out.String()
}

// signed is a simulator that has signed one record.
func signed(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tse")
	c := clock.NewManual(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	s, err := simulator.Open(simulator.Optionen{Ordner: dir}, c)
	if err == nil {
		err = s.Anmelden(t.Context(), "OFFIZIN-1")
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Beginnen(t.Context(), "OFFIZIN-1", "a")
	if err == nil {
		_, err = s.Beenden(t.Context(), "OFFIZIN-1", b, "Kassenbeleg-V1", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar")
	}
	if err != nil || s.Close() != nil {
		t.Fatal(err)
	}
	return dir
}

// What the TSE of a till has recorded, by its data folder or that of a simulator: the same bytes,
// and each signature verifies (BSI TR-03153 5.1).
func TestExport(t *testing.T) {
	device, data := signed(t), t.TempDir()
	if err := (anschluss.Konfig{Treiber: simulator.Name, Ordner: device}).Schreiben(data); err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(data, "a.tar"), filepath.Join(data, "b.tar")
	if out := export(t, device, a, 0); !strings.Contains(out, "Bytes nach "+a+" geschrieben") {
		t.Error(out)
	}
	export(t, data, b, 0)
	if out, _, err := run("", a, b); err != nil || !strings.HasSuffix(out, "Summe: 6 geprüft, 6 ok, 0 fail\n") {
		t.Errorf("%v %s", err, out)
	}
	if out := export(t, data, b, env.ExitUsage); !strings.Contains(out, "T-903") {
		t.Error(out)
	}
}

// Nothing is made where there is no TSE, nothing half done is left behind, and a till that runs is
// left alone.
func TestExportRefuses(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(t.TempDir(), "a.tar")
	if out := export(t, dir, target, env.ExitUsage); !strings.Contains(out, "T-902") {
		t.Error(out)
	}
	if err := (anschluss.Konfig{Treiber: "epson", Adresse: "127.0.0.1:1"}).Schreiben(dir); err != nil {
		t.Fatal(err)
	}
	if out := export(t, dir, target, env.ExitOperating); !strings.Contains(out, "T-904") {
		t.Error(out)
	}
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() // only to be in the way
	if out := export(t, dir, target, env.ExitOperating); !strings.Contains(out, "J-211") {
		t.Error(out)
	}
	for _, name := range []string{target, filepath.Join(dir, simulator.Datei)} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s is left behind", name)
		}
	}
}
