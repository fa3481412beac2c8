package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expected output of the scripts anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"offizin": main})
}

// TestScripts runs the program from outside, as a person at a terminal would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "../../testdata/script",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("REFERENZ", os.Getenv("OFFIZIN_REFERENZ"))
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, ".state")) // nothing of a test stays with who runs it
			e.Setenv("LOCALAPPDATA", filepath.Join(e.WorkDir, ".state"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			return cond == "referenz" && os.Getenv("OFFIZIN_REFERENZ") != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"apotheke": (&betrieb{}).apotheke, "endet": endet, "setze": setze, "kippe": kippe, "kuerze": kuerze, "merke": merke,
		},
	})
}
