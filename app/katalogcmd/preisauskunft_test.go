package katalogcmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
)

// The file is there wholly or not at all, and replaces the one before only when it is whole.
func TestPreisauskunft(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	target := t.TempDir()
	name := filepath.Join(target, "preise.html")
	c := &katalogcmd.Preisauskunft{Ordner: o, Datei: name}
	if _, err := run(c); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-461") {
		t.Errorf("without a catalogue: %v", err)
	}
	if _, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 300, Ab: "2026-11-15", Seed: 1}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("die alte"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(c)
	if err != nil || !strings.Contains(out, "preise.html: 300 Artikel, ") || !strings.Contains(out, " KB, Stand 23.11.2026, gilt bis 30.11.2026.") {
		t.Errorf("%v\n%s", err, out)
	}
	page, err := os.ReadFile(name)
	if err != nil || !strings.HasPrefix(string(page), "<!doctype html>") || !strings.HasSuffix(string(page), "</html>\n") {
		t.Errorf("%v %.40s", err, page)
	}

	for code, c := range map[string]*katalogcmd.Preisauskunft{
		"A-562": {Ordner: o, Datei: name, Artikel: -1},
		"A-564": {Ordner: o, Datei: filepath.Join(target, "fehlt", "preise.html")},
	} {
		if _, err := run(c); err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	if err := os.Mkdir(filepath.Join(target, "ordner"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(target, "ordner", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := run(&katalogcmd.Preisauskunft{Ordner: o, Datei: filepath.Join(target, "ordner")}); err == nil ||
		!strings.Contains(err.Error(), "A-564") {
		t.Errorf("a folder in its place: %v", err)
	}
	left, err := os.ReadDir(target)
	if err != nil || len(left) != 2 {
		t.Errorf("%v left: %v", left, err)
	}
}
