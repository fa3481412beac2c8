package tidy_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// link is a Markdown link or picture; web addresses are not followed.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	eachText(t, ".md", func(name, text string) []string { return deadLinks(name, text, exists) })
}

func TestDeadLinksBite(t *testing.T) {
	there := func(name string) (string, bool) { return "# Der Kopf (1)\n", name == "docs/a.md" }
	for text, n := range map[string]int{
		"[a](a.md) ![b](b.png)":                    1,
		"[a](../docs/a.md#der-kopf-1)":             0,
		"[a](a.md#anders)":                         1,
		"[a](https://www.gesetze-im-internet.de/)": 0,
		"`[a](b.md)`":                              0,
	} {
		if got := deadLinks("docs/x.md", text, there); len(got) != n {
			t.Errorf("%q: %q, want %d", text, got, n)
		}
	}
}

// deadLinks finds relative links to files or headings that do not exist.
func deadLinks(name, text string, read func(string) (string, bool)) []string {
	var found []string
	for i, line := range strings.Split(text, "\n") {
		for _, m := range link.FindAllStringSubmatch(withoutCode(line), -1) {
			to, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			target := path.Join(path.Dir(name), to)
			if to == "" {
				target = name
			}
			body, ok := read(target)
			if to == "" {
				body, ok = text, true
			}
			switch {
			case !ok:
				found = append(found, fmt.Sprintf("%s:%d: %s does not exist", name, i+1, m[1]))
			case anchor != "" && !hasHeading(body, anchor):
				found = append(found, fmt.Sprintf("%s:%d: there is no heading #%s in %s", name, i+1, anchor, target))
			}
		}
	}
	return found
}

// withoutCode blanks what stands between backquotes.
func withoutCode(line string) string {
	parts := strings.Split(line, "`")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = ""
	}
	return strings.Join(parts, "`")
}

func hasHeading(text, anchor string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") && slug(strings.TrimLeft(line, "# ")) == anchor {
			return true
		}
	}
	return false
}

// slug is the anchor that GitHub makes of a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.TrimSpace(heading))
}

func exists(name string) (string, bool) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err == nil {
		return string(text), true
	}
	_, err = os.Stat(filepath.Join(root, filepath.FromSlash(name)))
	return "", err == nil
}

// elsewhere are words that have no business in the project: paths of the machine it
// was written on, the tools it was written with, hosts that only exist there. The
// program and its documents speak of themselves alone. Written in pieces, or the
// rule would find itself.
var elsewhere = regexp.MustCompile(`(?i)(^|[^\w.])/(work|home|root|Users)/\w|\.\./sha` + `red\b|farm-(stu` + `dio|ben` + `ch)|` +
	`\.lib` + `rary/|\bL` + `LMs?\b|\bsub` + `agents?\b|\b(coding|AI)[ -]ag` + `ents?\b|\bchat` + `bot|\bco` + `pilot\b|\bcl` + `aude|` +
	`\bopen` + `ai\b|\banth` + `ropic|\bGO` + `PROXY\b|proxy\.gol` + `ang\.org|\barti` + `factory\b`)

// mayNameTheReference is the one place that says where the reference data lie.
const mayNameTheReference = ".ci/run"

func TestSpeaksOfItselfAlone(t *testing.T) {
	eachText(t, "", func(name, text string) []string {
		if name == mayNameTheReference || strings.HasSuffix(name, "go.sum") || name == "tools/go.mod" {
			return nil
		}
		return strangers(name, text)
	})
}

func TestStrangersBite(t *testing.T) {
	for text, n := range map[string]int{
		"see /ho" + "me/anna/x":                1,
		"GET /rezepte/work":                    0,
		"an L" + "LM wrote this":               1,
		"User-Agent: offizin":                  0,
		"built with GO" + "PROXY=off":          1,
		"https://example.org/home/":            0,
		"OFFIZIN_REFERENZ=../sha" + "red/data": 1,
	} {
		if got := strangers("x.md", text); len(got) != n {
			t.Errorf("%q: %q, want %d", text, got, n)
		}
	}
}

func strangers(name, text string) []string {
	var found []string
	for i, line := range strings.Split(text, "\n") {
		if m := elsewhere.FindString(line); m != "" {
			found = append(found, fmt.Sprintf("%s:%d: %q has no business in the project", name, i+1, strings.TrimSpace(m)))
		}
	}
	return found
}

// eachText runs a rule over every text file of the project, source or not.
func eachText(t *testing.T, suffix string, rule func(name, text string) []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if !d.Type().IsRegular() || !strings.HasSuffix(file, suffix) {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		if utf8.Valid(text) {
			for _, v := range rule(filepath.ToSlash(name), string(text)) {
				t.Error(v)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheSetOfDocuments: what a newcomer looks for is there and not empty.
func TestTheSetOfDocuments(t *testing.T) {
	for _, name := range []string{
		"README.md", "ARCHITECTURE.md", "GLOSSARY.md", "STYLE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
		"LICENSE", "docs/adr/README.md", "docs/handbuch/README.md", "docs/betrieb/README.md", "docs/betrieb/windows.md",
	} {
		if text, _ := exists(name); len(text) < 400 {
			t.Errorf("%s: missing or nearly empty", name)
		}
	}
}

// TestEveryDecisionIsListed: an ADR that is not in the list is not found.
func TestEveryDecisionIsListed(t *testing.T) {
	listed(t, "docs/adr")
	listed(t, "docs/handbuch")
	listed(t, "docs/betrieb")
}

// listed checks that the README of a folder links to every document in it.
func listed(t *testing.T, dir string) {
	t.Helper()
	index, _ := exists(dir + "/README.md")
	files, err := filepath.Glob(filepath.Join(root, dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := filepath.Base(f); name != "README.md" && !strings.Contains(index, "("+name+")") {
			t.Errorf("%s/README.md does not link to %s", dir, name)
		}
	}
}
