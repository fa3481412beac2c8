package werkstatt_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/einspielung"
)

// Killed as by a power cut, the pharmacy takes its build with it; the next start says so
// and leaves nothing of it.
func TestApothekeGetoetet(t *testing.T) {
	dir := t.TempDir()
	lieferung(t, dir, 20_000)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "apotheke", dir, "GES151126")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("baut\n"))); err != nil {
		t.Fatal(err)
	}
	kinder := kinderVon(t, cmd.Process.Pid)
	if len(kinder) != 1 {
		t.Fatalf("children: %v", kinder)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for limit := time.Now().Add(20 * time.Second); lebt(kinder[0]); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the build goes on without its pharmacy")
		}
	}
	s := service(dir)
	if l, ok := s.Stand(); !ok || l.Zustand != einspielung.Unterbrochen || !strings.Contains(l.Fehler, "A-745") {
		t.Errorf("%+v", l)
	}
	s.Erholen()
	if list := reste(t, dir); len(list) > 0 || len(kataloge(t, dir)) > 0 {
		t.Error(list)
	}
}

// Killed at any point, a list that is laid on a catalogue leaves only what the next build
// removes; the catalogue before goes on, and the list is read in as if nothing had been.
func TestListeGetoetet(t *testing.T) {
	dir := t.TempDir()
	e := &env.Env{Ctx: t.Context(), Stdout: io.Discard, Clock: clock.NewReal()}
	if err := (&katalogcmd.Muster{
		Ordner: katalogcmd.Ordner{Daten: dir}, Artikel: 20_000, Ab: "2026-11-15", Seed: 1,
	}).Run(e); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "fb.csv")
	if err := os.WriteFile(list, []byte("PZN;Festbetrag\n17023382;20,40\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	befehl := func() *exec.Cmd {
		return exec.Command(self, "catalogue", "import", list, "--vorlage", "festbetrag", "--kleiner", "--ab", "2026-11-20", "--daten", dir)
	}
	hit := 0
	for i := range 6 {
		cmd := befehl()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for limit := time.Now().Add(20 * time.Second); len(reste(t, dir)) == 0 && time.Now().Before(limit); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(i) * 60 * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if ids := kataloge(t, dir); len(ids) == 1 && strings.HasPrefix(ids[0], "2026-11-15") {
			hit++
		}
		if len(kataloge(t, dir)) > 1 {
			break // the kill came too late
		}
	}
	if hit == 0 {
		t.Error("no kill hit the build")
	}
	if out, err := befehl().CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if ids := kataloge(t, dir); len(reste(t, dir)) > 0 || len(ids) != 2 || !strings.HasPrefix(ids[0], "2026-11-20") {
		t.Errorf("%v %v", ids, reste(t, dir))
	}
	if err := (&katalogcmd.Verify{Ordner: katalogcmd.Ordner{Daten: dir}}).Run(e); err != nil {
		t.Error(err)
	}
}

// Ctrl-C at the terminal ends a build with a sentence and leaves nothing.
func TestStrgC(t *testing.T) {
	dir := t.TempDir()
	lieferung(t, dir, 20_000)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "catalogue", "import", filepath.Join(dir, "eingang", "GES151126"), "--daten", dir)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(20 * time.Second); len(reste(t, dir)) == 0 && time.Now().Before(limit); {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if cmd.ProcessState.ExitCode() != 3 || !strings.Contains(said.String(), "A-738") || strings.Contains(said.String(), "context") {
		t.Errorf("%d, %s", cmd.ProcessState.ExitCode(), &said)
	}
	if list := reste(t, dir); len(list) > 0 || len(kataloge(t, dir)) > 0 {
		t.Error(list)
	}
}

// A disk that is full while a delivery or its changes are built: said in a sentence, nothing
// is left, and the catalogue before goes on.
func TestPlatteVoll(t *testing.T) {
	dir := t.TempDir()
	katalog := filepath.Join(dir, "katalog")
	if err := os.Mkdir(katalog, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", katalog, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(katalog, syscall.MNT_DETACH) })
	lieferung(t, dir, 5000)
	s := service(dir)
	for i, c := range []struct {
		quelle, size string
		want         einspielung.Zustand
	}{
		{"GES151126", "size=1m", einspielung.Gescheitert},
		{"GES151126", "size=64m", einspielung.Fertig},
		{"UPD011226", "fill", einspielung.Gescheitert},
	} {
		if c.size == "fill" {
			fill(t, katalog)
		} else if err := syscall.Mount("tmpfs", katalog, "tmpfs", syscall.MS_REMOUNT, c.size); err != nil {
			t.Fatal(err)
		}
		if err := s.Starten(t.Context(), auftrag(fmt.Sprint(i)), einspielung.Auftrag{Quelle: c.quelle}); err != nil {
			t.Fatal(err)
		}
		l := ende(t, s)
		if l.Zustand != c.want || c.want == einspielung.Gescheitert && !strings.Contains(l.Fehler, "A-414") {
			t.Errorf("%s: %+v", c.quelle, l)
		}
		if list := reste(t, dir); len(list) > 0 {
			t.Errorf("%s: %v", c.quelle, list)
		}
	}
	if ids := kataloge(t, dir); len(ids) != 1 {
		t.Error(ids)
	}
}

// fill leaves a little room on a disk.
func fill(t *testing.T, dir string) {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "voll"), make([]byte, int64(st.Bavail)*st.Bsize-200<<10), 0o600); err != nil {
		t.Fatal(err)
	}
}

func kinderVon(t *testing.T, pid int) []int {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil || len(files) == 0 {
		t.Skip("this system does not name children")
	}
	var list []int
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for w := range bytes.FieldsSeq(b) {
			var n int
			if err := json.Unmarshal(w, &n); err != nil {
				t.Fatal(err)
			}
			list = append(list, n)
		}
	}
	return list
}

// lebt reports whether a process is there and no zombie.
func lebt(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !bytes.Contains(b, []byte(") Z "))
}
