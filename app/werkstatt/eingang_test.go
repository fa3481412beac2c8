package werkstatt_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/app/werkstatt"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/einspielung"
)

const gut = "PZN;Name;Rx\n04877800;Testol 5 mg;ja\n"

// Everything in the inbox is listed, also what cannot be taken, with why; nothing outside
// is reached from it, by whatever name or link.
func TestEingang(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	w := ort(dir)
	if list, err := w.Quellen(); err != nil || len(list) != 0 {
		t.Errorf("an empty inbox is made: %v, %v", list, err)
	}
	lieferung(t, dir, 500)
	lieferung(t, outside, 500)
	secret := filepath.Join(outside, "geheim.csv")
	if err := os.WriteFile(secret, []byte(gut), 0o600); err != nil {
		t.Fatal(err)
	}
	lege(t, dir, map[string]string{
		"liste.csv": gut, ".verborgen.csv": gut, "x.pdf": "", "x.zip": "", "leer/nichts.txt": "", "kaputt/PAC.GES": "unsinn", "a\nb.csv": gut,
	})
	for name, to := range map[string]string{"link.csv": secret, "linkordner": filepath.Join(outside, "eingang", "GES151126")} {
		if err := os.Symlink(to, filepath.Join(dir, "eingang", name)); err != nil {
			t.Skip(err)
		}
	}
	list, err := w.Quellen()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, q := range list {
		got[q.Name] = string(q.Art)
		if q.Hinweis != "" {
			got[q.Name] += " ✗"
		}
	}
	want := map[string]string{
		"GES151126": "K2 GES", "UPD011226": "K2 UPD", "liste.csv": "CSV", "x.pdf": "unbekannt ✗", "x.zip": "unbekannt ✗", "leer": "unbekannt ✗",
		"kaputt": "K2 GES ✗", "link.csv": "unbekannt ✗", "linkordner": "unbekannt ✗", "a\nb.csv": "unbekannt ✗",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	s := service(dir)
	for name, want := range map[string]string{
		"": "A-741", "../geheim.csv": "A-742", secret: "A-742", ".verborgen.csv": "A-742", "GES151126/PAC_APO.GES": "A-742", "--daten": "A-742",
		"link.csv": "A-743", "linkordner": "A-743", "x.zip": "A-743", "kaputt": "A-743",
	} {
		if err := s.Starten(t.Context(), auftrag("k"), einspielung.Auftrag{Quelle: name, Ab: 20261101}); code(err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// The build itself does not leave the inbox either: a link that was put there after the
// list was looked at leads nowhere, nor does one inside a delivery.
func TestKindBleibtImEingang(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	lieferung(t, dir, 500)
	secret := filepath.Join(outside, "geheim.csv")
	if err := os.WriteFile(secret, []byte(gut), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "eingang", "link.csv")); err != nil {
		t.Skip(err)
	}
	pac := filepath.Join(dir, "eingang", "GES151126", "PAC_APO.GES")
	if err := os.Rename(pac, filepath.Join(outside, "PAC_APO.GES")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "PAC_APO.GES"), pac); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"link.csv", "../eingang/link.csv", "../../" + filepath.Base(outside) + "/geheim.csv", secret, "GES151126"} {
		imp := &katalogcmd.Import{
			Ordner: katalogcmd.Ordner{Daten: dir}, Datei: name, Vorlage: "eigene", Eingang: filepath.Join(dir, "eingang"), Ab: "2026-11-01",
		}
		if name == "GES151126" {
			imp.Ab = ""
		}
		err := imp.Run(&env.Env{Ctx: context.Background(), Stdout: &bytes.Buffer{}, Clock: clock.NewReal()})
		if err == nil {
			t.Errorf("%s was read", name)
		}
	}
	if ids := kataloge(t, dir); len(ids) != 0 {
		t.Error(ids)
	}
}

// packe makes a ZIP; a name that begins with "->" becomes a link.
func packe(t *testing.T, files map[string]string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		h := &zip.FileHeader{Name: strings.TrimPrefix(name, "->"), Method: zip.Deflate}
		if strings.HasPrefix(name, "->") {
			h.SetMode(fs.ModeSymlink | 0o777)
		}
		f, err := z.CreateHeader(h)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

// What is sent is there as a whole under a harmless name, or not at all; a ZIP writes
// nowhere else and stays within its limits.
func TestAnnehmen(t *testing.T) {
	dir := t.TempDir()
	w := werkstatt.New(werkstatt.Options{
		Dir: dir, Katalog: filepath.Join(dir, "katalog"), Grenzen: werkstatt.Grenzen{Datei: 4000, Ausgepackt: 10_000, Reserve: 1},
	})
	big := strings.Repeat("x", 4001)
	for _, c := range []struct{ name, text, code string }{
		{"liste.csv", gut, ""},
		{"liste.csv", gut, "A-755"},
		{`C:\Daten\zweite.csv`, gut, ""},
		{"../../dritte.csv", gut, ""},
		{"leer.CSV", "", ""},
		{"x.exe", gut, "A-752"},
		{"", gut, "A-751"},
		{"..", gut, "A-751"},
		{".csv", gut, "A-751"},
		{"-x.csv", gut, "A-751"},
		{"a\x00b.csv", gut, "A-751"},
		{"a:b.csv", gut, "A-751"},
		{strings.Repeat("x", 200) + ".csv", gut, "A-751"},
		{"\xff.csv", gut, "A-751"},
		{"gross.csv", big, "A-753"},
		{"kaputt.zip", "kein ZIP", "A-756"},
		{"eine.zip", packe(t, map[string]string{"irgendwo/vierte.csv": gut, "liesmich.pdf": "x"}).String(), ""},
		{"zwei.zip", packe(t, map[string]string{"a.csv": gut, "b.csv": gut}).String(), "A-756"},
		{"leer.zip", packe(t, nil).String(), "A-756"},
		{"k2.zip", packe(t, map[string]string{"GES151126/A.GES": "1", "GES151126/B.GES": "2", "liesmich.txt": "x"}).String(), ""},
		{"mehr.zip", packe(t, map[string]string{"GES1/A.GES": "1", "GES2/A.GES": "2"}).String(), "A-756"},
		{"hinaus.zip", packe(t, map[string]string{"../../../hinaus.csv": gut}).String(), ""},
		{"link.zip", packe(t, map[string]string{"->link.csv": "/etc/passwd"}).String(), "A-756"},
		{"bombe.zip", packe(t, map[string]string{"bombe.csv": strings.Repeat("x", 1_000_000)}).String(), "A-753"},
		{"bombe2.zip", packe(t, map[string]string{"A.GES": strings.Repeat("x", 9000), "B.GES": strings.Repeat("x", 9000)}).String(), "A-753"},
	} {
		err := w.Annehmen(c.name, strings.NewReader(c.text))
		if c.code == "" && err != nil || c.code != "" && code(err) != c.code {
			t.Errorf("%q: %v, want %q", c.name, err, c.code)
		}
	}
	var got []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, name)
			got = append(got, filepath.ToSlash(rel))
		}
		return err
	})
	want := []string{
		"eingang/dritte.csv", "eingang/hinaus.csv", "eingang/k2/A.GES", "eingang/k2/B.GES", "eingang/leer.CSV", "eingang/liste.csv",
		"eingang/vierte.csv", "eingang/zweite.csv",
	}
	slices.Sort(got)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	lege(t, dir, map[string]string{".halb-abc": "x", ".halb-ordner/A.GES": "x"})
	if err := w.Raeume(); err != nil || len(reste(t, dir)) > 0 {
		t.Errorf("%v: %v", err, reste(t, dir))
	}
	full := werkstatt.New(werkstatt.Options{Dir: dir, Grenzen: werkstatt.Grenzen{Datei: 1000, Ausgepackt: 1000, Reserve: 1 << 60}})
	if err := full.Annehmen("voll.csv", strings.NewReader(gut)); code(err) != "A-754" {
		t.Errorf("no room: %v", err)
	}
}
