package ui_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/web/ui"
)

// TestTexteFalsch: a text file with a mistake is refused with its line.
func TestTexteFalsch(t *testing.T) {
	for file, want := range map[string]string{
		"[a]\nb = \"x\"\nb = \"y\"\n":            "line 3: a.b is there twice",
		"[a]\n[b]\nc = x\n":                      "line 3",
		"[a]\n\n# no\nb \"x\"\n":                 "line 4",
		"[a]\nb = \"x\" # a comment behind it\n": "line 2",
	} {
		if texte, err := ui.ParseTexte(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v, want %s", file, texte, err, want)
		}
	}
}

// FuzzTexte: a file is refused or every line of it is a text, a section or a comment; a
// text that was read, written as a line again, is read as the same.
func FuzzTexte(f *testing.F) {
	for _, s := range []string{
		"[nav]\nverkauf = \"Verkauf\"\n# Lager\n", "", "[", "[]", "[a", "a = \"b\"", "[a]\nb = `c`", "x = 'y'", " = \"\"",
		"[ä]\r\nö = \"\\n\"", "a = \"b\"\na = \"c\"",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		texte, err := ui.ParseTexte(s)
		if err != nil {
			if texte != nil || !strings.HasPrefix(err.Error(), "text file, line ") {
				t.Errorf("%q: %v, %v", s, texte, err)
			}
			return
		}
		if n := strings.Count(s, " = "); len(texte) > n {
			t.Errorf("%q: %d texts of %d lines", s, len(texte), n)
		}
		for key, text := range texte {
			again, err := ui.ParseTexte("k = " + strconv.Quote(text))
			if err != nil || again.T("k") != text || texte.T(key) != text {
				t.Errorf("%s = %q became %q: %v", key, text, again, err)
			}
		}
	})
}
