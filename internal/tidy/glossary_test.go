package tidy_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	glossaryFile = "GLOSSARY.md"
	englishFile  = "internal/tidy/testdata/english.txt"
)

// glossary knows every word that a name may be made of.
type glossary struct {
	words   map[string]bool // the words of the terms, in lower case
	english map[string]bool // what needs no explanation
	short   []string        // terms with capitals inside (BtM, SOK, ERezept), longest first
}

// entry is one row of a table in the glossary.
type entry struct {
	line  int
	terms []string
	cells []string // the rest of the row
}

// TestEveryWordIsExplained: one word per thing, and each stands in the glossary or is
// plain English. It reads exported names, types of events and addresses.
func TestEveryWordIsExplained(t *testing.T) {
	g := loadGlossary(t)
	for w, places := range unexplainedWords(g, spoken(t)) {
		t.Errorf("%s: %q stands neither in %s nor in %s (%d times)", places[0], w, glossaryFile, englishFile, len(places))
	}
}

func TestUnexplainedWordsBite(t *testing.T) {
	g := newGlossary(
		[]entry{{terms: []string{"Zuzahlung", "Vorgang", "BtM", "T-Rezept", "SOK", "Rezept", "gesetzt", "PZN"}}},
		[]string{"compute", "next", "file"},
	)
	for text, want := range map[string]string{
		"func ComputeZuzahlung() {}":                           "",
		"func ComputeSelbstbehalt() {}":                        "selbstbehalt",
		"func computeSelbstbehalt() {}":                        "",
		"type T struct{ Vorgang, Quittung, quittung int }":     "quittung",
		"type I interface{ NextZahlteller() }":                 "zahlteller",
		"const SOKTRezept, PZN8, NextBtM, SOKs = 1, 2, 3, 4":   "",
		"const BtMs, Rezepte, Zuzahlungen, Vorgangs = 1, 2, 3": "",
		"const Rezeptur = 1":                                   "rezeptur",
		"var s = \"vorgang.gesetzt.v1\"":                       "",
		"var s = \"vorgang.verlegt.v1\"":                       "verlegt",
		"var s = \"die Quittung wird gedruckt.\"":              "",
		"var s = \"GET /vorgang/{pzn}/quittung?kopie=1\"":      "quittung",
		"var s = \"/beispiel\"":                                "beispiel",
	} {
		got := unexplainedWords(g, names(planted(t, "web/file/x.go", "package file\n"+text)))
		if have := strings.Join(sorted(got), " "); have != want {
			t.Errorf("%s: found %q, want %q", text, have, want)
		}
	}
	page := addresses("web/file/x.html", "<a href=\"/vorgang/{{.Nr}}\">Quittung</a>\n<form action=\"/vorgang/umbuchen\">")
	if got := unexplainedWords(g, page); len(got) != 1 || got["umbuchen"][0] != "web/file/x.html:2" {
		t.Errorf("a page: found %v, want umbuchen in line 2", got)
	}
}

// TestGlossaryIsWhole: each term once, in order, with a meaning, in a package that
// exists, and still in use.
func TestGlossaryIsWhole(t *testing.T) {
	text, _ := exists(glossaryFile)
	for _, v := range glossaryFaults(text, folders(t), everything(t)) {
		t.Errorf("%s:%s", glossaryFile, v)
	}
}

func TestGlossaryFaultsBite(t *testing.T) {
	const head = "| term | meaning | norm | English | where | not to be confused with |\n|---|---|---|---|---|---|\n"
	const bon, retoure = "| Bon | a sale | | receipt | `bon` | |\n", "| Retoure | goods back | | return | `domain/bon` | |\n"
	for text, n := range map[string]int{
		head + bon + retoure:                            0,
		head + retoure + bon:                            1, // order
		head + bon + bon:                                1, // twice
		head + bon + head + bon:                         1,
		head + retoure + head + bon:                     0,
		"| Bon | |\n":                                   1, // no meaning
		"| Bon | a sale |\n":                            0, // everyday words have two columns
		head + "| Bon | a sale | |\n":                   1,
		strings.Replace(head+bon, "`bon`", "`bond`", 1): 1,
		strings.Replace(head+bon, "| Bon", "| Akte", 1): 1, // nobody says it any more
	} {
		got := glossaryFaults(text, []string{"domain/bon"}, "der bon und die retoure")
		if len(got) != n {
			t.Errorf("%q: found %q, want %d findings", text, got, n)
		}
	}
}

// TestEnglishIsEnglish keeps the second list honest: it is no way around the glossary.
func TestEnglishIsEnglish(t *testing.T) {
	text, _ := exists(englishFile)
	for _, v := range englishFaults(loadGlossary(t), strings.Fields(text), spoken(t)) {
		t.Errorf("%s: %s", englishFile, v)
	}
}

