package tidy_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// mod is the module path with a trailing slash.
const mod = "github.com/offizin/offizin/"

// root is the top of the tree, seen from this package.
const root = "../.."

// source is one parsed Go file.
type source struct {
	path string // from the top, with slashes
	test bool   // a _test.go file, or of a package that only tests import
	fset *token.FileSet
	file *ast.File
	text []byte
}

func (s *source) dir() string  { return path.Dir(s.path) }
func (s *source) part() string { return first(s.path) }

// at formats a finding with its place.
func (s *source) at(p token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: ", s.path, s.fset.Position(p).Line) + fmt.Sprintf(format, args...)
}

// lines is the number of lines that a node covers.
func (s *source) lines(n ast.Node) int {
	return s.fset.Position(n.End()).Line - s.fset.Position(n.Pos()).Line + 1
}

// importName is the name under which the file knows a package, or "".
func (s *source) importName(pkg string) string {
	for _, imp := range s.file.Imports {
		if strings.Trim(imp.Path.Value, `"`) != pkg {
			continue
		}
		if imp.Name != nil {
			return imp.Name.Name
		}
		return path.Base(pkg)
	}
	return ""
}

// parse makes a source from a name and its text.
func parse(name, text string) (*source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &source{path: name, test: isTest(name), fset: fset, file: file, text: []byte(text)}, nil
}

// planted parses a snippet that breaks a rule.
func planted(t *testing.T, name, text string) *source {
	t.Helper()
	s, err := parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// isTest reports whether the file never reaches a pharmacy: tests, and the packages
// whose only callers are tests.
func isTest(name string) bool {
	return strings.HasSuffix(name, "_test.go") || strings.HasSuffix(path.Dir(name), "test")
}

// tree is every Go file of the module.
var tree = sync.OnceValues(func() ([]*source, error) {
	var all []*source
	err := walk(".go", func(name string, text []byte) error {
		s, err := parse(name, string(text))
		if err != nil {
			return err
		}
		all = append(all, s)
		return nil
	})
	return all, err
})

// walk calls f for each file of the tree whose name ends in suffix. Folders that
// hold no source (testdata, hidden ones, the tools' own module) are left out.
func walk(suffix string, f func(name string, text []byte) error) error {
	return filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if name != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || name == "tools") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, suffix) || !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return f(name, text)
	})
}

// each runs a rule over every file and reports what it finds.
func each(t *testing.T, rule func(*source) []string) {
	t.Helper()
	all, err := tree()
	if err != nil {
		t.Error(err)
	}
	for _, s := range all {
		for _, v := range rule(s) {
			t.Error(v)
		}
	}
}

// bites checks that a rule finds exactly n things in a planted file.
func bites(t *testing.T, rule func(*source) []string, name, text string, n int) {
	t.Helper()
	if got := rule(planted(t, name, text)); len(got) != n {
		t.Errorf("%s %q: found %q, want %d findings", name, text, got, n)
	}
}

// first is the part a path belongs to: its folder of the first level.
func first(p string) string { part, _, _ := strings.Cut(p, "/"); return part }

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
