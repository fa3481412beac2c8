package erezeptcmd_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/erezeptcmd"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/erezept"
)

func run(c erezeptcmd.Taxiere) (string, error) {
	var out bytes.Buffer
	err := c.Run(&env.Env{Stdout: &out})
	return out.String(), err
}

func TestTaxiereErrors(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ ordner, code string }{
		{dir, "R-601"}, {filepath.Join(dir, "none"), "R-602"},
	} {
		_, err := run(erezeptcmd.Taxiere{Ordner: c.ordner})
		if env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), c.code) {
			t.Errorf("%s: got %v", c.ordner, err)
		}
	}
}

func TestTaxiereDamaged(t *testing.T) {
	dir := t.TempDir()
	text := `<Bundle xmlns="http://hl7.org/fhir"><meta><profile value="x/DAV-PR-ERP-AbgabedatenBundle|1.5"/></meta>`
	if err := os.WriteFile(filepath.Join(dir, "a.xml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(erezeptcmd.Taxiere{Ordner: dir})
	if err != nil || !strings.Contains(out, "a.xml\tungueltig\t-\t-\t") || !strings.Contains(out, "R-109") {
		t.Errorf("got %v\n%s", err, out)
	}
}

// TestTaxiere recomputes a bundle of our own with its prescription beside it.
func TestTaxiere(t *testing.T) {
	dir := t.TempDir()
	akten, verordnungen := filepath.Join(dir, "abgabe"), filepath.Join(dir, "verordnungen")
	if err := errors.Join(os.Mkdir(akten, 0o700), os.Mkdir(verordnungen, 0o700)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../../integration/erezept/testdata/abgabe.xml")
	if err != nil {
		t.Fatal(err)
	}
	a := artikel.Artikel{PZN: "04773414", Name: "Demolol", Wirkstoff: "Demolol", Wirkstaerke: "400 mg", Menge: "20", Einheit: "St"}
	files, err := erezept.DemoDateien(erezept.Demo{
		Tag: civil.Must(2026, 11, 23), IK: "109500969", Name: "AOK", Pflicht: a, Mehr: a, Wirkstoff: a,
	})
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(akten, "a.xml"), data)
	out, err := run(erezeptcmd.Taxiere{Ordner: akten})
	if err != nil || strings.Count(out, "ohne-verordnung\t") != 2 {
		t.Errorf("without prescription: %v\n%s", err, out)
	}
	write(filepath.Join(verordnungen, "v.xml"), files["1-zuzahlung.xml"])
	out, err = run(erezeptcmd.Taxiere{Ordner: akten}) // the folder beside it is found
	want := "a.xml#1\tagree\t5.00/0.56/0.00\t5.00/0.56/0.00\tengpass-einmal\n" +
		"a.xml#2\tagree\t0.00/0.00/0.00\t0.00/0.00/0.00\tgebuehr\n" +
		"Summe: 2 agree, 0 differ, 0 ungeklaert, 0 ohne-verordnung, 0 ungueltig\n"
	if err != nil || !strings.HasSuffix(out, want) {
		t.Errorf("got %v\n%s", err, out)
	}
	write(filepath.Join(akten, "a.xml"), bytes.ReplaceAll(data, []byte(`"5.00"`), []byte(`"6.00"`)))
	out, err = run(erezeptcmd.Taxiere{Ordner: akten, Verordnungen: verordnungen})
	if env.CodeOf(err) != env.ExitDiffers || !strings.Contains(out, "a.xml#1\tdiffer\t6.00/0.56/0.00\t5.00/0.56/0.00\t") {
		t.Errorf("got %v\n%s", err, out)
	}
}

func referenz(t *testing.T) string {
	t.Helper()
	root := os.Getenv("OFFIZIN_REFERENZ")
	if root == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	return filepath.Join(root, "erezept")
}

// TestTaxiereReferenz: the only difference is the part of a Mehrfachverordnung that is
// supplied on 2027-02-01 in files written before the law of 24 July 2026 (GKV-BStabG)
// raised the least Zuzahlung to 7.50 from 2027-01-01.
func TestTaxiereReferenz(t *testing.T) {
	out, err := run(erezeptcmd.Taxiere{Ordner: filepath.Join(referenz(t), "abgabedaten")})
	if env.CodeOf(err) != env.ExitDiffers {
		t.Errorf("got %v", err)
	}
	for line := range strings.Lines(out) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) > 2 && f[1] == "differ" && (f[3] != "7.50/0.56/0.00" || f[2] != "5.00/0.56/0.00") {
			t.Error(line)
		}
	}
	if want := "Summe: 229 agree, 1 differ, 20 ungeklaert, 8 ohne-verordnung, 0 ungueltig\n"; !strings.HasSuffix(out, want) {
		t.Errorf("got %s", out[max(0, len(out)-100):])
	}
}

// TestTaxiereBlind removes the patient's amounts from copies and computes the same.
func TestTaxiereBlind(t *testing.T) {
	root := referenz(t)
	dir := t.TempDir()
	kosten := regexp.MustCompile(`(?s)<extension url="[^"]*DAV-EX-ERP-(KostenVersicherter|Gesamtzuzahlung)">.*?</value(Money)?>\s*</extension>(\s*</extension>)?`)
	files, err := filepath.Glob(filepath.Join(root, "abgabedaten", "dav-1.5", "2026-07-01", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), kosten.ReplaceAll(data, nil), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	verordnungen := filepath.Join(root, "prescriptions")
	blind, err := run(erezeptcmd.Taxiere{Ordner: dir, Verordnungen: verordnungen, Blind: true})
	if err != nil {
		t.Fatal(err)
	}
	open, _ := run(erezeptcmd.Taxiere{Ordner: filepath.Dir(files[0]), Verordnungen: verordnungen})
	want := strings.Split(open, "\n")
	for i, line := range strings.Split(blind, "\n") {
		f, w := strings.Split(line, "\t"), strings.Split(want[i], "\t")
		if len(f) == 5 && i > 0 && (f[1] != "berechnet" || f[3] != strings.Replace(w[3], "/0.56/", "/0.00/", 1)) {
			t.Errorf("blind %s, open %s", line, want[i])
		}
	}
}
