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

	"filippo.io/age"

	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// opfer is the folder in which a copy of this test sells and makes backups until it is
// killed; the other folder is where to.
const opfer, opferZiel = "OFFIZIN_SICHERUNG_OPFER", "OFFIZIN_SICHERUNG_ZIEL"

// opferVon is the backup that a copy of this test restores again and again until it is killed.
const opferVon = "OFFIZIN_SICHERUNG_VON"

func TestMain(m *testing.M) {
	if from := os.Getenv(opferVon); from != "" {
		fmt.Println(stelltWiederHer(from, os.Getenv(opfer), os.Getenv(opferZiel)))
		os.Exit(1)
	}
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

func stelltWiederHer(from, dir, to string) error {
	id, err := sicherung.LiesApotheke(filepath.Join(dir, sicherung.Dir, "apotheke.key"))
	fmt.Println("bereit")
	for i := 0; err == nil; i++ {
		_, err = sicherung.Wiederherstellen(context.Background(), sicherung.Auftrag{
			Von: from, Nach: filepath.Join(to, fmt.Sprint(i)), Mit: []age.Identity{id}, Clock: clock.NewReal(),
			Projections: alle.Projections(),
		})
	}
	return err
}

// A restore that is killed at any moment leaves a whole pharmacy under the name that was asked for, or
// nothing; the next one goes on where nothing is, and clears what was left.
func TestKilledWhileRestoring(t *testing.T) {
	h := open(t)
	for i := range 300 {
		if err := verkauft(t.Context(), h.store, fmt.Sprint("v", i), 1); err != nil {
			t.Fatal(err)
		}
	}
	geraeusch(t, filepath.Join(h.dir, "recht", "gross.bin"), 17<<20) // durable only while the rest is checked
	e := h.sichere()
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	whole, torn := 0, 0
	for range 5 {
		to := t.TempDir()
		toete(t, h.dir, to, time.Duration(20+rand.IntN(1500))*time.Millisecond, opferVon+"="+e.Datei)
		list, err := os.ReadDir(to)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			a := h.auftrag(e.Datei)
			var half bool
			if a.Nach, half = strings.CutSuffix(filepath.Join(to, d.Name()), ".wiederherstellung"); half {
				torn++
				if _, err := os.Stat(a.Nach); err == nil {
					continue // it was just being cleared
				}
				if _, err := sicherung.Wiederherstellen(t.Context(), a); err != nil {
					t.Errorf("once more: %v", err)
				}
				if _, err := os.Stat(a.Nach + ".wiederherstellung"); err == nil {
					t.Error("left behind")
				}
			}
			whole++
			ganz(t, a.Nach, e.Koepfe[0].Nr)
		}
	}
	t.Logf("%d whole, %d of them restored after a kill", whole, torn)
}

// ganz makes sure that a folder is the pharmacy that was saved, and goes on under another name.
func ganz(t *testing.T, dir string, records uint64) {
	t.Helper()
	b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil || len(b.Funde) > 0 || b.Saetze != int64(records) || len(b.Kopf) != 2 {
		t.Errorf("%v, %d records, %v %v", err, b.Saetze, b.Kopf, b.Funde)
	}
	for _, name := range []string{"knoten.key", filepath.Join("recht", "gross.bin")} {
		if fi, err := os.Stat(filepath.Join(dir, name)); err != nil || fi.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// geraeusch writes what does not compress: the stream takes its time.
func geraeusch(t *testing.T, name string, size int) {
	t.Helper()
	noise := make([]byte, size)
	for j := range noise {
		noise[j] = byte(rand.Uint32())
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, noise, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A program that is killed in the middle of a backup leaves no file that looks like one and
// is half; the next backup goes on and clears what was left.
func TestKilledWhileSaving(t *testing.T) {
	h := open(t)
	for i := range 3 {
		geraeusch(t, filepath.Join(h.dir, "recht", fmt.Sprintf("%d.bin", i)), 4<<20)
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
func toete(t *testing.T, dir, to string, after time.Duration, env ...string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), opfer+"="+dir, opferZiel+"="+to)
	cmd.Env = append(cmd.Env, env...)
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
