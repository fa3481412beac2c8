package tidy_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated parts of the manual anew")

const meldungenFile = "docs/handbuch/meldungen.md"

// code is the code of a message: a letter for the field, three digits.
var code = regexp.MustCompile(`^[PZRKAJLVBSNWDUGMT]-\d{3}$`)

// ending is the code of a message at the end of its text.
var ending = regexp.MustCompile(`(?s)^(.+) \(([PZRKAJLVBSNWDUGMT]-\d{3})\)\n?$`)

// fields names what the letters of the codes stand for.
var fields = []struct{ letter, name string }{
	{"A", "Artikel und Katalog"},
	{"B", "Bestand"},
	{"D", "Datensicherung"},
	{"G", "Anmeldung und Berechtigung"},
	{"J", "Journal: die Aufzeichnung aller Vorgänge"},
	{"K", "Kennungen und Scan"},
	{"L", "Recht: gesetzliche Werte"},
	{"M", "Rechner untereinander"},
	{"N", "Kunden"},
	{"P", "Preis"},
	{"R", "Rezept"},
	{"S", "Störungen"},
	{"T", "Kassensicherung"},
	{"U", "Uhr und Tagesarbeiten"},
	{"V", "Verkauf"},
	{"W", "Bildschirm"},
	{"Z", "Zuzahlung"},
}

// meldung is one message as it stands in the code.
type meldung struct {
	code, text, place string
	pos               string
}

// TestManualExplainsEveryCode holds the table of the manual to the code. Run it with
// -update after a message has changed.
func TestManualExplainsEveryCode(t *testing.T) {
	want := table(t, collect(t))
	file := filepath.Join(root, filepath.FromSlash(meldungenFile))
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the code says; run go test ./internal/tidy -run Manual -update", meldungenFile)
	}
}

// TestCodesMeanOneThing: a code is for ever, and belongs to one package.
func TestCodesMeanOneThing(t *testing.T) {
	owner := map[string]meldung{}
	for _, m := range collect(t) {
		first, ok := owner[m.code]
		if !ok {
			owner[m.code] = m
		} else if first.place != m.place && first.text != m.text {
			t.Errorf("%s: %s is already used for another message at %s", m.pos, m.code, first.pos)
		}
	}
}

func TestMessagesAreSentences(t *testing.T) {
	for _, m := range collect(t) {
		switch {
		case m.text == "":
			t.Errorf("%s: %s: no text stands beside the code; the manual cannot quote it", m.pos, m.code)
		case !strings.ContainsAny(m.text[len(m.text)-1:], ".!?") && !strings.HasSuffix(m.text, "…") && !strings.HasSuffix(m.text, "“"):
			t.Errorf("%s: %s: %q does not end like a sentence", m.pos, m.code, m.text)
		}
	}
}

func TestCollectFindsMessages(t *testing.T) {
	const text = "package x\n" +
		"var a = befund.Befund{Code: \"Z-104\", Text: \"Bitte \" + \"warten.\"}\n" +
		"var f = befund.Befund{Code: \"V-109\", Text: \"Höchstens 100 % sind erlaubt.\"}\n" +
		"var b = fault.New(fault.Invalid, \"J-101\", fmt.Sprintf(\"Blatt %d ist %q.\", 1, x), nil)\n" +
		"var c = row{\"Z-999\", \"Datei „\" + name + \"“ fehlt.\"}\n" +
		"var d = code == \"P-001\"\n" +
		"var e = env.Usage(\"Die Datei „%s“ fehlt. (K-305)\", name)\n" +
		"var f = bad(id, \"S-103\", fmt.Sprintf(\"Nur noch %d MB frei.\", n), \"Bitte zuerst den Papierkorb leeren.\")\n" +
		"var g = fehler(\"L-104\", \"Bis %d sind es 20 %%, nicht 0 % und 100 % liegt darüber.\", n)\n"
	got := messages(planted(t, "domain/zuzahlung/x.go", text))
	want := []string{
		"Z-104 Bitte warten.", "V-109 Höchstens 100 % sind erlaubt.", "J-101 Blatt … ist ….", "Z-999 Datei „…“ fehlt.",
		"K-305 Die Datei „…“ fehlt.", "S-103 Nur noch … MB frei.",
		"L-104 Bis … sind es 20 %, nicht 0 % und 100 % liegt darüber.",
	}
	var have []string
	for _, m := range got {
		have = append(have, m.code+" "+m.text)
	}
	if !slices.Equal(have, want) {
		t.Errorf("got %q, want %q", have, want)
	}
}

