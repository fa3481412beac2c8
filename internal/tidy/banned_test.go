package tidy_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exactParts compute money, law and history: no floating point there.
var exactParts = []string{"domain", "recht", "journal", "projection", "catalogue", "workflow", "sqlite"}

// clockNames are the functions of package time that read a clock or wait for one.
var clockNames = map[string]string{
	"Now": "take an internal/clock.Clock", "Since": "use Clock.Mono", "Until": "use Clock.Mono",
	"Sleep": "wait for a channel or a clock", "After": "use a context with a deadline",
	"Tick": "it can never be stopped; use time.NewTicker", "Local": "civil time is internal/clock.Berlin",
	"LoadLocation": "the zone file of the machine is not ours; use internal/clock.Berlin",
}

func TestNoOtherClock(t *testing.T) { each(t, otherClock) }

func TestOtherClockBites(t *testing.T) {
	const head = "package x\nimport \"time\"\n"
	for text, n := range map[string]int{
		"var _ = time.Now()":                              1,
		"var _ = time.Since(a)":                           1,
		"var _ = time.UTC":                                0,
		"var _ = a.Local()":                               1,
		"var _ = a.In(time.Local)":                        1,
		"var _ = a.Truncate(24 * time.Hour)":              1,
		"var _ = a.Add(-24 * time.Hour)":                  1,
		"var _ = a.Add(time.Hour * 24 * 7)":               1,
		"var _ = a.Add(24 * time.Minute)":                 0,
		"var _ = time.Unix(0, n)":                         1,
		"var _ = time.Unix(0, n).UTC()":                   0,
		"var _ = time.Unix(0, n).In(clock.Berlin())":      0,
		"var _ = time.NewTicker(time.Second)":             0,
		"func f() { select { case <-time.After(1): } }":   1,
		"func f(now func() time.Time) { g(time.Now) }":    1,
		"type t struct{}; func (t) Local() bool; var _ t": 0,
		"var _, _ = time.LoadLocation(\"Europe/Berlin\")": 1,
	} {
		bites(t, otherClock, "workflow/x.go", head+text, n)
		bites(t, otherClock, "internal/clock/x.go", head+text, 0)
		bites(t, otherClock, "workflow/x_test.go", head+text, 0)
	}
	bites(t, otherClock, "web/x.go", "package x\nimport zeit \"time\"\nvar _ = zeit.Now()", 1)
}

// otherClock finds what reads the machine's time, depends on its zone, or takes a
// civil day for 24 hours.
func otherClock(s *source) []string {
	name := s.importName("time")
	if s.test || s.dir() == "internal/clock" || name == "" {
		return nil
	}
	var found []string
	anchored := map[ast.Node]bool{} // time.Unix calls that are moved out of the local zone
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = append(found, clockCall(s, n, name, anchored)...)
		case *ast.SelectorExpr:
			if why, ok := clockNames[n.Sel.Name]; ok && isIdent(n.X, name) {
				found = append(found, s.at(n.Pos(), "time.%s: %s", n.Sel.Name, why))
			}
		}
		return true
	})
	return found
}

func clockCall(s *source, call *ast.CallExpr, name string, anchored map[ast.Node]bool) []string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if inner, ok := sel.X.(*ast.CallExpr); ok && (sel.Sel.Name == "UTC" || sel.Sel.Name == "In") {
		anchored[inner] = true
	}
	switch {
	case isIdent(sel.X, name) && strings.HasPrefix(sel.Sel.Name, "Unix") && !anchored[call]:
		return []string{s.at(call.Pos(), "time.%s is in the machine's zone; say .UTC()", sel.Sel.Name)}
	case sel.Sel.Name == "Local" && len(call.Args) == 0:
		return []string{s.at(call.Pos(), ".Local() is the machine's zone; use internal/clock")}
	case slices.Contains([]string{"Add", "Truncate", "Round"}, sel.Sel.Name) && len(call.Args) == 1 &&
		isDay(call.Args[0], name):
		return []string{s.at(call.Pos(), "a civil day is not 24 hours; use domain/civil")}
	}
	return nil
}

