package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
)

// betrieb holds the pharmacies that scripts have started.
type betrieb struct{ laufend sync.Map }

// apotheke is "apotheke start DIR", which starts a small demo pharmacy and returns when
// it answers, "apotheke verkaufe DIR KEY", which makes one sale, and "apotheke ende DIR".
func (b *betrieb) apotheke(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: apotheke start|verkaufe|ende DIR [KEY]")
	}
	dir := ts.MkAbs(args[1])
	if args[0] == "start" {
		binary := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "offizin")
		p, err := driver.Start(context.Background(), binary, "demo", "--daten", dir, "--artikel", "100")
		ts.Check(err)
		ts.Defer(p.Kill)
		b.laufend.Store(dir, p)
		return
	}
	v, _ := b.laufend.Load(dir)
	p, ok := v.(*driver.Process)
	if !ok {
		ts.Fatalf("no pharmacy runs on %s", args[1])
	}
	if args[0] == "ende" {
		p.Stop()
		return
	}
	verkaufe(ts, driver.New(p.URL, "AB"), args[2])
}

func verkaufe(ts *testscript.TestScript, c *driver.Client, key string) {
	a, err := c.Scan(context.Background(), key+"-1", "", string(muster.OTCSchmerzmittel.PZN()))
	ts.Check(err)
	_, err = c.Bezahlen(context.Background(), key+"-2", a.Vorgang, a.Patient)
	ts.Check(err)
}

// endet is "endet CODE PROGRAM ARGS…": the program ends with exactly that exit code.
func endet(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: endet CODE PROGRAM ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		got = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("ended with %d, not %d", got, want)
	}
}

// setze is "setze FILE OFFSET HEX": writes bytes into a file.
func setze(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: setze FILE OFFSET HEX")
	}
	offset, err := strconv.Atoi(args[1])
	ts.Check(err)
	b, err := hex.DecodeString(args[2])
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteAt(b, int64(offset))
	ts.Check(errors.Join(err, f.Close()))
}

// kippe is "kippe FILE TEXT": turns one bit over wherever the text stands in a file.
func kippe(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: kippe FILE TEXT")
	}
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	damaged := []byte(args[1])
	damaged[len(damaged)-1] ^= 1
	if !bytes.Contains(b, []byte(args[1])) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.ReplaceAll(b, []byte(args[1]), damaged), 0o600))
}

// merke is "merke NAME REGEXP": keeps what the program just printed as a variable.
func merke(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: merke NAME REGEXP")
	}
	found := regexp.MustCompile(args[1]).FindString(ts.ReadFile("stdout"))
	if found == "" {
		ts.Fatalf("nothing printed matches %s", args[1])
	}
	ts.Setenv(args[0], found)
}

// kuerze is "kuerze FILE": cuts a file off in the middle.
func kuerze(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: kuerze FILE")
	}
	fi, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), fi.Size()/2))
}
