package katalogcmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
)

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