// isDay reports whether an expression multiplies 24 by time.Hour.
func isDay(e ast.Expr, name string) bool {
	day, hour := false, false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			day = day || n.Value == "24"
		case *ast.SelectorExpr:
			hour = hour || isIdent(n.X, name) && n.Sel.Name == "Hour"
		}
		return true
	})
	return day && hour
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func TestNoFloats(t *testing.T) { each(t, floats) }

func TestFloatsBite(t *testing.T) {
	for text, n := range map[string]int{
		"var x float64":                       1,
		"func f(x []float32) int":             1,
		"var x = 1.5":                         1,
		"const x = 1_000_000":                 0,
		"var s = \"1.5\"":                     0,
		"var x, err = strconv.ParseFloat(s)":  1,
		"var c complex128":                    1,
		"// float64 is banned\nvar x = 0xE10": 0,
	} {
		bites(t, floats, "domain/preis/x.go", "package x\n"+text, n)
		bites(t, floats, "domain/preis/x_test.go", "package x\n"+text, 0)
		bites(t, floats, "web/x.go", "package x\n"+text, 0)
	}
}

// floats finds floating point where amounts, law and history are computed.
func floats(s *source) []string {
	if s.test || !slices.Contains(exactParts, s.part()) {
		return nil
	}
	var found []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if slices.Contains([]string{"float32", "float64", "complex64", "complex128", "ParseFloat"}, n.Name) {
				found = append(found, s.at(n.Pos(), "%s: amounts are integers", n.Name))
			}
		case *ast.BasicLit:
			if n.Kind == token.FLOAT {
				found = append(found, s.at(n.Pos(), "%s: amounts are integers", n.Value))
			}
		}
		return true
	})
	return found
}

func TestNothingHappensOnImport(t *testing.T) { each(t, initFuncs) }

func TestInitBites(t *testing.T) {
	bites(t, initFuncs, "web/x.go", "package x\nfunc init() {}", 1)
	bites(t, initFuncs, "web/x.go", "package x\nfunc (x) init() {}", 0)
}

// initFuncs finds functions that run on import: the order and contents of the
// program must be readable in the composition root.
func initFuncs(s *source) []string {
	var found []string
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
			found = append(found, s.at(f.Pos(), "init: nothing happens on import"))
		}
	}
	return found
}

// lawfulWords are compounds that the law itself defines and nobody can misread.
var lawfulWords = regexp.MustCompile(`(?i)kassenabschlag|kassenbeleg|kassenbuch|kassenmeldung|kassensturz|pflegekasse|kassenseriennummer|kassenaerztlich`)

func TestNoAmbiguousTill(t *testing.T) { each(t, ambiguousTill) }

func TestAmbiguousTillBites(t *testing.T) {
	bites(t, ambiguousTill, "web/x.go", "package kasse\nvar krankenkasse int\ntype Kasse struct{ KassenId int }", 4)
	bites(t, ambiguousTill, "web/x.go", "package x\nvar Kassenabschlag int // die Kasse\nvar s = \"Kasse\"", 0)
}

// ambiguousTill finds the word that means a till as well as an insurer.
func ambiguousTill(s *source) []string {
	var found []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok &&
			strings.Contains(strings.ToLower(lawfulWords.ReplaceAllString(id.Name, "")), "kasse") {
			found = append(found, s.at(id.Pos(), "%s: Kasse is a till or an insurer; say till, bon or Kostentraeger", id.Name))
		}
		return true
	})
	return found
}

// unfinished marks what its author meant to come back to. Written in pieces, or the
// rule would find itself.
var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b|not imple` + `mented|noch nicht imple` + `mentiert`)

func TestNothingUnfinished(t *testing.T) { each(t, unfinishedIn) }

func TestUnfinishedBites(t *testing.T) {
	bites(t, unfinishedIn, "web/x.go", "package x\n// TO"+"DO: later", 1)
	bites(t, unfinishedIn, "web/x.go", "package x\n// the methods to do", 0)
}

func unfinishedIn(s *source) []string {
	var found []string
	for i, line := range strings.Split(string(s.text), "\n") {
		if m := unfinished.FindString(line); m != "" {
			found = append(found, s.at(s.file.FileStart, "line %d says %q: finish it or leave it out", i+1, m))
		}
	}
	return found
}
