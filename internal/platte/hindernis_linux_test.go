package platte_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/offizin/offizin/internal/platte"
)

// A full disk and one that may only be read are told apart, and nothing is left behind.
func TestHindernis(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	if err := platte.Hindernis(dir); err != nil {
		t.Errorf("a disk with room: %v", err)
	}
	fill := filepath.Join(dir, "fremd.bin")
	if err := platte.WriteZeros(fill, 2<<20); err == nil {
		t.Fatal("2 MB on 1 MB")
	}
	if err := platte.Hindernis(dir); !errors.Is(err, platte.ErrVoll) {
		t.Errorf("a full disk: %v", err)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=1m"); err != nil {
		t.Fatal(err)
	}
	if err := platte.Hindernis(dir); !errors.Is(err, platte.ErrNurLesen) {
		t.Errorf("a disk to read: %v", err)
	}
}
