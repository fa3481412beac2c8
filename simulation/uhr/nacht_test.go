package uhr_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/simulation/abschuss"
	"github.com/offizin/offizin/simulation/uhr"
)

// The nights of 2027; facts/reliability.md 4.4. Half a minute of idleness with every change,
// twenty minutes in the long proof.
func TestUmstellung(t *testing.T) {
	if testing.Short() {
		t.Skip("takes two minutes")
	}
	watch := 30 * time.Second
	if os.Getenv("OFFIZIN_BEWEIS") == "lang" {
		watch = 20 * time.Minute
	}
	dir := t.TempDir()
	falscheZone(t, dir)
	shift := baueClockshift(t, dir)
	binary, err := abschuss.Baue(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]uhr.Nacht{
		"2027-03-28": {Wechsel: time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC)},
		"2027-10-31": {Wechsel: time.Date(2027, 10, 31, 1, 0, 0, 0, time.UTC)},
	} {
		n.Binary, n.Clockshift, n.Daten, n.Ruhe = binary, shift, filepath.Join(dir, name), watch
		n.Clock = clock.NewReal()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := n.Laufe(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("per mille of a core while idle: %v, %v in all; %d sales from %v to %v; jobs %v", e.CPU, e.Gesamt, len(e.Bons),
				e.Zeiten[0], e.Zeiten[len(e.Zeiten)-1], e.Arbeiten)
			pruefe(t, name, e)
		})
	}
}

// falscheZone gives the program a machine in another zone, with a zone database that is wrong.
func falscheZone(t *testing.T, dir string) {
	t.Helper()
	zones := filepath.Join(dir, "zonen")
	if err := os.MkdirAll(filepath.Join(zones, "Europe"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(zones, "Europe", "Berlin"), []byte("TZif2 is not all of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TZ", "America/St_Johns")
	t.Setenv("ZONEINFO", zones)
}

func pruefe(t *testing.T, tag string, e uhr.Ergebnis) {
	t.Helper()
	for i, share := range e.CPU {
		if share > 50 {
			t.Errorf("minute %d: %d per mille of a core, at most 50", i, share)
		}
	}
	if e.Gesamt < 50*time.Millisecond {
		t.Errorf("the program has computed %v: that was not measured", e.Gesamt)
	}
	if !slices.Equal(e.Bons, e.Gebucht) || len(e.Bons) < 40 {
		t.Errorf("acknowledged %v, booked %v", e.Bons, e.Gebucht)
	}
	if e.Luecken != 0 {
		t.Errorf("%d gaps in the sequence", e.Luecken)
	}
	for _, name := range []string{"notfallmappe", "journalpruefung"} {
		if e.Arbeiten[name+" "+tag] != 1 {
			t.Errorf("%s ran %d times", name, e.Arbeiten[name+" "+tag])
		}
	}
	for job, n := range e.Arbeiten {
		if n != 1 {
			t.Errorf("%s ran %d times", job, n)
		}
	}
}

// baueClockshift builds what moves the clock, and skips where that cannot be.
func baueClockshift(t *testing.T, dir string) string {
	t.Helper()
	cc, err := exec.LookPath("gcc")
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" || err != nil {
		t.Skip("needs gcc on Linux, amd64")
	}
	name := filepath.Join(dir, "clockshift")
	if out, err := exec.Command(cc, "-O2", "-o", name, filepath.Join("testdata", "clockshift.c")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "offset"), []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(name, filepath.Join(dir, "offset"), "true").CombinedOutput(); err != nil {
		t.Skipf("this system does not let the clock of a program be moved: %v: %s", err, out)
	}
	return name
}
