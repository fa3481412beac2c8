package kennungcmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/kennungcmd"
)

type command interface{ Run(*env.Env) error }

func run(c command) (string, error) {
	var out bytes.Buffer
	err := c.Run(&env.Env{Stdout: &out})
	return out.String(), err
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "t.tsv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestCheck: the last line sums up, and a difference is exit code 1.
func TestCheck(t *testing.T) {
	good := file(t, "type\tvalue\tvalid\nPZN8\t04773414\tyes\n")
	out, err := run(&kennungcmd.KennungCheck{Datei: good})
	if err != nil || !strings.HasSuffix(out, "Summe: 1 Zeilen, 1 agree, 0 differ, 0 ungeklaert\n") {
		t.Errorf("got %v\n%s", err, out)
	}
	_, err = run(&kennungcmd.KennungCheck{Datei: file(t, "type\tvalue\tvalid\nPZN8\t04773415\tyes\n")})
	if env.CodeOf(err) != env.ExitDiffers {
		t.Errorf("got %v", err)
	}
	out, err = run(&kennungcmd.CodeCheck{Datei: file(t, "id\traw_escaped\tvalid\tpzn8\nA\t-04773414\tyes\t04773414\n")})
	if err != nil || !strings.Contains(out, "A\tagree\t") {
		t.Errorf("got %v\n%s", err, out)
	}
}

func TestCheckUnreadable(t *testing.T) {
	for _, name := range []string{filepath.Join(t.TempDir(), "none"), file(t, "x\n")} {
		if _, err := run(&kennungcmd.CodeCheck{Datei: name}); env.CodeOf(err) != env.ExitUsage {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestShow(t *testing.T) {
	for _, c := range []struct {
		cmd  command
		want string
	}{
		{&kennungcmd.KennungShow{Wert: "04773414"}, "gueltig"},
		{&kennungcmd.KennungShow{Wert: "04773415", Typ: "PZN"}, "K-102"},
		{&kennungcmd.KennungShow{Wert: "?"}, "K-306"},
		{&kennungcmd.CodeShow{Scan: "-04773414"}, "04773414"},
		{&kennungcmd.CodeShow{Scan: "hallo"}, "K-203"},
	} {
		if out, err := run(c.cmd); err != nil || !strings.Contains(out, c.want) {
			t.Errorf("%+v: got %v\n%s", c.cmd, err, out)
		}
	}
	if _, err := run(&kennungcmd.KennungShow{Wert: "1", Typ: "XYZ"}); env.CodeOf(err) != env.ExitUsage {
		t.Errorf("unknown type: got %v", err)
	}
}
