package tidy_test

import (
	"bytes"
	"go/ast"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is a dependency we chose: why, and which parts of the program use it. No
// part means that only tests do.
type module struct {
	why   string
	parts []string
}

// chosen are the direct dependencies. A new one needs a line here and one in
// docs/adr/0007-dependencies.md: why, licence, last release.
var chosen = map[string]module{
	"github.com/ncruces/go-sqlite3":   {"the store: SQLite without cgo, its VFS in Go", []string{"sqlite", "simulation"}},
	"github.com/alecthomas/kong":      {"the command line", []string{"app"}},
	"golang.org/x/crypto":             {"XChaCha20-Poly1305 for personal data, Argon2id for codes", []string{"sqlite", "journal", "internal", "app", "node"}},
	"golang.org/x/text":               {"encodings and folding of what comes from outside", []string{"integration", "catalogue", "app", "web", "sqlite"}},
	"filippo.io/age":                  {"backups that anybody with the key can open", []string{"app"}},
	"github.com/hashicorp/mdns":       {"a new machine finds the pharmacy in its network", []string{"app"}},
	"codeberg.org/go-pdf/fpdf":        {"receipts and Muster 16 as PDF", []string{"web", "integration", "app"}},
	"github.com/boombuler/barcode":    {"the QR codes that pair a phone and stand on receipts", []string{"web", "internal"}},
	"go.bug.st/serial":                {"receipt printers on a serial port", []string{"integration"}},
	"golang.org/x/sys":                {"the key store of Windows (DPAPI), reading a backup again from its medium", []string{"internal"}},
	"golang.org/x/image":              {"the font of the virtual receipt printer", []string{"integration"}},
	"github.com/makiuchi-d/gozxing":   {"reads QR codes from pictures in tests", nil},
	"github.com/google/go-cmp":        {"readable differences in tests", nil},
	"pgregory.net/rapid":              {"property tests", nil},
	"github.com/rogpeppe/go-internal": {"the binary tested from outside (testscript)", nil},
	"github.com/chromedp/chromedp":    {"browser tests with Debian's Chromium", nil},
	"github.com/chromedp/cdproto":     {"the protocol chromedp speaks", nil},
}

// transitive are modules that a chosen one needs.
var transitive = map[string]string{
	"github.com/go-json-experiment/json": "chromedp",
	"github.com/chromedp/sysutil":        "chromedp",
	"github.com/miekg/dns":               "mdns: packets of DNS",
	"golang.org/x/mod":                   "mdns",
	"golang.org/x/net":                   "mdns: multicast",
	"golang.org/x/sync":                  "mdns",
	"github.com/gobwas/httphead":         "chromedp",
	"github.com/gobwas/pool":             "chromedp",
	"github.com/gobwas/ws":               "chromedp",
	"github.com/ncruces/go-sqlite3-wasm": "go-sqlite3: SQLite itself, translated",
	"github.com/ncruces/julianday":       "go-sqlite3",
	"filippo.io/hpke":                    "age",
	"golang.org/x/tools":                 "go-internal",
	"golang.org/x/xerrors":               "gozxing",
	"lukechampine.com/adiantum":          "go-sqlite3: encryption at rest",
}

// TestDependencies holds go.mod to the list of what we chose, and every import to
// the parts that may know the module: only sqlite speaks SQLite, only app kong.
func TestDependencies(t *testing.T) {
	text, err := os.ReadFile(root + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := requirements(string(text))
	for _, m := range required {
		if _, ok := chosen[m]; !ok && transitive[m] == "" {
			t.Errorf("go.mod: %s is not on the list of dependencies; it needs a reason, here and in docs/adr/0007", m)
		}
	}
	adr, err := os.ReadFile(root + "/docs/adr/0007-dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range sorted(chosen) {
		if slices.Contains(required, m) && !bytes.Contains(adr, []byte(m)) {
			t.Errorf("docs/adr/0007-dependencies.md does not explain %s", m)
		}
	}
	each(t, foreign)
}

// TestDirectDependencies counts what product code imports: each is a promise to keep
// up with somebody else's releases.
func TestDirectDependencies(t *testing.T) {
	direct := map[string]bool{}
	each(t, func(s *source) []string {
		if !s.test {
			for _, imp := range imports(s) {
				if m := moduleOf(imp); m != "" {
					direct[m] = true
				}
			}
		}
		return nil
	})
	if len(direct) > 15 {
		t.Errorf("%d direct dependencies, at most 15: %v", len(direct), sorted(direct))
	}
}

func TestForeignBites(t *testing.T) {
	bites(t, foreign, "web/x.go", "package x\nimport _ \"github.com/ncruces/go-sqlite3\"", 1)
	bites(t, foreign, "web/x.go", "package x\nimport _ \"github.com/ncruces/go-sqlite3/driver\"", 1)
	bites(t, foreign, "sqlite/x.go", "package x\nimport _ \"github.com/ncruces/go-sqlite3/driver\"", 0)
	bites(t, foreign, "web/x.go", "package x\nimport _ \"github.com/google/go-cmp/cmp\"", 1)
	bites(t, foreign, "web/x_test.go", "package x\nimport _ \"github.com/google/go-cmp/cmp\"", 0)
	bites(t, foreign, "web/x_test.go", "package x\nimport _ \"github.com/stretchr/testify\"", 1)
	bites(t, foreign, "web/x.go", "package x\nimport _ \"net/http\"", 0)
	bites(t, foreign, "web/x.go", "package x\nimport _ \"C\"", 1)
}

// foreign finds imports of modules in places that should not know them.
func foreign(s *source) []string {
	var found []string
	for _, spec := range s.file.Imports {
		imp := strings.Trim(spec.Path.Value, `"`)
		if imp == "C" {
			found = append(found, s.at(spec.Pos(), "cgo: the program is built without a C compiler"))
		}
		host, _, _ := strings.Cut(imp, "/")
		if !strings.Contains(host, ".") || strings.HasPrefix(imp+"/", mod) {
			continue
		}
		m := moduleOf(imp)
		switch {
		case m == "":
			found = append(found, s.at(spec.Pos(), "%s is not on the list of dependencies", imp))
		case !s.test && !slices.Contains(chosen[m].parts, s.part()):
			found = append(found, s.at(spec.Pos(), "%s must not use %s (%s)", s.part(), m, chosen[m].why))
		}
	}
	return found
}

// moduleOf returns the chosen module that holds a package, or "".
func moduleOf(imp string) string {
	for m := range chosen {
		if imp == m || strings.HasPrefix(imp, m+"/") {
			return m
		}
	}
	return ""
}

// requirements lists the modules that a go.mod requires, without major versions.
func requirements(gomod string) []string {
	var list []string
	in := false
	for line := range strings.Lines(gomod) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case f[0] == "require" && len(f) > 1 && f[1] == "(":
			in = true
		case f[0] == ")":
			in = false
		case f[0] == "require":
			list = append(list, withoutMajor(f[1]))
		case in && !strings.HasPrefix(f[0], "//"):
			list = append(list, withoutMajor(f[0]))
		}
	}
	return list
}

func withoutMajor(m string) string {
	if i := strings.LastIndex(m, "/v"); i > 0 && strings.Trim(m[i+2:], "0123456789") == "" {
		return m[:i]
	}
	return m
}

// TestProductHasNoTestCode makes sure that what is linked into the binary needs
// neither a browser nor a testing package.
func TestProductHasNoTestCode(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "./cmd/offizin")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list what is linked: %v", err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		if pkg == "testing" || strings.HasPrefix(pkg, "github.com/chromedp/") || strings.HasPrefix(pkg, "pgregory.net/") {
			t.Errorf("%s is linked into the program", pkg)
		}
	}
}

// TestGeneratedFilesSayHow: who finds a mistake in one must know what to run.
func TestGeneratedFilesSayHow(t *testing.T) {
	each(t, func(s *source) []string {
		if ast.IsGenerated(s.file) && !bytes.Contains(s.text[:min(len(s.text), 400)], []byte("go generate")) {
			return []string{s.path + ": a generated file names the command that makes it again (go generate …)"}
		}
		return nil
	})
}
