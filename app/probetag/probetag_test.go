package probetag_test

import (
	"archive/zip"
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/probetag"
	"github.com/offizin/offizin/internal/clock"
)

// offizin runs the program and returns what it prints; it must end with the code.
func offizin(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	got := app.Run(&env.Env{
		Ctx: t.Context(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" }, Clock: clock.NewReal(),
	}, args)
	if got != code {
		t.Errorf("%q ends with %d, want %d: %s%s", args, got, code, out.String(), errs.String())
	}
	return out.String() + errs.String()
}

// A day of any seed holds its own audit; its export, from either machine, is in order, and so is
// each signature that both TSEs have made (DSFinV-K 2.4, BSI TR-03153). The same seed gives the
// same day, whatever is drawn by lot.
func TestDay(t *testing.T) {
	spuren := map[string]bool{}
	for _, seed := range []uint64{1, 2, 3, rand.Uint64(), 1} {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "tag")
			out := offizin(t, 0, "sim", "day", "--daten", dir, "--seed", strconv.FormatUint(seed, 10))
			spur := regexp.MustCompile(`23\.11\.2026 bis 24\.11\.2026, Spur [0-9a-f]{16}\n`).FindString(out)
			if spur == "" || strings.Contains(out, "FEHLER") {
				t.Error(out)
			}
			if spuren[spur] {
				return // the one that was judged already
			}
			spuren[spur] = true
			for _, platz := range []string{"platz-1", "platz-2"} {
				judge(t, filepath.Join(dir, platz))
			}
		})
	}
	if len(spuren) != 4 {
		t.Errorf("four seeds, one of them twice: %d days", len(spuren))
	}
}

// judge exports from one machine, and checks with the tools of the program.
func judge(t *testing.T, daten string) {
	t.Helper()
	file, tar := filepath.Join(t.TempDir(), "x.zip"), filepath.Join(t.TempDir(), "y.tar")
	out := offizin(t, 0, "dsfinvk", "export", "--daten", daten, "--von", "2026-11-23", "--bis", "2026-11-24", "--nach", file)
	if !strings.Contains(out, "6 Abschlüsse") || !strings.Contains(out, "x-tse.tar") {
		t.Error(out)
	}
	if out := offizin(t, 0, "dsfinvk", "check", file); !strings.HasSuffix(out, "alles in Ordnung.\n") {
		t.Error(out)
	}
	// what was taken out before it was paid stands there with its counter-line (DSFinV-K 4.2.3)
	plant(t, file, file+".same", "lines.csv", regexp.MustCompile(`"Umsatz";"";"";"1";;"\d+";"";"";"";-\d,000;`), "$0")
	offizin(t, 0, "tse", "export", "--daten", daten, "--nach", tar)
	beside := strings.TrimSuffix(file, ".zip") + "-tse.tar"
	if out := offizin(t, 0, "tse", "verify", tar, beside); !strings.HasSuffix(out, " 0 fail\n") {
		t.Error(out)
	}
	a, err := os.ReadFile(tar)
	if b, err2 := os.ReadFile(beside); err != nil || err2 != nil || !bytes.Equal(a, b) {
		t.Errorf("two exports of a TSE differ: %v, %v", err, err2)
	}
}

// In a folder that holds something nothing is played.
func TestFolderInUse(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "brief.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := offizin(t, 2, "sim", "day", "--daten", dir); !strings.Contains(out, "T-901") {
		t.Error(out)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

// What is planted in the export is found: another amount, a record without signature that does
// not say why, one that is missing.
func TestPlantedInTheExport(t *testing.T) {
	dir := t.TempDir()
	if e, err := probetag.Laufe(t.Context(), filepath.Join(dir, "tag"), 1); err != nil || len(e.Funde) > 0 {
		t.Fatalf("%v %q", err, e.Funde)
	}
	file := filepath.Join(dir, "x.zip")
	offizin(t, 0, "dsfinvk", "export", "--daten", filepath.Join(dir, "tag", "platz-1"), "--von", "23.11.2026", "--bis", "24.11.2026",
		"--nach", file)
	for _, c := range []struct {
		was, table, old, next string
	}{
		{"an amount", "transactions.csv", `("1-00000[2-9]".*?;)(\d+),(\d\d)`, "${1}9${2},${3}"},
		{"no reason", "transactions_tse.csv", `"Die TSE ist nicht angeschlossen"`, `""`},
		{"no record", "transactions.csv", `(?m)^"1";.*"1-000004".*\r\n`, ""},
	} {
		bad := filepath.Join(dir, "bad.zip")
		plant(t, file, bad, c.table, regexp.MustCompile(c.old), c.next)
		if out := offizin(t, 1, "dsfinvk", "check", bad); !strings.Contains(out, c.table) {
			t.Errorf("%s: %s", c.was, out)
		}
	}
}

// plant copies an export and replaces what is found first in one of its tables.
func plant(t *testing.T, from, to, table string, old *regexp.Regexp, next string) {
	t.Helper()
	r, err := zip.OpenReader(from)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() // only read
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == table {
			at := old.FindSubmatchIndex(text)
			if at == nil {
				t.Fatalf("%s without %s: %.2000s", table, old, text)
			}
			changed := old.Expand(bytes.Clone(text[:at[0]]), []byte(next), text, at)
			text = append(changed, text[at[1]:]...)
		}
		out, err := w.Create(f.Name)
		if err == nil {
			_, err = out.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
