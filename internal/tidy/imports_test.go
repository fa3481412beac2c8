package tidy_test

import (
	"slices"
	"strings"
	"testing"
)

// mayImport is the architecture. A part is a folder of the first level; it may
// import itself, internal/ and what is listed here.
var mayImport = map[string][]string{
	"domain":     {},
	"recht":      {"domain"},
	"journal":    {"domain"},
	"projection": {"domain", "journal"},
	"catalogue":  {"domain", "journal"},
	"workflow":   {"domain", "recht", "journal", "projection", "catalogue"},
	"integration": {
		"domain", // and never a sibling: see violations
	},
	"node":     {"domain", "journal", "catalogue"},
	"hub":      {"domain", "journal", "catalogue", "web"},
	"sqlite":   {"domain", "journal", "projection", "catalogue", "hub"},
	"postgres": {"domain", "journal", "projection", "catalogue", "hub"},
	"web":      {"domain", "workflow", "projection", "catalogue"},
	"app": {
		"domain", "recht", "journal", "projection", "catalogue", "workflow",
		"integration", "node", "hub", "sqlite", "postgres", "web",
	},
	"simulation": {
		"domain", "recht", "journal", "projection", "catalogue", "workflow",
		"integration", "node", "hub", "sqlite", "postgres", "web", "app",
	},
	"cmd": {"app", "simulation"},
}

// pureStd is what the standard library may give to the domain and to the law:
// nothing that reads a clock, a disk, a network or chance, and nothing that waits.
var pureStd = []string{
	"bufio", "bytes", "cmp", "encoding", "encoding/base64", "encoding/binary", "encoding/csv", "encoding/hex",
	"encoding/json", "encoding/xml", "errors", "fmt", "hash", "hash/crc32", "io", "iter", "maps", "math", "math/big",
	"math/bits", "regexp", "slices", "sort", "strconv", "strings", "sync", "text/tabwriter", "time", "unicode",
	"unicode/utf16", "unicode/utf8", "unique",
}

// lawStd is what recht needs beyond that: its rows are embedded, overlays are signed.
var lawStd = []string{"embed", "io/fs", "path", "crypto/ed25519", "crypto/sha256", "encoding/pem"}

func TestArchitecture(t *testing.T) {
	each(t, func(s *source) []string { return violations(s.path, s.test, imports(s)) })
}

// TestViolations shows that the rule book bites.
func TestViolations(t *testing.T) {
	for _, c := range []struct {
		file, imports string
		want          int
	}{
		{"domain/zuzahlung/x.go", mod + "domain/money", 0},
		{"domain/zuzahlung/x.go", mod + "journal", 1},
		{"domain/zuzahlung/x.go", mod + "recht", 1},
		{"domain/zuzahlung/x_test.go", mod + "recht", 0},
		{"domain/zuzahlung/x_test.go", mod + "sqlite", 1},
		{"domain/zuzahlung/x.go", "os", 1},
		{"domain/zuzahlung/x.go", "math/rand/v2", 1},
		{"domain/zuzahlung/x.go", "golang.org/x/text/unicode/norm", 1},
		{"domain/zuzahlung/x_test.go", "os", 0},
		{"domain/zuzahlung/x_test.go", "pgregory.net/rapid", 0},
		{"recht/x.go", "embed", 0},
		{"recht/x.go", "net/http", 1},
		{"journal/x.go", mod + "sqlite", 1},
		{"projection/bestand/x.go", mod + "journal/event", 0},
		{"projection/bestand/x.go", mod + "workflow", 1},
		{"workflow/verkauf/x.go", mod + "sqlite", 1},
		{"workflow/verkauf/x_test.go", mod + "sqlite", 0},
		{"integration/msv3/x.go", mod + "integration/tse", 1},
		{"integration/msv3/x.go", mod + "web", 1},
		{"integration/msv3/sim/x.go", mod + "integration/msv3", 0},
		{"hub/x.go", mod + "web/ui", 0},
		{"hub/x.go", mod + "web/verkauf", 1},
		{"web/verkauf/x.go", mod + "internal/clock", 0},
		{"web/verkauf/x.go", mod + "journal", 1},
		{"cmd/offizin/x.go", mod + "integration/msv3/sim", 1},
		{"app/x.go", mod + "simulation", 1},
		{"internal/clock/x.go", mod + "domain/civil", 0},
		{"internal/clock/x.go", mod + "journal", 1},
		{"surprise/x.go", mod + "domain", 2}, // unknown part, and it may import nothing yet
	} {
		got := violations(c.file, isTest(c.file), []string{c.imports, "fmt"})
		if len(got) != c.want {
			t.Errorf("%s importing %s: %q, want %d findings", c.file, c.imports, got, c.want)
		}
	}
}

// TestEveryPartHasItsFolder keeps the table from naming what nobody builds any more.
// The hub, node and PostgreSQL are part of the design and may come later.
func TestEveryPartHasItsFolder(t *testing.T) {
	all, err := tree()
	if err != nil {
		t.Error(err)
	}
	seen := map[string]bool{"node": true, "hub": true, "postgres": true, "simulation": true}
	for _, s := range all {
		seen[s.part()] = true
	}
	for _, part := range sorted(mayImport) {
		if !seen[part] {
			t.Errorf("%s: in the table of imports, but there is no such folder", part)
		}
	}
}

func imports(s *source) []string {
	var list []string
	for _, imp := range s.file.Imports {
		list = append(list, strings.Trim(imp.Path.Value, `"`))
	}
	return list
}

// violations lists what is wrong with the imports of one file.
func violations(file string, test bool, imports []string) []string {
	part := first(file)
	var found []string
	allowed, known := mayImport[part]
	if !known && part != "internal" {
		found = append(found, file+": new top-level part; add it to mayImport")
	}
	for _, imp := range imports {
		to, ours := strings.CutPrefix(imp, mod)
		switch {
		case !ours:
			if !test && !pure(part, imp) {
				found = append(found, file+": "+part+" must not import "+imp)
			}
		case test && part != "domain":
			// Tests build a pharmacy from whatever they need; those of the domain stay
			// inside it, so that nobody can blur its border from behind.
		case !may(file, to, test, allowed):
			found = append(found, file+": must not import "+to)
		}
	}
	return found
}

// may reports whether a file may import a package of ours.
func may(file, to string, test bool, allowed []string) bool {
	part, target := first(file), first(to)
	switch {
	case part == "internal":
		return target == "internal" || target == "domain"
	case part == "integration" && target == "integration":
		return protocol(file) == protocol(to)
	case part == "hub" && target == "web":
		return to == "web/ui"
	case test && target == "recht":
		return true // law cases read today's law
	}
	return target == part || target == "internal" || slices.Contains(allowed, target)
}

// pure reports whether a part may import a package that is not ours. Only domain and
// recht are held to a list; what else may use which module is in dependencies_test.go.
func pure(part, imp string) bool {
	switch part {
	case "domain":
		return slices.Contains(pureStd, imp)
	case "recht":
		return slices.Contains(pureStd, imp) || slices.Contains(lawStd, imp)
	}
	return true
}

// protocol is the adapter's folder: integration/msv3/sim belongs to msv3.
func protocol(p string) string { return strings.Split(p, "/")[1] }
