package notfall_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/integration/notfallmappe/mappetest"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// opferEnv names the folder of a program that makes Mappen until it is killed.
const opferEnv = "OFFIZIN_OPFER"

// TestOpfer is that program: it makes one Mappe after the other, each of a day of its own,
// and copies it. On its own it does nothing.
func TestOpfer(t *testing.T) {
	stick := os.Getenv(opferEnv)
	if stick == "" {
		t.Skip("runs only to be killed")
	}
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	var list []artikel.Artikel
	for i := range 300 { // a Mappe of several pages takes a while to write
		list = append(list, workflowtest.Rx(pzn(i), fmt.Sprintf("Artikel %03d", i), "x", 100, 2000))
	}
	h.baue(20261116, list...)
	h.must(h.Dienste.Haus.Setzen(t.Context(), h.act(), haus.Einstellungen{Name: "Demo", NotfallStick: stick}))
	for {
		h.schritt(true)
		h.uhr.Advance(24 * time.Hour)
		h.schritt(true)
	}
}

func pzn(i int) kennung.PZN {
	for n := 1_000_000 + i*10; ; n++ {
		if _, ok := kennung.PZNCheck(fmt.Sprintf("%07d", n)); ok {
			return workflowtest.PZN(fmt.Sprintf("%07d", n))
		}
	}
}

// Killed at any moment, every Mappe that is there is whole, on the stick too; what a kill
// left half written has another name and is gone after the next one.
func TestAbschuss(t *testing.T) {
	if testing.Short() {
		t.Skip("kills programs for some seconds")
	}
	stick := t.TempDir()
	kleinePlatte(t, stick, "8m")
	half := 0
	for n := range 15 {
		dir := toete(t, stick, time.Duration(n*7%60)*time.Millisecond)
		folder := filepath.Join(dir, notfall.Dir)
		mappen, _ := filepath.Glob(filepath.Join(folder, "*.pdf"))
		if len(mappen) > 8 { // one was written, the oldest not removed yet
			t.Errorf("%d Mappen", len(mappen))
		}
		if copied := filepath.Join(stick, notfall.StickName); exists(copied) {
			mappen = append(mappen, copied)
		}
		for _, name := range mappen {
			ganz(t, name)
		}
		for _, d := range []string{folder, stick} {
			left, _ := filepath.Glob(filepath.Join(d, ".*"))
			half += len(left)
		}
		_ = os.RemoveAll(dir)
	}
	t.Logf("%d files were half written", half)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// ganz checks that a Mappe has its end, and every page that its first one promises.
func ganz(t *testing.T, name string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil || !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(b), []byte("%%EOF")) {
		t.Errorf("%s is not whole: %d bytes, %v", filepath.Base(name), len(b), err)
		return
	}
	pages, err := mappetest.Seiten(b)
	if err != nil || !strings.Contains(pages[0], fmt.Sprintf("Seite 1 von %d\n", len(pages))) {
		t.Errorf("%s has %d pages, %v", filepath.Base(name), len(pages), err)
	}
}

// toete starts the program, kills it after a while of making Mappen, and returns its folder.
func toete(t *testing.T, stick string, after time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	dir := t.TempDir()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestOpfer$", "-test.timeout=30s")
	cmd.Env = append(os.Environ(), opferEnv+"="+stick, "TMPDIR="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var folder string
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for folder == "" && ctx.Err() == nil {
		<-tick.C
		if list, _ := filepath.Glob(filepath.Join(dir, "TestOpfer*", "*", notfall.Dir, "*.pdf")); len(list) > 0 {
			folder = filepath.Dir(filepath.Dir(list[0]))
		}
	}
	time.Sleep(after) // a kill comes at any moment
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if folder == "" {
		t.Fatal("it made no Mappe")
	}
	return folder
}
