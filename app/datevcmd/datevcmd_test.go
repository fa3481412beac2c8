package datevcmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/apptest"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/buchhaltung"
)

// A closing is written once; a character that the code page lacks is named.
func TestExport(t *testing.T) {
	dir, to := apptest.Geschlossen(t, "Ω-Apotheke", func(a *apotheke.Apotheke) error {
		return buchhaltung.New(a.Kern).Setzen(t.Context(), workflow.Auftrag{Key: "b", Actor: "AB"}, buchhaltung.Einstellungen{
			Berater: 1001, Mandant: 7, Rahmen: buchung.SKR03, Laenge: 4, Konten: buchung.Vorgabe(buchung.SKR03, 4),
		})
	}), t.TempDir()
	args := []string{"datev", "export", "--daten", dir, "--von", "01.11.2026", "--bis", "30.11.2026", "--nach", to}
	out, errs, code := apptest.Offizin(t, args...)
	if code != 0 || !strings.Contains(out, "1 Abschlüsse, 1 Buchungen") || !strings.Contains(out, "Das Zeichen „Ω“") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	b, err := os.ReadFile(filepath.Join(to, "EXTF_Buchungsstapel_20261101_20261130.csv"))
	apptest.Must(t, err)
	if !bytes.Contains(b, []byte(`200,00;"S";"EUR";;;;1000;1360;;2311;"Z1-1"`)) || !bytes.Contains(b, []byte(`"?-Apotheke"`)) {
		t.Errorf("%s", b)
	}
	if _, errs, code = apptest.Offizin(t, args...); code != env.ExitOperating || !strings.Contains(errs, "T-706") {
		t.Errorf("again: %d %s", code, errs)
	}
	args[5] = "01.13.2026"
	if _, _, code = apptest.Offizin(t, args...); code != env.ExitUsage {
		t.Errorf("no such day: %d", code)
	}
}
