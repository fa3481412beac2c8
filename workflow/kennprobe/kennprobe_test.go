package kennprobe_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/workflow/kennprobe"
)

func nummern(t *testing.T, r io.Reader) (kennprobe.Summe, string) {
	t.Helper()
	var bad strings.Builder
	sum, err := kennprobe.Nummern(r, func(n kennprobe.Nummer) error {
		if n.State == kennprobe.Differ {
			bad.WriteString(n.Typ + " " + n.Wert + ": expected " + n.Expected + ", computed " + n.Computed + "\n")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum, bad.String()
}

func codes(t *testing.T, r io.Reader) (kennprobe.Summe, string) {
	t.Helper()
	var bad strings.Builder
	sum, err := kennprobe.Codes(r, func(c kennprobe.Code) error {
		if c.State == kennprobe.Differ {
			bad.WriteString(c.ID + ": " + strings.Join(c.Differ, "; ") + "\n")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum, bad.String()
}

// TestTables: every row of our tables comes out, and of the reference too.
func TestTables(t *testing.T) {
	files := []string{"testdata/vectors.tsv", "testdata/codes.tsv"}
	if root := os.Getenv("OFFIZIN_REFERENZ"); root != "" {
		err := filepath.WalkDir(filepath.Join(root, "protocols"), func(path string, _ os.DirEntry, err error) error {
			if name := filepath.Base(path); name == "vectors.tsv" || name == "codes.tsv" {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		run := nummern
		if filepath.Base(name) == "codes.tsv" {
			run = codes
		}
		sum, bad := run(t, f)
		if sum.Differ > 0 || sum.Ungeklaert > 0 || sum.Agree < 30 {
			t.Errorf("%s: %s\n%s", name, sum, bad)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNummernDiffer: planted mistakes are found, and what expects nothing is open.
func TestNummernDiffer(t *testing.T) {
	const table = "type\tvalue\tvalid\texpected_check\n" +
		"PZN8\t04773414\tyes\t4\n" + // right
		"PZN8\t04773414\tno\t\n" + // it is valid
		"PZN8\t04773415\tyes\t5\n" + // it is not
		"PZN8\t04773414\tyes\t5\n" + // other digit
		"# comment\n\n" +
		"PZN8\t04773414\t\t\n"
	sum, _ := nummern(t, strings.NewReader(table))
	if want := (kennprobe.Summe{Agree: 1, Differ: 3, Ungeklaert: 1}); sum != want {
		t.Errorf("got %+v, want %+v", sum, want)
	}
}

func TestCodesDiffer(t *testing.T) {
	const table = "id\traw_escaped\tvalid\tpzn8\tserial\n" +
		"1\t-04773414\tyes\t04773414\t\n" +
		"2\t-04773414\tyes\t04773415\t\n" +
		"3\t-04773415\tyes\t\t\n"
	sum, bad := codes(t, strings.NewReader(table))
	if sum.Agree != 1 || sum.Differ != 2 {
		t.Errorf("got %+v\n%s", sum, bad)
	}
}

// TestBadTables: a table that cannot be read says what to do.
func TestBadTables(t *testing.T) {
	for _, c := range []struct{ table, code string }{
		{"", "K-304"}, {"a\tb\n", "K-301"}, {"type\tvalue\n" + strings.Repeat("x", 70_000), "K-303"},
	} {
		_, err := kennprobe.Nummern(strings.NewReader(c.table), func(kennprobe.Nummer) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.code) {
			t.Errorf("got %v, want %s", err, c.code)
		}
	}
	stop := io.ErrClosedPipe
	_, err := kennprobe.Codes(strings.NewReader("raw_escaped\nx\n"), func(kennprobe.Code) error { return stop })
	if err == nil {
		t.Error("the error of the receiver is lost")
	}
}

func TestEscape(t *testing.T) {
	for _, s := range []string{"", "abc", "a\x1db\x1e\x04", "\t\n", `\`} {
		if got := kennprobe.Unescape(kennprobe.Escape(s)); got != s {
			t.Errorf("%q: got %q", s, got)
		}
	}
}
