//go:build unix

package dsfinvkcmd_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/integration/dsfinvk/muster"
	"github.com/offizin/offizin/internal/clock"
)

// alsProgramm makes the test binary the program: its arguments are those of offizin.
const alsProgramm = "OFFIZIN_TEST_ALS_PROGRAMM"

func TestMain(m *testing.M) {
	if os.Getenv(alsProgramm) != "" {
		os.Exit(app.Run(&env.Env{
			Ctx: context.Background(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Clock: clock.NewReal(),
		}, os.Args[1:]))
	}
	os.Exit(m.Run())
}

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// kill -9 in the middle of an export leaves no spool and no half export, at most the file that would
// have become the export; the next one removes it, and nothing that is not ours, new or held.
func TestGetoetet(t *testing.T) {
	q, err := muster.Tage()
	if err != nil {
		t.Fatal(err)
	}
	daten, ziel := journalled(t, q), t.TempDir()
	file := filepath.Join(ziel, "export.zip")
	args := []string{"dsfinvk", "export", "--daten", daten, "--von", "1.11.2026", "--bis", "30.11.2026", "--nach", file}
	var left []string
	for try := 0; len(left) == 0; try++ {
		if try == 40 {
			t.Skip("the program is always faster than we are")
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
		cmd.Env = append(os.Environ(), alsProgramm+"=1")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for cmd.ProcessState == nil && len(names(t, ziel)) == 0 {
			if syscall.Kill(cmd.Process.Pid, 0) != nil {
				break
			}
			time.Sleep(100 * time.Microsecond)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		for _, n := range names(t, ziel) {
			if !strings.HasPrefix(n, ".offizin-neu-") {
				_ = os.Remove(filepath.Join(ziel, n)) // it was faster
				continue
			}
			left = append(left, n)
		}
	}
	old := time.Unix(1, 0)
	for _, n := range append(left, ".offizin-neu-brief.tmp", "dsfinvk-brief.tmp", ".offizin-neu-1.tmp") {
		name := filepath.Join(ziel, n)
		if f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600); err != nil || f.Close() != nil || os.Chtimes(name, old, old) != nil {
			t.Fatal(n, err)
		}
	}
	held, err := os.Open(filepath.Join(ziel, ".offizin-neu-1.tmp"))
	if err != nil || syscall.Flock(int(held.Fd()), syscall.LOCK_EX) != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := os.WriteFile(filepath.Join(ziel, ".offizin-neu-2.tmp"), nil, 0o600); err != nil { // somebody has just begun
		t.Fatal(err)
	}
	if out, errs, code := offizin(t, args...); code != 0 {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	want := []string{".offizin-neu-1.tmp", ".offizin-neu-2.tmp", ".offizin-neu-brief.tmp", "dsfinvk-brief.tmp", "export.zip"}
	if got := names(t, ziel); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
