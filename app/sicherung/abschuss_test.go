package sicherung_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// opfer is the folder in which a copy of this test sells and makes backups until it is
// killed; the other folder is where to.
const opfer, opferZiel = "OFFIZIN_SICHERUNG_OPFER", "OFFIZIN_SICHERUNG_ZIEL"

func TestMain(m *testing.M) {
	if dir := os.Getenv(opfer); dir != "" {
		fmt.Println(sicherOhneEnde(dir, os.Getenv(opferZiel)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func sicherOhneEnde(dir, to string) error {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		return err
	}
	s := sicherung.New(sicherung.Options{Daten: dir, Clock: clock.NewReal(), Projections: alle.Projections()})
	go func() {
		for i := 0; ; i++ {
			if err := verkauft(ctx, store, fmt.Sprintf("o%d-%d", os.Getpid(), i), 1); err != nil {
				panic(err)
			}
		}
	}()
	fmt.Println("bereit")
	for err == nil {
		_, err = s.Erstellen(ctx, to, nil)
	}
	return err
}

// A program that is killed in the middle of a backup leaves no file that looks like one and
// is half; the next backup goes on and clears what was left.
func TestKilledWhileSaving(t *testing.T) {
	h := open(t)
	for i := range 3 { // what does not compress: the stream takes its time
		noise := make([]byte, 4<<20)
		for j := range noise {
			noise[j] = byte(rand.Uint32())
		}
		name := filepath.Join(h.dir, "recht", fmt.Sprintf("%d.bin", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, noise, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	torn := 0
	for range 8 {
		toete(t, h.dir, h.ziel, time.Duration(20+rand.IntN(400))*time.Millisecond)
		if half, _ := filepath.Glob(filepath.Join(h.ziel, ".offizin-*")); len(half) > 0 {
			torn++
		}
		whole, _ := filepath.Glob(filepath.Join(h.ziel, "offizin-*.tar.gz.age"))
		for _, name := range whole {
			if b, err := sicherung.Wiederherstellen(t.Context(), h.auftrag(name)); err != nil || b.Dateien < 4 {
				t.Errorf("%s: %v", filepath.Base(name), err)
			}
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d of 8 kills came while a backup was written", torn)
	h.store = store(t, h.dir)
	h.sichere()
	if half, _ := filepath.Glob(filepath.Join(h.ziel, ".offizin-*")); len(half) != 0 {
		t.Errorf("left behind: %v", half)
	}
	if left, _ := filepath.Glob(filepath.Join(h.dir, sicherung.Dir, "*.tmp")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// toete starts the copy of this test and kills it so long after it is ready.
func toete(t *testing.T, dir, to string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), opfer+"="+dir, opferZiel+"="+to)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	ready := make([]byte, 7)
	if _, err := out.Read(ready); err != nil || !strings.HasPrefix(string(ready), "bereit") {
		t.Errorf("%q, %v", ready, err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}
