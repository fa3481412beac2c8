package ruhend_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/apptest"
	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/buchhaltung"
)

// befehl is a command that writes what is asked for in an audit. What it writes lies in dir, where it
// may be there before.
type befehl struct {
	name, belegt, leer string // code if it is there; if there is nothing in the period
	datei              string
	args               func(daten, dir, jahr string) []string
}

func befehle() []befehl {
	zeitraum := func(jahr string) []string { return []string{"--von", "1.1." + jahr, "--bis", "31.12." + jahr} }
	return []befehl{
		{"dsfinvk export", "T-462", "T-403", "x.zip", func(daten, dir, jahr string) []string {
			return append(zeitraum(jahr), "--daten", daten, "--nach", filepath.Join(dir, "x.zip"))
		}},
		{"gdpdu export", "T-751", "D-725", "x.zip", func(daten, dir, jahr string) []string {
			return append(zeitraum(jahr), "--daten", daten, "--nach", filepath.Join(dir, "x.zip"))
		}},
		{"datev export", "T-706", "T-705", "EXTF_Buchungsstapel_20260101_20261231.csv", func(daten, dir, jahr string) []string {
			return append(zeitraum(jahr), "--daten", daten, "--nach", dir)
		}},
		{"archiv", "T-761", "T-403", "archiv", func(daten, dir, jahr string) []string {
			return []string{"--jahr", jahr, "--daten", daten, "--nach", filepath.Join(dir, "archiv")}
		}},
	}
}

// Each of them says in one German sentence why it writes nothing, and leaves nothing behind: there is
// something of that name, no folder, nothing in the period – before the first record or to come –, a
// disk that is full, one that may only be read.
func TestZiel(t *testing.T) {
	daten := apptest.Geschlossen(t, "Löwen-Apotheke", func(a *apotheke.Apotheke) error {
		return buchhaltung.New(a.Kern).Setzen(t.Context(), workflow.Auftrag{Key: "b", Actor: "AB"}, buchhaltung.Einstellungen{
			Berater: 1001, Mandant: 7, Rahmen: buchung.SKR03, Laenge: 4, Konten: buchung.Vorgabe(buchung.SKR03, 4),
		})
	})
	for _, c := range befehle() {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			lauf := func(to, jahr string) (string, int) {
				_, errs, code := apptest.Offizin(t, append(strings.Fields(c.name), c.args(daten, to, jahr)...)...)
				return errs, code
			}
			verweigert := func(to, jahr, want string) {
				t.Helper()
				errs, code := lauf(to, jahr)
				if code == 0 || !strings.Contains(errs, "("+want+")") || strings.Count(strings.TrimSpace(errs), "\n") > 0 {
					t.Errorf("%d %s, want %s", code, errs, want)
				}
				left, _ := os.ReadDir(to) // a folder that is not there has nothing
				for _, e := range left {
					if e.Name() != "voll.bin" {
						t.Errorf("%s left %s", want, e.Name())
					}
				}
			}
			verweigert(dir, "2025", c.leer)
			if c.name != "archiv" { // which asks for a year until now
				verweigert(dir, "2031", c.leer)
			}
			verweigert(filepath.Join(dir, "fehlt"), "2026", "D-724")
			disk(t, dir, "size=16k")
			voll := filepath.Join(dir, "voll.bin")
			if err := platte.WriteZeros(voll, 1<<20); err == nil {
				t.Fatal("1 MB on 16 KB")
			}
			verweigert(dir, "2026", "D-722")
			apptest.Must(t, os.Remove(voll))
			disk(t, dir, "size=8m", syscall.MS_RDONLY)
			verweigert(dir, "2026", "D-723")
			disk(t, dir, "size=8m", 0)
			if errs, code := lauf(dir, "2026"); code != 0 {
				t.Fatalf("%d %s", code, errs)
			}
			if _, err := os.Stat(filepath.Join(dir, c.datei)); err != nil {
				t.Error(err)
			}
			if errs, code := lauf(dir, "2026"); code == 0 || !strings.Contains(errs, c.belegt) {
				t.Errorf("again: %d %s, want %s", code, errs, c.belegt)
			}
		})
	}
}

// disk makes a folder a small disk, or changes it.
func disk(t *testing.T, dir, size string, remount ...uintptr) {
	t.Helper()
	flags := uintptr(0)
	for _, f := range remount {
		flags = syscall.MS_REMOUNT | f
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, size); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	if len(remount) == 0 {
		t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	}
}