func TestEnglishFaultsBite(t *testing.T) {
	used := []spelled{{name: "ComputeBestellung"}, {name: "Young"}, {name: "Bon"}, {name: "Zahlteller"}}
	for words, n := range map[string]int{
		"compute young":       0,
		"young compute":       1, // order
		"compute compute":     1,
		"compute parse":       1, // not used
		"bon compute":         1, // in the glossary
		"bestellung compute":  1, // German
		"compute Young":       1, // capitals
		"compute zahlteller5": 1,
	} {
		g := newGlossary([]entry{{terms: []string{"Bon"}}}, strings.Fields(words))
		if got := englishFaults(g, strings.Fields(words), used); len(got) != n {
			t.Errorf("%q: found %q, want %d findings", words, got, n)
		}
	}
}

func loadGlossary(t *testing.T) *glossary {
	t.Helper()
	text, ok := exists(glossaryFile)
	english, there := exists(englishFile)
	if !ok || !there {
		t.Fatalf("%s or %s is missing", glossaryFile, englishFile)
	}
	return newGlossary(entries(text), strings.Fields(english))
}

func newGlossary(list []entry, english []string) *glossary {
	g := &glossary{words: map[string]bool{}, english: map[string]bool{}}
	for _, e := range list {
		for _, term := range e.terms {
			g.add(term)
		}
	}
	for _, w := range english {
		g.english[w] = true
	}
	slices.SortFunc(g.short, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return g
}

// add takes in the words of a term: "Aut idem" is two, "T-Rezept" is written TRezept.
func (g *glossary) add(term string) {
	for w := range strings.FieldsSeq(term) {
		w = strings.ReplaceAll(w, "-", "")
		g.words[strings.ToLower(w)] = true
		if strings.ContainsFunc(w[1:], isUpper) {
			g.short = append(g.short, w)
		}
	}
}

// entries reads the tables of the glossary; the first cell of a row holds the terms.
func entries(text string) []entry {
	var list []entry
	for i, line := range strings.Split(text, "\n") {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|-") || strings.HasPrefix(line, "| term ") {
			continue
		}
		e := entry{line: i + 1, cells: cells[1:]}
		for term := range strings.SplitSeq(cells[0], ",") {
			e.terms = append(e.terms, strings.TrimSpace(term))
		}
		list = append(list, e)
	}
	return list
}

// has reports whether a word is explained, as it is or with an ending of declension.
func (g *glossary) has(w string) bool {
	if len(w) == 1 || g.english[w] || g.words[w] {
		return true // one letter is a name by itself: X, N, P50
	}
	for _, ending := range []string{"e", "n", "s", "en", "er", "es"} {
		if stem, ok := strings.CutSuffix(w, ending); ok && len(stem) > 2 && g.words[stem] {
			return true
		}
	}
	return false
}

// split cuts a name into words, at capitals, at what is no letter, and around the
// short forms of the glossary.
func (g *glossary) split(name string) []string {
	var words []string
	for name != "" {
		n := g.shortAt(name)
		if n == 0 {
			n = wordAt(name)
		}
		if n > 0 {
			words = append(words, strings.ToLower(name[:n]))
		}
		name = name[max(n, 1):]
	}
	return words
}

// shortAt is the length of the short form a name begins with: BtM in BtMGebuehr, IK in IKs.
func (g *glossary) shortAt(name string) int {
	for _, s := range g.short {
		rest, ok := strings.CutPrefix(name, s)
		if ok && !isLower(strings.TrimPrefix(rest, "s")) {
			return len(s)
		}
	}
	return 0
}

// wordAt is the length of the word a name begins with; 0 if it begins with no letter.
func wordAt(name string) int {
	upper := len(name) - len(strings.TrimLeftFunc(name, isUpper))
	lower := len(name[upper:]) - len(strings.TrimLeftFunc(name[upper:], func(r rune) bool { return r >= 'a' && r <= 'z' }))
	if upper > 1 && lower > 0 && name[upper:upper+lower] != "s" {
		return upper - 1 // XMLWriter: the last capital begins the next word
	}
	return upper + lower
}

func isUpper(r rune) bool   { return r >= 'A' && r <= 'Z' }
func isLower(s string) bool { return s != "" && s[0] >= 'a' && s[0] <= 'z' }

// spelled is a name and where it stands.
type spelled struct{ name, pos string }

// unexplainedWords returns the places of each word that the glossary does not have.
func unexplainedWords(g *glossary, list []spelled) map[string][]string {
	found := map[string][]string{}
	for _, s := range list {
		for _, w := range g.split(s.name) {
			if !g.has(w) {
				found[w] = append(found[w], s.pos)
			}
		}
	}
	return found
}

// spoken is every name by which the parts of the program know each other.
func spoken(t *testing.T) []spelled {
	t.Helper()
	all, err := tree()
	if err != nil {
		t.Error(err)
	}
	var list []spelled
	for _, s := range all {
		if !s.test {
			list = append(list, names(s)...)
		}
	}
	err = walk(".html", func(name string, text []byte) error {
		list = append(list, addresses(name, string(text))...)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return list
}

// names are the exported identifiers of a file, its package, the types of events and
// the addresses in it.
func names(s *source) []spelled {
	list := []spelled{{strings.TrimSuffix(s.file.Name.Name, "cmd"), s.path + ":1"}}
	ast.Inspect(s.file, func(n ast.Node) bool {
		for _, id := range declared(n) {
			if id.IsExported() {
				list = append(list, spelled{id.Name, strings.TrimSuffix(s.at(id.Pos(), ""), ": ")})
			}
		}
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			list = append(list, spelled{wordsOf(s, lit), strings.TrimSuffix(s.at(lit.Pos(), ""), ": ")})
		}
		return true
	})
	return list
}

func declared(n ast.Node) []*ast.Ident {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return []*ast.Ident{n.Name}
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.ValueSpec:
		return n.Names
	case *ast.Field:
		return n.Names
	}
	return nil
}

