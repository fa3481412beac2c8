package katalogcmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
)

// A finished catalogue of another machine is read in as any source is: refused without trust,
// then through the gate.
func TestFertigerKatalog(t *testing.T) {
	hub, o := katalogcmd.Ordner{Daten: t.TempDir()}, katalogcmd.Ordner{Daten: t.TempDir()}
	for _, c := range []command{
		&katalogcmd.Muster{Ordner: hub, Artikel: 103, Ab: "2026-11-20", Seed: 1},
		&katalogcmd.Muster{Ordner: o, Artikel: 100, Ab: "2026-11-01", Seed: 1},
	} {
		if _, err := run(c); err != nil {
			t.Fatal(err)
		}
	}
	before := ids(t, o.Daten)
	imp := &katalogcmd.Import{
		Ordner: o, Datei: filepath.Join(hub.Daten, "katalog", ids(t, hub.Daten)[0]), Vorlage: "eigene",
		Grenzen: katalogcmd.Grenzen{Abweichung: 5},
	}
	if out, err := run(imp); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-642") || out != "" {
		t.Errorf("%v\n%s", err, out)
	}
	imp.Ab = "2026-11-20"
	if _, err := run(imp); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-653") {
		t.Errorf("%v", err)
	}
	if now := ids(t, o.Daten); len(now) != 1 || now[0] != before[0] {
		t.Errorf("%v", now)
	}
	line, err := run(&katalogcmd.Schluessel{Ordner: hub})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "hub.pub")
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := run(&katalogcmd.Trust{Ordner: o, Datei: file}); err != nil {
		t.Fatal(err)
	}
	imp.Ab = ""
	if out, err := run(imp); err != nil || !strings.Contains(out, "Geprüft: 0 Fehler") || !strings.Contains(out, "gilt seit 20.11.2026") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run(&katalogcmd.Verify{Ordner: o}); err != nil || !strings.Contains(out, "2 in Ordnung") {
		t.Errorf("%v\n%s", err, out)
	}
}

// What another machine has built is refused, with one report, until its key is trusted here;
// what `schluessel` prints there is what `trust` takes here.
func TestSchluesselUndTrust(t *testing.T) {
	hub, o := katalogcmd.Ordner{Daten: t.TempDir()}, katalogcmd.Ordner{Daten: t.TempDir()}
	for _, c := range []command{
		&katalogcmd.Muster{Ordner: hub, Artikel: 110, Ab: "2026-11-20", Seed: 1},
		&katalogcmd.Muster{Ordner: o, Artikel: 100, Ab: "2026-11-01", Seed: 1},
	} {
		if _, err := run(c); err != nil {
			t.Fatal(err)
		}
	}
	theirs := ids(t, hub.Daten)[0]
	if err := os.CopyFS(filepath.Join(o.Daten, "katalog", theirs), os.DirFS(filepath.Join(hub.Daten, "katalog", theirs))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []command{&katalogcmd.List{Ordner: o}, &katalogcmd.Verify{Ordner: o}} {
		if out, err := run(c); env.CodeOf(err) != env.ExitDiffers || strings.Count(out, "A-642") != 1 ||
			strings.Count(out, "(A-") != 1 {
			t.Errorf("%T: %v\n%s", c, err, out)
		}
	}
	if out, err := run(&katalogcmd.Verify{Ordner: o, ID: theirs}); env.CodeOf(err) != env.ExitDiffers || !strings.Contains(out, "A-642") {
		t.Errorf("%v\n%s", err, out)
	}
	line, err := run(&katalogcmd.Schluessel{Ordner: hub})
	if err != nil || strings.Count(line, "\n") != 1 {
		t.Fatalf("%v\n%s", err, line)
	}
	file := filepath.Join(t.TempDir(), "hub.pub")
	if _, err := run(&katalogcmd.Trust{Ordner: o, Datei: file}); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-649") {
		t.Errorf("%v", err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("nichts")
	if _, err := run(&katalogcmd.Trust{Ordner: o, Datei: file}); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-647") {
		t.Errorf("%v", err)
	}
	write(line)
	if out, err := run(&katalogcmd.Trust{Ordner: o, Datei: file}); err != nil || !strings.Contains(out, strings.TrimSpace(line)) {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run(&katalogcmd.Trust{Ordner: o, Datei: file}); err != nil || !strings.Contains(out, "schon vertraut") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run(&katalogcmd.Verify{Ordner: o}); err != nil || !strings.Contains(out, "2 Kataloge geprüft, 2 in Ordnung") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err := run(&katalogcmd.Schluessel{Ordner: o})
	if err != nil || !strings.Contains(out, "# vertraut: "+strings.TrimSpace(line)) || strings.HasPrefix(out, line) {
		t.Errorf("%v\n%s", err, out)
	}
	// What it prints can be handed on as it is: the comments are none of its own keys.
	write(out)
	if out, err := run(&katalogcmd.Trust{Ordner: hub, Datei: file}); err != nil || strings.Count(out, "jetzt vertraut") != 1 {
		t.Errorf("%v\n%s", err, out)
	}
}
