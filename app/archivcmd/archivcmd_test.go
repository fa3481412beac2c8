package archivcmd_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/apptest"
	"github.com/offizin/offizin/app/archivcmd"
	"github.com/offizin/offizin/app/env"
)

// AO § 147 (3): the year lies in one folder, with checksums that hold, and an archive of the TSE
// byte for byte.
func TestArchiv(t *testing.T) {
	dir, to, tar := apptest.Geschlossen(t, "Löwen-Apotheke"), filepath.Join(t.TempDir(), "archiv"), filepath.Join(t.TempDir(), "export.tar")
	apptest.Must(t, os.WriteFile(tar, []byte("wie das Gerät es gab"), 0o600))
	args := []string{"archiv", "--daten", dir, "--jahr", "2026", "--nach", to, "--tse", tar}
	out, errs, code := apptest.Offizin(t, args...)
	if code != 0 || !strings.Contains(out, "5 Dateien") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	sums, err := os.ReadFile(filepath.Join(to, archivcmd.Summen))
	apptest.Must(t, err)
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		b, err := os.ReadFile(filepath.Join(to, name))
		apptest.Must(t, err)
		if h := sha256.Sum256(b); hex.EncodeToString(h[:]) != sum {
			t.Errorf("%s has another checksum", name)
		}
	}
	for name, want := range map[string]string{
		"journal.jsonl": "tag.abgeschlossen.v1", archivcmd.Liesmich: "31.12.2036", "tse-export.tar": "wie das Gerät es gab",
	} {
		if b, err := os.ReadFile(filepath.Join(to, name)); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %v without %q", name, err, want)
		}
	}
	for _, name := range []string{"dsfinvk.zip", "gdpdu.zip"} {
		z, err := zip.OpenReader(filepath.Join(to, name))
		apptest.Must(t, err)
		if f, err := z.Open("index.xml"); err != nil || f.Close() != nil {
			t.Errorf("%s: %v", name, err)
		}
		apptest.Must(t, z.Close())
	}
	if _, errs, code = apptest.Offizin(t, args...); code != env.ExitOperating || !strings.Contains(errs, "T-761") {
		t.Errorf("again: %d %s", code, errs)
	}
	if _, _, code = apptest.Offizin(t, "archiv", "--daten", dir, "--jahr", "2027", "--nach", to+"2"); code != env.ExitUsage {
		t.Errorf("a year that has not come: %d", code)
	}
}

// The tables of an audit, written once.
func TestGDPdU(t *testing.T) {
	dir, to := apptest.Geschlossen(t, "Löwen-Apotheke"), filepath.Join(t.TempDir(), "gdpdu.zip")
	args := []string{"gdpdu", "export", "--daten", dir, "--von", "01.01.2026", "--bis", "31.12.2026", "--nach", to}
	out, errs, code := apptest.Offizin(t, args...)
	if code != 0 || !strings.Contains(out, "rezepte.csv: 0 Zeilen") || !strings.Contains(out, "aenderungen.csv: ") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	if _, errs, code = apptest.Offizin(t, args...); code != env.ExitOperating || !strings.Contains(errs, "T-751") {
		t.Errorf("again: %d %s", code, errs)
	}
}
