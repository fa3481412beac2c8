package gdpducmd_test

import (
	"archive/zip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/apptest"
	"github.com/offizin/offizin/app/env"
)

// AO § 147 (6): one ZIP with its index and grammar, written once; a span that ends before it begins
// and a folder without a pharmacy are wrong calls and leave nothing behind.
func TestExport(t *testing.T) {
	dir, to := apptest.Geschlossen(t, "Löwen-Apotheke"), filepath.Join(t.TempDir(), "x.zip")
	args := []string{"gdpdu", "export", "--daten", dir, "--von", "1.1.2026", "--bis", "2026-12-31", "--nach", to}
	out, errs, code := apptest.Offizin(t, args...)
	if code != 0 || !strings.Contains(out, "Zeilen") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	z, err := zip.OpenReader(to)
	apptest.Must(t, err)
	defer z.Close()
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if !slices.Contains(names, "index.xml") || !slices.Contains(names, "gdpdu-01-09-2004.dtd") || len(names) < 4 {
		t.Errorf("%v", names)
	}
	if _, errs, code := apptest.Offizin(t, args...); code != env.ExitOperating || !strings.Contains(errs, "T-751") {
		t.Errorf("again: %d %s", code, errs)
	}
	args[5], args[9] = "2027-01-01", to+"2"
	if _, errs, code := apptest.Offizin(t, args...); code != env.ExitUsage || !strings.Contains(errs, "T-463") {
		t.Errorf("ends before it begins: %d %s", code, errs)
	}
	args[3], args[5] = t.TempDir(), "2026-01-01"
	if _, errs, code := apptest.Offizin(t, args...); code != env.ExitUsage || !strings.Contains(errs, "J-217") {
		t.Errorf("no pharmacy: %d %s", code, errs)
	}
}
