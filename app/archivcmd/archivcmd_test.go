package archivcmd_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/archivcmd"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

func uhr() clock.Clock { return clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)) }

func offizin(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = app.Run(&env.Env{
		Ctx: t.Context(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" }, Clock: uhr(),
	}, args)
	return out.String(), errs.String(), code
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// geschlossen is a pharmacy with one closing.
func geschlossen(t *testing.T) string {
	t.Helper()
	dir, ctx := t.TempDir(), t.Context()
	a, err := apotheke.Open(ctx, apotheke.Options{Dir: dir, Clock: uhr()})
	must(t, err)
	act := func(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }
	must(t, a.Dienste.Haus.Setzen(ctx, act("a"), haus.Einstellungen{
		Name: "Löwen-Apotheke", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890",
	}))
	_, err = a.Dienste.Tagesabschluss.Bewegen(ctx, act("c"), tagesabschluss.Bewegung{
		Geschaeft: bon.Anfangsbestand, Betrag: 20000, Grund: "Wechselgeld",
	})
	must(t, err)
	e, err := a.Dienste.Tagesabschluss.Pruefen(ctx, "", abschluss.Zaehlung{{Wert: 20000, Anzahl: 1}})
	must(t, err)
	_, err = a.Dienste.Tagesabschluss.Abschliessen(ctx, act("d"), e.Zaehlung)
	must(t, err)
	must(t, a.Close())
	return dir
}

// AO § 147 (3): the year lies in one folder, with checksums that hold, and an archive of the TSE
// byte for byte.
func TestArchiv(t *testing.T) {
	dir, to, tar := geschlossen(t), filepath.Join(t.TempDir(), "archiv"), filepath.Join(t.TempDir(), "export.tar")
	must(t, os.WriteFile(tar, []byte("wie das Gerät es gab"), 0o600))
	args := []string{"archiv", "--daten", dir, "--jahr", "2026", "--nach", to, "--tse", tar}
	out, errs, code := offizin(t, args...)
	if code != 0 || !strings.Contains(out, "5 Dateien") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	sums, err := os.ReadFile(filepath.Join(to, archivcmd.Summen))
	must(t, err)
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		b, err := os.ReadFile(filepath.Join(to, name))
		must(t, err)
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
		must(t, err)
		if f, err := z.Open("index.xml"); err != nil || f.Close() != nil {
			t.Errorf("%s: %v", name, err)
		}
		must(t, z.Close())
	}
	if _, errs, code = offizin(t, args...); code != env.ExitOperating || !strings.Contains(errs, "T-761") {
		t.Errorf("again: %d %s", code, errs)
	}
	if _, _, code = offizin(t, "archiv", "--daten", dir, "--jahr", "2027", "--nach", to+"2"); code != env.ExitUsage {
		t.Errorf("a year that has not come: %d", code)
	}
}

// The tables of an audit, written once.
func TestGDPdU(t *testing.T) {
	dir, to := geschlossen(t), filepath.Join(t.TempDir(), "gdpdu.zip")
	args := []string{"gdpdu", "export", "--daten", dir, "--von", "01.01.2026", "--bis", "31.12.2026", "--nach", to}
	out, errs, code := offizin(t, args...)
	if code != 0 || !strings.Contains(out, "rezepte.csv: 0 Zeilen") || !strings.Contains(out, "aenderungen.csv: ") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	if _, errs, code = offizin(t, args...); code != env.ExitOperating || !strings.Contains(errs, "T-751") {
		t.Errorf("again: %d %s", code, errs)
	}
}
