package katalogcmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/offizin/offizin/app/katalogcmd"
)

// On a disk without room, wherever it ends, reading a delivery or its changes in says so
// once, leaves the old generation as it was and nothing beside it; with room it succeeds.
func TestEinspielenOhnePlatz(t *testing.T) {
	s := vorlage(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	from := s.o.Daten
	s.o.Daten = filepath.Join(disk, "daten")
	if err := os.CopyFS(s.o.Daten, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{s.upd, s.ges} {
		refused := 0
		for kb := belegt(t, disk) + 8; ; kb += 150 {
			if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%dk", kb)); err != nil {
				t.Fatal(err)
			}
			out, err := s.einspielen(folder)
			if err == nil {
				break
			}
			if refused++; strings.Count(out+err.Error(), "A-414") != 1 {
				t.Errorf("%d kB: %v\n%s", kb, err, out)
			}
			s.unberuehrt(fmt.Sprintf("%s, %d kB", filepath.Base(folder), kb))
			if t.Failed() {
				return
			}
		}
		if refused < 3 {
			t.Errorf("refused %d times", refused)
		}
		for _, id := range ids(t, s.o.Daten) {
			if id != s.alt {
				if _, err := run(&katalogcmd.Remove{Ordner: s.o, ID: id}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// belegt is how many kB of a disk are used.
func belegt(t *testing.T, dir string) int {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	return int((st.Blocks - st.Bfree) * uint64(st.Bsize) / 1024)
}
