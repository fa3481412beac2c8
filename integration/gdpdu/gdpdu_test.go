package gdpdu_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/gdpdu"
)

func muster() []gdpdu.Tabelle {
	return []gdpdu.Tabelle{{
		Datei: "x.csv", Name: "X", Beschreibung: "Ein & Alles",
		Spalten: []gdpdu.Spalte{
			{Name: "TAG", Art: gdpdu.Tag}, {Name: "MENGE", Art: gdpdu.Zahl}, {Name: "BETRAG", Art: gdpdu.Betrag}, {Name: "TEXT"},
		},
		Zeilen: func(f func(...any) error) error {
			if err := f(civil.Day(20261126), -3, money.Cent(-123456), "a\r\nb;\"c\""); err != nil {
				return err
			}
			return f(civil.Day(0), 0, money.Cent(5), "=1+1")
		},
	}}
}

// GDPdU Beschreibungsstandard 01-09-2004: the files, the form of the cells, and an index that
// the DTD accepts (checked with xmllint where there is one).
func TestWrite(t *testing.T) {
	var b bytes.Buffer
	n, err := gdpdu.Write(&b, gdpdu.Kopf{Name: "Löwen & Bär", Ort: "Stadt", Von: 20260101, Bis: 20261231, Zeit: time.Unix(0, 0).UTC()}, muster())
	if err != nil || n["x.csv"] != 2 {
		t.Fatal(n, err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	dir, got := t.TempDir(), map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name] = string(text)
		if err := os.WriteFile(filepath.Join(dir, f.Name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := "TAG;MENGE;BETRAG;TEXT\r\n26.11.2026;-3;-1234,56;\"a  b;\"\"c\"\"\"\r\n;0;0,05;\"'=1+1\"\r\n"
	if got["x.csv"] != want {
		t.Errorf("%q, want %q", got["x.csv"], want)
	}
	for _, part := range []string{
		"<URL>x.csv</URL>", "<Name>Löwen &amp; Bär</Name>", "<Accuracy>2</Accuracy>", "<Format>DD.MM.YYYY</Format>",
		`<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">`,
	} {
		if !strings.Contains(got[gdpdu.Index], part) {
			t.Errorf("index.xml without %s", part)
		}
	}
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("there is no xmllint")
	}
	cmd := exec.CommandContext(t.Context(), lint, "--noout", "--valid", gdpdu.Index)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A row with another number of cells than columns would shift everything after it.
func TestZellenUndSpalten(t *testing.T) {
	list := muster()
	list[0].Zeilen = func(f func(...any) error) error { return f("nur eine") }
	if _, err := gdpdu.Write(io.Discard, gdpdu.Kopf{}, list); err == nil {
		t.Error("a row that is too short is written")
	}
}
