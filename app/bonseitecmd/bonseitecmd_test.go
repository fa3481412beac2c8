package bonseitecmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/apptest"
	"github.com/offizin/offizin/integration/bonseite"
)

// The page is written as a new file, and nothing is written over.
func TestBonseite(t *testing.T) {
	file := filepath.Join(t.TempDir(), bonseite.Name)
	out, _, code := apptest.Offizin(t, "bonseite", "--nach", file)
	got, err := os.ReadFile(file)
	if code != 0 || err != nil || !bytes.Equal(got, bonseite.Seite()) || !strings.Contains(out, "Internetseite der Apotheke") {
		t.Errorf("%d %v %s", code, err, out)
	}
	if _, errs, code := apptest.Offizin(t, "bonseite", "--nach", file); code == 0 || !strings.Contains(errs, "W-809") {
		t.Errorf("%d %s", code, errs)
	}
}
