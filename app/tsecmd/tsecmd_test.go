package tsecmd_test

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/tsecmd"
)

// amtlich is the example of DSFinV-K 2.4, Anhang I.
const amtlich = "V0;AMA-2642;Kassenbeleg-V1;Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar;13;44131;" +
	"2019-11-22T11:29:48.000Z;2019-11-22T11:29:49.000Z;ecdsa-plain-SHA384;unixTime;" +
	"K8zsZ6NjsBzo/Yd3Hba84aH3oT+c4Og5VcfJ7s6Dxz7UmAwtcKmzW16OkS/lm8pDE/37JHoRlYofUTLNF+9bY5Jv7C2P4nuEaHwlVarbiJs3bYlgQmIXQDZnf+8FhfBm;" +
	"BBXNYQErM4d9sk9Iy+0T6A4sdTocijml5X78Gq/At2uXTcs/3bZNNpyuHd+dpmY59yLh0xZcr9osHhkDAxsQumgjmtb3d9GIVnTaPCslEki84P1iHPiHKHfcszeQajPk3A=="

func run(stdin string, files ...string) (out, hints string, err error) {
	var stdout, stderr bytes.Buffer
	err = (&tsecmd.Verify{Dateien: files}).Run(&env.Env{Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr})
	return stdout.String(), stderr.String(), err
}

func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func archive(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestStdin: one row per QR code, of three cells; the last line sums up.
func TestStdin(t *testing.T) {
	out, _, err := run("\ufeff# a remark\r\n\n" + amtlich + "\r\n" + amtlich)
	want := "ok\tZeile 3\tbrainpoolP384r1, ecdsa-plain-SHA384, Version 2\n" +
		"ok\tZeile 4\tbrainpoolP384r1, ecdsa-plain-SHA384, Version 2\nSumme: 2 geprüft, 2 ok, 0 fail\n"
	if err != nil || out != want {
		t.Errorf("got %v\n%s", err, out)
	}
}

// TestFails: what is wrong is said, the rest is checked, and the exit code is 1.
func TestFails(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	out, _, err := run("a\tb\x1b[2J\n" + long + "\n" + strings.Replace(amtlich, "7.05", "7.06", 1) + "\n" + amtlich)
	rows := strings.Split(out, "\n")
	for i, want := range []string{"fail\tZeile 1\tDer Text hat 1 statt 12 ", "fail\tZeile 2\tDer Text ist länger", "fail\tZeile 3\tDie Signatur", "ok\tZeile 4\t"} {
		if !strings.HasPrefix(rows[i], want) || strings.Count(rows[i], "\t") != 2 {
			t.Errorf("row %d: %q, want %q", i, rows[i], want)
		}
	}
	if env.CodeOf(err) != env.ExitDiffers || rows[4] != "Summe: 4 geprüft, 1 ok, 3 fail" {
		t.Errorf("got %v, %q", err, rows[4])
	}
}

func TestFiles(t *testing.T) {
	text := file(t, "bons.txt", []byte(amtlich+"\n"))
	out, _, err := run("", text)
	if err != nil || !strings.HasPrefix(out, "ok\t"+text+":1\t") {
		t.Errorf("a text: %v\n%s", err, out)
	}
	for what, c := range map[string]struct {
		stdin, file, code string
	}{
		"no such file":        {"", filepath.Join(t.TempDir(), "none"), "T-102"},
		"a folder":            {"", t.TempDir(), "T-102"},
		"something else":      {"", file(t, "x.txt", []byte("\x7fELF\x00\x00")), "T-104"},
		"an empty export":     {"", file(t, "x", archive(t, "info.csv")), "T-132"},
		"a foreign file":      {"", file(t, "x.TAR", archive(t, "info.csv", "a\nb")), "T-134"},
		"a text named export": {"", file(t, "x.tar", []byte(amtlich)), "T-130"},
		"an export in stdin":  {string(archive(t, "info.csv")), "", "T-103"},
	} {
		var files []string
		if c.file != "" {
			files = append(files, c.file)
		}
		out, _, err := run(c.stdin, files...)
		if env.CodeOf(err) != env.ExitDiffers || !strings.HasPrefix(out, "fail\t") || !strings.Contains(out, "("+c.code+")") {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
}

// TestHinweis: what is wrong with a certificate that no message needs is no failed signature.
func TestHinweis(t *testing.T) {
	out, hints, err := run(amtlich, file(t, "x.tar", archive(t, "info.csv", strings.Repeat("0", 64)+"_X509.cer")))
	if env.CodeOf(err) != env.ExitDiffers || strings.Contains(out, "T-136") || !strings.Contains(hints, "Hinweis: ") ||
		!strings.Contains(hints, "T-136") {
		t.Errorf("%v\n%s\n%s", err, out, hints)
	}
}

func TestNothing(t *testing.T) {
	if out, _, err := run("\n# nothing\n"); env.CodeOf(err) != env.ExitUsage || out != "" || !strings.Contains(err.Error(), "T-101") {
		t.Errorf("%v\n%s", err, out)
	}
}
