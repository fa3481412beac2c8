package dsfinvk_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/integration/dsfinvk/muster"
	"github.com/offizin/offizin/internal/dtd"
)

var update = flag.Bool("update", false, "write the golden files anew")

func tage(t *testing.T) muster.Quelle {
	t.Helper()
	q, err := muster.Tage()
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func export(t *testing.T, q dsfinvk.Quelle) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := dsfinvk.Schreiben(&b, t.TempDir(), q); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func files(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		m[f.Name] = string(text)
	}
	return m
}

// DSFinV-K 2.4 chapter 4 and facts of the standard: 20 tables, index.xml and its DTD; two days
// with every business case of a pharmacy, row by row.
func TestGolden(t *testing.T) {
	got := files(t, export(t, tage(t)))
	if len(got) != 22 {
		t.Errorf("%d files, want 22", len(got))
	}
	for name, text := range got {
		if name == dtd.Name {
			continue
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s is not the golden file", name)
		}
	}
}

// A transaction that was left open, and of which the device does not say when it began, has no
// start: not one in 1970.
func TestOhneBeginn(t *testing.T) {
	q, n := tage(t), 0
	for _, z := range q {
		for i := range z.Belege {
			if z.Belege[i].Gesichert.Signatur == nil && len(z.Stamm.TSE) > 0 {
				z.Belege[i].Bon.Transaktion = &tse.Beginn{Transaktion: 4711, Seriennummer: z.Stamm.TSE[0].Seriennummer}
				n++
			}
		}
	}
	got := files(t, export(t, q))["transactions_tse.csv"]
	if n == 0 || !strings.Contains(got, ";4711;\"\";") || strings.Contains(got, "1970") {
		t.Errorf("%d: %s", n, got)
	}
}

// The same closing twice is the same bytes, and a range is the rows of its closings.
func TestRangeIsItsClosings(t *testing.T) {
	q := tage(t)
	all := export(t, q)
	if !bytes.Equal(all, export(t, q)) {
		t.Error("the same closings give other bytes")
	}
	sum := map[string]string{}
	for i := range q {
		for name, text := range files(t, export(t, q[i:i+1])) {
			head, rows, _ := strings.Cut(text, "\r\n")
			if sum[name] == "" {
				sum[name] = head + "\r\n"
			}
			sum[name] += rows
		}
	}
	for name, text := range files(t, all) {
		if strings.HasSuffix(name, ".csv") && text != sum[name] {
			t.Errorf("%s of all closings is not what those of each say", name)
		}
	}
}

// GDPdU: index.xml is valid by its DTD.
func TestIndexIsValid(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	dir := t.TempDir()
	for name, text := range files(t, export(t, tage(t))) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), lint, "--valid", "--noout", dsfinvk.Index)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// A text that is too long is refused with the name of the Bon and of the column, never cut.
func TestTooLong(t *testing.T) {
	q := tage(t)
	q[0].Belege[1].Bon.Positionen[0].Bezeichnung = strings.Repeat("ä", 255)
	export(t, q)
	q[0].Belege[1].Bon.Positionen[0].Bezeichnung += "x"
	_, err := dsfinvk.Schreiben(io.Discard, t.TempDir(), q)
	want := "Bon 1-000002: ARTIKELTEXT hat 256 Zeichen, erlaubt sind 255; " +
		"bitte den Text kürzen, der Export kürzt ihn nicht. (T-401)"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestRefusals(t *testing.T) {
	for want, f := range map[string]func(muster.Quelle) muster.Quelle{
		"T-402": func(q muster.Quelle) muster.Quelle { q[0].Stamm.Betrieb.Name = ""; return q },
		"T-403": func(muster.Quelle) muster.Quelle { return nil },
		"T-404": func(q muster.Quelle) muster.Quelle { q[0].Stamm.TSE[0].Zertifikate = nil; return q },
		"T-405": func(q muster.Quelle) muster.Quelle { q[0].Stamm.TSE = nil; return q },
	} {
		if _, err := dsfinvk.Schreiben(io.Discard, t.TempDir(), f(tage(t))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Nothing is left behind, also after an error in the middle.
func TestNoFilesLeft(t *testing.T) {
	dir := t.TempDir()
	q := tage(t)
	q[2].Stamm.Betrieb = abschluss.Betrieb{}
	if _, err := dsfinvk.Schreiben(io.Discard, dir, q); err == nil {
		t.Error("want an error")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
}

// TSE changed in the middle of a day: two rows in tse.csv, each Bon points to the one that signed
// it. Tax keys of other years stay with the closings of those years.
func TestOfItsTime(t *testing.T) {
	q := tage(t)
	device, err := muster.NewTSE("zweite")
	if err != nil {
		t.Fatal(err)
	}
	g, err := device.Sichern(q[0].Belege[1].Bon)
	if err != nil {
		t.Fatal(err)
	}
	q[0].Belege[1].Gesichert = g
	q[0].Stamm.TSE = append(q[0].Stamm.TSE, device.Geraet)
	q[1].Stamm.Saetze[0].Satz = 16 * money.Percent
	got := files(t, export(t, q))
	for _, want := range []struct{ file, text string }{
		{"tse.csv", `41;2;"` + device.Seriennummer + `"`},
		{"transactions_tse.csv", `"1-000001";1;1;`},
		{"transactions_tse.csv", `"1-000002";2;1;`},
		{"vat.csv", `41;1;19,00;`},
		{"vat.csv", `42;1;16,00;`},
	} {
		if !strings.Contains(got[want.file], want.text) {
			t.Errorf("%s without %s", want.file, want.text)
		}
	}
}

// TSE_VORGANGSDATEN holds 1,000 characters and may be empty: an order of many lines is not cut.
func TestLongOrder(t *testing.T) {
	q := tage(t)
	b := &q[0].Belege[16]
	long := strings.Repeat("ö", 1000)
	b.Gesichert.Daten = long
	if got := files(t, export(t, q))["transactions_tse.csv"]; !strings.Contains(got, `;"";"`+long+`"`) {
		t.Error("1,000 characters are not written")
	}
	b.Gesichert.Daten += "ö"
	if got := files(t, export(t, q))["transactions_tse.csv"]; strings.Contains(got, "ööö") {
		t.Error("1,001 characters are written")
	}
}

// A device that tells a long story of its failure keeps nobody from exporting.
func TestLongReason(t *testing.T) {
	q := tage(t)
	g := &q[0].Belege[27].Gesichert
	for n, want := range map[int]string{200: strings.Repeat("ö", 200), 201: "der Grund steht im Protokoll"} {
		g.Ausfall = strings.Repeat("ö", n)
		if got := files(t, export(t, q))["transactions_tse.csv"]; !strings.Contains(got, want) {
			t.Errorf("%d characters: without %s", n, want)
		}
	}
}

// Whatever an article is called, another reader of CSV finds it as it was.
func TestTextsSurvive(t *testing.T) {
	dir, q := t.TempDir(), tage(t)[2:]
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune(`aäß€;,"' `+"\n\t"), unicode.Latin, unicode.Han), 1, 255, -1).Draw(t, "text")
		q[0].Belege[0].Bon.Positionen[0].Bezeichnung = text
		var b bytes.Buffer
		if _, err := dsfinvk.Schreiben(&b, dir, q); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("lines.csv")
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(f)
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 2 || rows[1][6] != text {
			t.Fatalf("%q %v", rows, err)
		}
	})
}
