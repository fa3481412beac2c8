package generation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/sqlite/generation"
)

// On a disk without room, wherever it ends, a build says so and leaves nothing but its
// lock; with room it succeeds. On one that may only be read it says that.
func TestBauOhnePlatz(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	folder, refused := filepath.Join(dir, "katalog"), 0
	for kb := 4; ; kb += 36 {
		remount(t, dir, 0, fmt.Sprintf("size=%dk", kb))
		_, err := baue(t, folder)
		if err == nil {
			break
		}
		refused++
		if code(err) != "A-414" {
			t.Errorf("%d kB: %v", kb, err)
		}
		if left, _ := os.ReadDir(folder); len(left) > 1 {
			t.Errorf("%d kB: left behind: %v", kb, left)
		}
	}
	if refused < 5 {
		t.Errorf("refused %d times", refused)
	}
	remount(t, dir, syscall.MS_RDONLY, "size=4m")
	if _, err := baue(t, folder); code(err) != "A-474" {
		t.Error(err)
	}
}

func baue(t *testing.T, dir string) (catalogue.Manifest, error) {
	t.Helper()
	return generation.Build(
		t.Context(), dir, catalogue.Manifest{GueltigAb: 20261101}, muster.Quelle(muster.Options{Seed: 1, Artikel: 300}), nil)
}

func remount(t *testing.T, dir string, flags uintptr, size string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, size); err != nil {
		t.Fatal(err)
	}
}