func collect(t *testing.T) []meldung {
	t.Helper()
	all, err := tree()
	if err != nil {
		t.Error(err)
	}
	var list []meldung
	for _, s := range all {
		if !s.test {
			list = append(list, messages(s)...)
		}
	}
	return list
}

// messages finds the codes in a file, each with the first sentence after it in the same
// call or literal, else with the longest text there: what follows the sentence is advice.
// A code that is only compared with is no message.
func messages(s *source) []meldung {
	var list []meldung
	ast.Inspect(s.file, func(n ast.Node) bool {
		var parts []ast.Expr
		switch n := n.(type) {
		case *ast.CallExpr:
			parts = n.Args
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				parts = append(parts, e)
			}
		default:
			return true
		}
		list = append(list, message(s, parts)...)
		return true
	})
	return list
}

func message(s *source, parts []ast.Expr) []meldung {
	found, done := meldung{}, false
	for _, e := range parts {
		text, ok := sentence(e)
		switch {
		case !ok:
		case code.MatchString(text):
			found.code, found.pos = text, strings.TrimSuffix(s.at(e.Pos(), ""), ": ")
		case ending.MatchString(text):
			m := ending.FindStringSubmatch(text)
			found.text, found.code, found.pos = m[1], m[2], strings.TrimSuffix(s.at(e.Pos(), ""), ": ")
		case len(text) > len(found.text) && !done:
			found.text = text
			done = found.code != "" && strings.Contains(text, " ") && strings.HasSuffix(text, ".")
		}
	}
	if found.code == "" {
		return nil
	}
	found.place = s.dir()
	return []meldung{found}
}

// verb is a formatting verb of package fmt. Its flag for a space is left out: "0 % und".
var verb = regexp.MustCompile(`%(%|[-+#0]*[\d*]*(\.\d+)?[a-zA-Z])`)

// filled is the text with "…" for each verb.
func filled(text string) string {
	return verb.ReplaceAllStringFunc(text, func(v string) string {
		if v == "%%" {
			return "%"
		}
		return "…"
	})
}

// sentence evaluates an expression that makes a text, with "…" for what is only
// known at run time.
func sentence(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return filled(text), err == nil
	case *ast.BinaryExpr:
		left, okLeft := sentence(e.X)
		right, okRight := sentence(e.Y)
		if !okLeft && !okRight {
			return "", false
		}
		return orDots(left, okLeft) + orDots(right, okRight), true
	case *ast.CallExpr:
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sprintf" {
			return sentence(e.Args[0])
		}
	case *ast.ParenExpr:
		return sentence(e.X)
	}
	return "", false
}

func orDots(text string, ok bool) string {
	if !ok {
		return "…"
	}
	return text
}

// table writes the chapter of the manual.
func table(t *testing.T, list []meldung) string {
	t.Helper()
	slices.SortFunc(list, func(a, b meldung) int { return strings.Compare(a.code+a.text, b.code+b.text) })
	var b strings.Builder
	b.WriteString("# Meldungen\n\n" +
		"Jede Meldung des Programms trägt einen Code. Hier steht, was sie sagt und was zu tun ist; „…“ steht für\n" +
		"einen Wert, der erst am Bildschirm eingesetzt wird. Ein Code behält seine Bedeutung für immer.\n\n" +
		"Diese Seite ist aus dem Programm erzeugt (`make golden`).\n")
	for _, f := range fields {
		last := ""
		for _, m := range list {
			if !strings.HasPrefix(m.code, f.letter) || m.text == "" {
				continue
			}
			if last == "" {
				fmt.Fprintf(&b, "\n## %s – %s\n\n| Code | Meldung und was zu tun ist |\n|---|---|\n", f.letter, f.name)
			}
			row := fmt.Sprintf("| %s | %s |\n", m.code, strings.NewReplacer("|", "\\|", "\n", " ").Replace(m.text))
			if row != last {
				b.WriteString(row)
			}
			last = row
		}
	}
	return b.String()
}