var (
	eventType = regexp.MustCompile(`^[a-z]+(\.[a-z]+)+\.v\d+$`)
	address   = regexp.MustCompile(`^([A-Z]+ )?(/[a-z{][^?]*)`)
	reference = regexp.MustCompile(`(?:href|src|action)="(/[^"?]*)`)
	computed  = regexp.MustCompile(`\{\{.*?\}\}`)
)

// wordsOf returns what is a name in a string: the type of an event, or an address.
func wordsOf(s *source, lit *ast.BasicLit) string {
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	if eventType.MatchString(text) {
		return strings.TrimRight(text, "v0123456789")
	}
	if m := address.FindStringSubmatch(text); m != nil && s.part() == "web" {
		return m[2]
	}
	return ""
}

// addresses are the paths of our own that a page leads to.
func addresses(name, text string) []spelled {
	var list []spelled
	for i, line := range strings.Split(text, "\n") {
		for _, m := range reference.FindAllStringSubmatch(computed.ReplaceAllString(line, ""), -1) {
			list = append(list, spelled{m[1], fmt.Sprintf("%s:%d", name, i+1)})
		}
	}
	return list
}

// glossaryFaults finds rows that say nothing, stand in the wrong place or twice, lead to
// a package that does not exist, or explain what nobody says any more.
func glossaryFaults(text string, folders []string, used string) []string {
	var found []string
	seen, last := map[string]bool{}, entry{}
	for _, e := range entries(text) {
		faults := rowFaults(e, folders)
		if last.line > 0 && last.line == e.line-1 && strings.ToLower(last.terms[0]) > strings.ToLower(e.terms[0]) {
			faults = append(faults, "stands after "+last.terms[0])
		}
		last = e
		for _, term := range e.terms {
			if seen[strings.ToLower(term)] {
				faults = append(faults, term+" stands there twice")
			}
			seen[strings.ToLower(term)] = true
			if !strings.Contains(used, plain(term)) {
				faults = append(faults, term+": nobody says it any more")
			}
		}
		for _, f := range faults {
			found = append(found, fmt.Sprintf("%d: %s: %s", e.line, e.terms[0], f))
		}
	}
	return found
}

// rowFaults checks the cells of a row: term and meaning, and in tables of terms also
// norm, English, place and opposite.
func rowFaults(e entry, folders []string) []string {
	if len(e.cells) != 1 && len(e.cells) != 5 || strings.TrimSpace(e.cells[0]) == "" {
		return []string{"a row has a term and a meaning, and beside them either nothing or four cells"}
	}
	if len(e.cells) == 1 {
		return nil
	}
	var found []string
	for i, dir := range strings.Split(e.cells[3], "`") {
		there := func(f string) bool { return f == dir || strings.HasSuffix(f, "/"+dir) }
		if i%2 == 1 && !slices.ContainsFunc(folders, there) {
			found = append(found, "there is no package "+dir)
		}
	}
	return found
}

// plain is a text as names are written: small letters, no umlauts, no hyphens.
func plain(text string) string {
	return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "-", "", " ", "").Replace(strings.ToLower(text))
}

// looksGerman are endings that English does not have.
var looksGerman = regexp.MustCompile(`([^o]ung|keit|heit|schaft|ieren|lich|isch|preis|zahl|satz|tag)$`)

func englishFaults(g *glossary, list []string, used []spelled) []string {
	inUse := map[string]bool{}
	for _, s := range used {
		for _, w := range g.split(s.name) {
			inUse[w] = true
		}
	}
	var found []string
	for i, w := range list {
		switch {
		case i > 0 && list[i-1] >= w:
			found = append(found, w+" is out of order or stands there twice")
		case g.words[w]:
			found = append(found, w+" stands in the glossary already")
		case looksGerman.MatchString(w):
			found = append(found, w+" is German; explain it in the glossary")
		case !inUse[w]:
			found = append(found, w+" is used nowhere any more")
		}
	}
	return found
}

// folders are all packages.
func folders(t *testing.T) []string {
	t.Helper()
	all, err := tree()
	if err != nil {
		t.Error(err)
	}
	dirs := map[string]bool{}
	for _, s := range all {
		dirs[s.dir()] = true
	}
	return sorted(dirs)
}

// everything is what the program says, in code, pages, texts, law and manual.
func everything(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, suffix := range []string{".go", ".html", ".toml", ".recht", ".md"} {
		err := walk(suffix, func(name string, text []byte) error {
			if !isTest(name) && (suffix != ".md" || strings.HasPrefix(name, "docs/")) {
				b.WriteString(plain(string(text)))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	return b.String()
}
