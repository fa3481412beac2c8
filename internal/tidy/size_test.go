package tidy_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
	"testing"
	"unicode/utf8"
)

// The hard limits. Tests are exempt; a table is data, not code, and does not count.
const (
	maxFunc    = 70
	maxFile    = 600
	maxPackage = 2500
	maxLine    = 120
	tableLines = 25 // a composite literal longer than this is a table
)

func TestSizes(t *testing.T) { each(t, tooLong) }

func TestSizesBite(t *testing.T) {
	body := func(n int) string { return strings.Repeat("\tx++\n", n) }
	rows := func(n int) string { return "var t = []int{\n" + strings.Repeat("\t1,\n", n) + "}\n" }
	for text, n := range map[string]int{
		"func f() {\n" + body(68) + "}\n":                 0,
		"func f() {\n" + body(69) + "}\n":                 1,
		"func f() {\n" + rows(200) + "}\n":                0,
		strings.Repeat("func f() {\n"+body(60)+"}\n", 9):  0,
		strings.Repeat("func f() {\n"+body(60)+"}\n", 10): 1,
		rows(2000):                                   0,
		"// " + strings.Repeat("ä", 117):             0,
		"// " + strings.Repeat("ä", 118):             1,
		"var x = `" + strings.Repeat("a", 200) + "`": 1,
	} {
		bites(t, tooLong, "web/x.go", "package x\n"+text, n)
		bites(t, tooLong, "web/x_test.go", "package x\n"+text, 0)
	}
}

// tooLong finds functions, files and lines above the limits.
func tooLong(s *source) []string {
	if s.test || ast.IsGenerated(s.file) {
		return nil
	}
	var found []string
	for i, line := range strings.Split(string(s.text), "\n") {
		if n := utf8.RuneCountInString(line); n > maxLine {
			found = append(found, fmt.Sprintf("%s:%d: %d characters in a line, at most %d", s.path, i+1, n, maxLine))
		}
	}
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			if n := s.lines(f) - tables(s, f); n > maxFunc {
				found = append(found, s.at(f.Pos(), "%s has %d lines, at most %d", f.Name.Name, n, maxFunc))
			}
		}
	}
	if n := codeLines(s); n > maxFile {
		found = append(found, fmt.Sprintf("%s: %d lines of code, at most %d", s.path, n, maxFile))
	}
	return found
}

// codeLines counts the lines of a file that are neither blank nor comment nor table.
func codeLines(s *source) int {
	n := 0
	for line := range strings.Lines(string(s.text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			n++
		}
	}
	return n - tables(s, s.file)
}

// tables counts the lines below n that lie in a composite literal which is a table.
func tables(s *source, n ast.Node) int {
	sum := 0
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && s.lines(lit) > tableLines {
			sum += s.lines(lit)
			return false
		}
		return true
	})
	return sum
}

func TestPackageSizes(t *testing.T) {
	all, err := tree()
	if err != nil {
		t.Error(err)
	}
	sizes := map[string]int{}
	for _, s := range all {
		if !s.test && !ast.IsGenerated(s.file) {
			sizes[s.dir()] += codeLines(s)
		}
	}
	for _, dir := range sorted(sizes) {
		if sizes[dir] > maxPackage {
			t.Errorf("%s: %d lines of code, at most %d; give its parts folders of their own", dir, sizes[dir], maxPackage)
		}
	}
}

func TestEverythingExportedIsExplained(t *testing.T) { each(t, unexplained) }

func TestUnexplainedBites(t *testing.T) {
	for text, n := range map[string]int{
		"func F() {}":                                             1,
		"// F does.\nfunc F() {}":                                 0,
		"func f() {}":                                             0,
		"type T int\nfunc (T) M() {}":                             2,
		"type t int\nfunc (t) M() {}":                             0,
		"// The kinds.\nconst (\n\tA = 1\n\tB = 2\n)":             0,
		"const (\n\tA = 1\n\tB = 2 // two\n)":                     1,
		"var A, B int":                                            1,
		"// T is.\ntype T struct{}\nfunc (*T) m() {}\n":           0,
		"// T is.\ntype T[A any] struct{}\nfunc (*T[A]) M() {}\n": 1,
	} {
		bites(t, unexplained, "web/x.go", "package x\n"+text, n)
	}
}

// unexplained finds exported names without a comment. Fields may go without one
// where their name says it all; a reviewer decides.
func unexplained(s *source) []string {
	if s.test || s.file.Name.Name == "main" || ast.IsGenerated(s.file) {
		return nil
	}
	var found []string
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && receiverExported(d) {
				found = append(found, s.at(d.Pos(), "%s is exported and has no comment", d.Name.Name))
			}
		case *ast.GenDecl:
			found = append(found, unexplainedIn(s, d)...)
		}
	}
	return found
}

func unexplainedIn(s *source, d *ast.GenDecl) []string {
	if d.Tok == token.IMPORT || d.Doc != nil {
		return nil
	}
	var found []string
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && spec.Doc == nil {
				found = append(found, s.at(spec.Pos(), "%s is exported and has no comment", spec.Name.Name))
			}
		case *ast.ValueSpec:
			if spec.Names[0].IsExported() && spec.Doc == nil && spec.Comment == nil {
				found = append(found, s.at(spec.Pos(), "%s is exported and has no comment", spec.Names[0].Name))
			}
		}
	}
	return found
}

// receiverExported reports whether a function is reachable from outside: it has no
// receiver or one of an exported type.
func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	name := ""
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return ast.IsExported(name)
}

func TestEveryPackageIsIntroduced(t *testing.T) {
	all, err := tree()
	if err != nil {
		t.Error(err)
	}
	introduced := map[string]int{}
	for _, s := range all {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		introduced[s.dir()] += 0
		if s.file.Doc == nil {
			continue
		}
		introduced[s.dir()]++
		want := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			want = "Command "
		}
		if !strings.HasPrefix(s.file.Doc.Text(), want) {
			t.Errorf("%s: the package comment begins %q, want %q", s.path, firstLine(s.file.Doc.Text()), want)
		}
	}
	for _, dir := range sorted(introduced) {
		if introduced[dir] != 1 {
			t.Errorf("%s: %d package comments, want 1", dir, introduced[dir])
		}
	}
}

func firstLine(s string) string { line, _, _ := strings.Cut(s, "\n"); return line }
