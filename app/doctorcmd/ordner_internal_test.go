package doctorcmd

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/workflow/stoerung"
)

// inhalt are all files of a folder with the hash of each.
func inhalt(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	files := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A machine for which nobody has vouched – its keys are locked – is told of, with the way out.
func TestOhneZertifikat(t *testing.T) {
	dir := t.TempDir()
	id, err := identity.New()
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "knoten"), 0o700)
	}
	if err == nil {
		err = id.Save(filepath.Join(dir, "knoten", "rechner.pem"))
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "knoten", "rechner.json"), []byte(`{"platz":"platz-2","till":"2","rang":2}`), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if g := rechner(dir); g.Code != "S-657" || g.Ausweg == "" || g.ID != "rechner" {
		t.Errorf("%+v", g)
	}
}

// A look into a folder leaves every file as it was, and makes none.
func TestNichtsGeaendert(t *testing.T) {
	dir := t.TempDir()
	a, err := apotheke.Open(t.Context(), apotheke.Options{Dir: dir, Clock: clock.NewReal()})
	if err == nil {
		err = a.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	before := inhalt(t, dir)
	l := untersuche(t.Context(), dir, clock.NewReal())
	after := inhalt(t, dir)
	if len(before) != len(after) {
		t.Errorf("%d files, before %d", len(after), len(before))
	}
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("%s was changed", name)
		}
	}
	if len(l.Glieder) != 10 {
		t.Errorf("%+v", l.Glieder)
	}
	for _, g := range l.Glieder {
		if g.Zustand != stoerung.Gut && g.Code != "S-636" { // an empty pharmacy has no catalogue
			t.Errorf("%+v", g)
		}
	}
}

// A program that holds the folder and does not answer is told of.
func TestHaelt(t *testing.T) {
	dir := t.TempDir()
	release, err := sqlite.Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	if g := programm(dir); g.Code != "S-633" {
		t.Errorf("%+v", g)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if g := programm(dir); g.Code != "" {
		t.Errorf("%+v", g)
	}
}

// A list of articles that is too old is told of.
func TestKatalogAlt(t *testing.T) {
	dir := t.TempDir()
	gen := filepath.Join(dir, apotheke.KatalogDir, "2026-11-01-x")
	if err := os.MkdirAll(gen, 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"id":"2026-11-01-x","gueltig_ab":"2026-11-01","artikel":3}`
	if err := os.WriteFile(filepath.Join(gen, "manifest.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[int]string{1: "", 17: "", 18: "S-637"} {
		c := clock.NewManual(time.Date(2026, 11, day, 11, 0, 0, 0, time.UTC))
		if g := katalog(dir, c); g.Code != want {
			t.Errorf("on day %d: %+v", day, g)
		}
	}
}
